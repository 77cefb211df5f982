"""WHAT USERS ASK: replicate, compare, check against theory; the choice of engine lives here.

`jobs` is one replication and how many of them travel over an executor, `replicate` brings them together
in order and decides how many are enough, `run` and `compare` are the questions, `findings` the answer.
"""
