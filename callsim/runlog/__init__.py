"""WHAT HAPPENED: the column declarations, the run log, its structural invariants, save and load."""
