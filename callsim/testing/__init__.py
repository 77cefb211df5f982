"""What other engines are held to: random scenarios over the whole language, and the SimPy engine as their reference.

`callsim.testing.conformance.examine` runs a batch (`callsim.testing.cases.batch`) and tells the first cell in which
an engine differs; `callsim.testing.reach` counts what the batch met, `callsim.testing.language` tells the keys that no
scenario writes; `callsim.testing.strategy.scenarios` gives the same scenarios to hypothesis;
`callsim.testing.mutations` plants errors that the suite must find.
``python -m callsim.testing`` runs it for as long as you like.
"""
