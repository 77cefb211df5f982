"""A desk that is simulated in milliseconds, and its record, for tests of recorded results."""

from __future__ import annotations

from pathlib import Path

from callsim.experiments.records import Record, new_record, record_path, record_text

__all__ = ["DESK", "desk", "recorded"]

DESK = """\
# a comment
name: A desk
run: {measure: 2h, replications: 4, seed: 3}
callers:
  everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}
queues:
  main: {handle_time: exponential mean 4m, target: {share: 80%, within: 20s}}
agents:
  team: {heads: 5, answers: [main]}
"""


def desk(folder: Path, text: str = DESK) -> Path:
    """Write the scenario and return its file."""
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def recorded(folder: Path, text: str = DESK, **settings: int) -> tuple[Path, Record]:
    """Write the scenario and its record; return the scenario's file and the record."""
    path = desk(folder, text)
    record = new_record(path, workers=1, **settings)
    record_path(path).write_text(record_text(record), encoding="utf-8")
    return path, record
