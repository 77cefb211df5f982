"""WHAT IS RUN: the resolved, read-only plan, the keyed draws and the duration tables that both engines share."""
