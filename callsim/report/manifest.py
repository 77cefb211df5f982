"""A manifest: with what a result was made, and its digests, so that anybody can make it again and see whether it is.

It is JSON, one figure a line. There is no date and no place in it but the scenario's, as seen from the manifest, so
that the same work makes the same manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim.errors import CallsimError
from callsim.experiments.compare import compare, experiment_settings
from callsim.experiments.records import RESULTS
from callsim.experiments.records.making import scenario_digest
from callsim.experiments.run import run, settings_of
from callsim.report.output import write_all
from callsim.report.result import Comparison, Result
from callsim.report.row_files import json_text
from callsim.runlog import FORMAT as LOG_FORMAT
from callsim.scenario import load_experiment

if TYPE_CHECKING:
    from callsim.experiments.settings import Progress
    from callsim.scenario import Experiment

__all__ = ["FORMAT", "Rerun", "differences", "manifest", "manifest_text", "read_manifest", "rerun", "write_manifest"]

FORMAT = 1
"""Version of the manifest."""
LIBRARIES = ("numpy", "scipy", "simpy", "numba", "pydantic", "pyyaml", "yamlcore", "tzdata")
"""Those whose version could touch a figure."""
_ASKED = ("seed", "replications", "level", "by", "measures")
"""What was asked besides the scenario, in the words of `callsim.run`."""
_OVER_TIME = ("interval", "hour_of_week")
_MOST = 12


def manifest(result: Result, scenario: Path, changes: Sequence[str], to: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Parameters
    ----------
    result : Result
        Of `callsim.run` or `callsim.compare`.
    scenario : Path
        The file that was simulated.
    changes : sequence of str
        ``path=value``, as given when it was loaded.
    to : Path
        Where the manifest is to stand: it names the scenario as seen from there.
    """
    named = Path(os.path.relpath(scenario.resolve(), to.resolve().parent)).as_posix()
    return _manifest(result, load_experiment(scenario, tuple(changes)), named, changes)


def _manifest(result: Result, experiment: Experiment, named: str, changes: Sequence[str]) -> dict[str, Any]:
    found = result.findings
    replicated = found.replicated
    return {
        "manifest": FORMAT,
        "command": "compare" if len(found.variants) > 1 else "run",
        "scenario": named,
        "changes": list(changes),
        "seed": found.seed,
        "replications": replicated.n,
        "level": found.level,
        "by": list(found.by),
        "measures": list(found.measures),
        "versions": _versions(),
        "platform": _platform(),
        "formats": {
            "random scheme": replicated.plans[found.base].random_scheme,
            "run log": LOG_FORMAT,
            "results": RESULTS,
        },
        "digests": {
            "scenario": scenario_digest(experiment),
            "plans": dict(replicated.digests),
            "logs": {name: list(digests) for name, digests in replicated.log_digests.items()},
            "rows": hashlib.sha256(json_text(result.to_records()).encode()).hexdigest(),
        },
        "figures": list(_figures(result)),
    }


def _figures(result: Result) -> Iterator[dict[str, Any]]:
    """Yield the figures of the rows that are not split in time; the digest of the rows covers the others."""
    for row in result.to_records():
        if not set(_OVER_TIME) & set(row["scope"]):
            yield {key: row[key] for key in ("variant", "versus", "name", "scope", "value", "half_width") if key in row}


def _versions() -> dict[str, str]:
    found = {"callsim": version("callsim"), "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def _platform() -> dict[str, str]:
    libc = " ".join(platform.libc_ver()).strip()
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "byte order": sys.byteorder,
        "maths library": libc or "unknown",
        "interpreter": platform.python_implementation(),
    }


