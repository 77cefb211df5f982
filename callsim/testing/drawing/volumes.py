"""A random interval file: calls, mean handle times and staffed positions by the minute."""

from __future__ import annotations

from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["draw_volumes"]


def draw_volumes(sketch: Sketch) -> Mapping:
    """Draw the file; a queue that it counts and no stream asks for gets callers of its own."""
    c = sketch.choices
    every = c.pick((1, 2))
    pattern = [(c.whole(1, 4), c.whole(1, 4), c.whole(1, 3)) for _ in range(c.whole(2, 4))]
    lines = ["start,queue,calls,seconds,staffed"]
    for i, slot in enumerate(range(0, sketch.minutes, every)):
        calls, seconds, staffed = pattern[i % len(pattern)]
        line = f"{calls},{seconds * sketch.step},{staffed}"
        lines += [f"{sketch.instant(slot)},{name},{line}" for name in sketch.volumes]
    sketch.files["volumes.csv"] = "\n".join(lines) + "\n"
    columns = {"start": "start", "queue": "queue", "calls": "calls"}
    volumes: Mapping = {
        "file": "volumes.csv",
        "columns": {**columns, "handle_time_seconds": "seconds", "staffed": "staffed"},
        "reads": {"interval": f"{every}m", "missing_line": "zero"},
        "counts": "fresh demand",
    }
    if c.chance(30):
        volumes["day_factor"] = {"cv": "30%"}
    return volumes
