"""WHAT USERS WRITE: the scenario language, from YAML with line numbers to a plan."""
