"""WHAT MAKES IT HAPPEN: the readable SimPy engine. An engine turns a plan, a seed and a replication into a run log."""