def manifest_text(content: Mapping[str, Any]) -> str:
    """Return a manifest as JSON, a key or a figure on each line."""
    lines = []
    for key, value in content.items():
        if key == "figures":
            rows = ",\n".join(f"    {_json(row)}" for row in value)
            lines.append(f'  "figures": [\n{rows}\n  ]')
        elif isinstance(value, dict):
            inside = ",\n".join(f"    {_json(name)}: {_json(entry)}" for name, entry in value.items())
            lines.append(f"  {_json(key)}: {{\n{inside}\n  }}")
        else:
            lines.append(f"  {_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def write_manifest(result: Result, scenario: Path, changes: Sequence[str], to: Path) -> None:
    """Write the manifest of a result; see `manifest`.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    write_all({to: manifest_text(manifest(result, scenario, changes, to)).encode()})


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises
    ------
    CallsimError
        If there is no such file, or it is no manifest of this format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CallsimError(f"{path}: there is no such manifest; `callsim run --manifest FILE` writes one") from None
    except (OSError, ValueError) as error:
        raise CallsimError(f"{path}: this manifest cannot be read: {error}") from None
    wanted = {"manifest", "command", "scenario", "changes", "versions", "platform", "formats", "digests", "figures"}
    missing = sorted((wanted | set(_ASKED)) - set(content)) if isinstance(content, dict) else ["everything"]
    if missing:
        raise CallsimError(f"{path}: is no manifest of callsim (it lacks: {', '.join(missing)})")
    if content["manifest"] != FORMAT:
        raise CallsimError(f"{path}: found a manifest of format {content['manifest']}; this callsim reads {FORMAT}")
    return dict(content)


@dataclass(frozen=True)
class Rerun:
    """What came out when a result was made again."""

    manifest: Path
    result: Result
    differences: tuple[str, ...]
    """What is not as in the manifest, a line each: figures, digests. Empty: the result is the same."""
    circumstances: tuple[str, ...]
    """Versions and platform that are not those of the manifest: they need not matter."""

    @property
    def same(self) -> bool:
        """Whether every digest and figure is that of the manifest."""
        return not self.differences

    def __str__(self) -> str:
        """Return what is the same and what differs, as text."""
        n = self.result.n
        head = f"{self.manifest}: {'the same' if self.same else 'not the same'} after {n} replication{'s' * (n != 1)}"
        lines = [head, *(f"  {line}" for line in self.differences)]
        if self.circumstances:
            lines.append("  made with other versions or on another platform:" if not self.same else "  although:")
            lines += [f"    {line}" for line in self.circumstances]
        return "\n".join(lines)


def rerun(manifest: str | Path, *, workers: int | None = None, progress: Progress | None = None) -> Rerun:
    """Make a result again from its manifest and say what differs.

    Parameters
    ----------
    manifest : path
        Written by ``callsim run --manifest`` or ``callsim compare --manifest``.
    workers, progress
        As for `callsim.run`.

    Returns
    -------
    Rerun
        ``same``, the differences, and versions or a platform that are others.

    Raises
    ------
    CallsimError
        If the manifest cannot be read, or what it describes cannot be run.
    """
    path = Path(manifest)
    content = read_manifest(path)
    scenario = path.parent / content["scenario"]
    asked = {name: content[name] for name in ("seed", "replications", "level")}
    asked |= {name: tuple(content[name]) for name in ("by", "measures")}
    asked |= {"workers": workers, "progress": progress}
    experiment = load_experiment(scenario, tuple(content["changes"]))
    if content["command"] == "compare":
        result: Result = Comparison(compare(experiment, experiment_settings(experiment, **asked)))
    else:
        result = Result(run(experiment.base, settings_of(experiment.base, **asked)))
    found, around = differences(content, _manifest(result, experiment, content["scenario"], content["changes"]))
    return Rerun(path, result, found, around)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what differs between two manifests: digests and figures, and the circumstances."""
    found = [
        *_digests(old["digests"], new["digests"]),
        *(f"{name}: {old['formats'].get(name)} -> {value}" for name, value in new["formats"].items()
          if old["formats"].get(name) != value),
        *_other_figures(old["figures"], new["figures"]),
    ]  # fmt: skip
    if old["digests"]["rows"] != new["digests"]["rows"] and not found:
        found.append("rows: figures by interval or by hour of the week, or definitions, are not the same")
    around = [
        f"{name}: {old[part].get(name, 'unknown')} -> {value}"
        for part in ("versions", "platform")
        for name, value in new[part].items()
        if old[part].get(name) != value
    ]
    return tuple(found), tuple(around)


def _digests(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old["scenario"] != new["scenario"]:
        yield "scenario: its values, or a file that it names, have changed"
    for name in dict.fromkeys((*old["plans"], *new["plans"])):
        if name not in old["plans"] or name not in new["plans"]:
            yield f"variant {name!r}: {'gone' if name in old['plans'] else 'new'}"
            continue
        if old["plans"][name] != new["plans"][name]:
            yield f"plan of {name!r}: {old['plans'][name][:16]} -> {new['plans'][name][:16]}"
        yield from _logs(name, old["logs"][name], new["logs"][name])


def _logs(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    others = [str(at) for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]]
    if others:
        yield f"run logs of {name!r}: not the same in {_listed(others)} of {len(new)} replications (numbered from 0)"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


def _other_figures(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    before, after = ({_title(row): row for row in rows} for rows in (old, new))
    moved = []
    for title in dict.fromkeys((*before, *after)):
        first, second = (
            None if row is None else (row["value"], row["half_width"]) for row in (before.get(title), after.get(title))
        )
        if first != second:
            moved.append(f"{title}: {_shown(first)} -> {_shown(second)}")
    yield from moved[:_MOST]
    if len(moved) > _MOST:
        yield f"... and {len(moved) - _MOST} more figures"


def _title(row: Mapping[str, Any]) -> str:
    scope = ", ".join(f"{kind} {name}" for kind, name in row["scope"].items())
    versus = f" - {row['versus']}" if row.get("versus") else ""
    return f"{row['variant']}{versus}: {row['name']}" + (f" ({scope})" if scope else "")


def _shown(pair: tuple[float | None, float | None] | None) -> str:
    if pair is None:
        return "not there"
    value, half_width = pair
    if value is None:
        return "no value"
    return f"{value!r}" + ("" if half_width is None else f" ± {half_width:.4g}")
