"""Files put in place whole: all are written beside their destination first, then renamed, or none is.

Places are checked before a run begins, so that an hour's work does not end at a folder that is not there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from callsim.errors import OutputError
from callsim.experiments.interrupts import Interrupts

__all__ = ["check_folder", "check_place", "write_all"]

Content = bytes | Callable[[Path], None]
"""What a file holds: its bytes, or a function that writes them to a path."""


def check_place(path: Path) -> None:
    """Check that a file can be put at ``path``.

    Raises
    ------
    OutputError
        If the folder does not exist or cannot be written to, or if ``path`` is a folder.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; an output needs the name of a file, such as {path / 'rows.json'}")
    check_folder(path.parent)


def check_folder(folder: Path) -> None:
    """Check that files can be put into ``folder``.

    Raises
    ------
    OutputError
        If it does not exist, is a file, or cannot be written to.
    """
    if not folder.exists():
        raise OutputError(f"{folder}: this folder does not exist; create it first (mkdir -p '{folder}')")
    if not folder.is_dir():
        raise OutputError(f"{folder}: is a file, not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{folder}: this folder cannot be written to; choose another or change its permissions")


def write_all(contents: Mapping[Path, Content]) -> None:
    """Write every file beside its place, then rename all of them into place.

    Parameters
    ----------
    contents : mapping of Path to bytes or callable
        What belongs where.

    Raises
    ------
    OutputError
        If one cannot be written; then none of them is in place and nothing is left over.
    """
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in contents}
    try:
        with Interrupts():
            for path, content in contents.items():
                check_place(path)
                _write_draft(drafts[path], content)
        for path, draft in drafts.items():
            os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"{error.filename or ''}: cannot be written: {error.strerror or error}") from error
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _write_draft(draft: Path, content: Content) -> None:
    if callable(content):
        content(draft)
    else:
        draft.write_bytes(content)
    # The name must not be in place before the bytes are.
    handle = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
