"""The hand-written models that callsim's engine is measured against."""
