"""The reference engine, written to be read: a caller is a process, and so are a source of calls, a shift and a door.

Start with `callsim.engines.simpy.caller`: a caller's life from his first call to the last.
"""

from callsim.engines.simpy.engine import run

__all__ = ["run"]
