"""The compiler runs in a process of its own: it takes numba's memory with it, and nobody has to wait for it.

The process writes nothing but its answer. It ends when whoever asked ends, when it is cancelled, and when
it is done.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from callsim.engines.compiled.tables import Recipe
from callsim.errors import EngineError

__all__ = ["Compilation"]

_BEGIN = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); import json; "
    "request = json.loads(sys.stdin.buffer.readline()); sys.path[:] = request['path']; "
    "answer = open(sys.stdout.fileno(), 'wb', closefd=False); sys.stdout = sys.stderr; "
    "from callsim.engines.compiled.building import main; main(request, sys.stdin.buffer, answer)"
)
"""Ctrl-C is the business of who asked. What a library may print must not stand in the answer."""


class Compilation:
    """Functions on their way to object code."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        request = {"path": [*sys.path], "recipe": recipe}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BEGIN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path.cwd().anchor,
        )  # fmt: skip
        self._output: tuple[bytes, bytes] | None = None
        self._read = threading.Event()
        threading.Thread(target=self._follow, args=(json.dumps(request).encode() + b"\n",), daemon=True).start()

    def _follow(self, request: bytes) -> None:
        """Send the request and read until the process ends; its standard input stays open meanwhile."""
        process = self._process
        to, back, aside = process.stdin, process.stdout, process.stderr
        assert to is not None
        assert back is not None
        assert aside is not None
        complaints: list[bytes] = []
        listener = threading.Thread(target=lambda: complaints.append(aside.read()), daemon=True)
        listener.start()
        with contextlib.suppress(OSError):  # if it has ended, what it said is read below
            to.write(request)
            to.flush()
        answer = back.read()
        listener.join()
        self._output = answer, b"".join(complaints)
        process.wait()
        for stream in (to, back, aside):
            with contextlib.suppress(OSError):
                stream.close()
        self._read.set()

    def done(self) -> bool:
        """Return whether the process has ended, with or without an answer."""
        return self._read.is_set()

    def result(self) -> tuple[bytes, list[list[str]]]:
        """Wait for the object code and return it with the sources it was made from.

        Raises
        ------
        EngineError
            If the function cannot be compiled, or the process was ended.
        """
        try:
            self._read.wait()
        except BaseException:
            self.cancel()
            raise
        assert self._output is not None
        answer, complaints = self._output
        line, _, code = answer.partition(b"\n")
        try:
            head: dict[str, Any] = json.loads(line)
        except ValueError:
            said = complaints.decode(errors="replace").strip()[-2000:]
            raise EngineError(
                "the process that compiles the fast engine ended without an answer "
                f"(exit code {self._process.returncode}){': ' + said if said else ''}"
            ) from None
        if "error" in head:
            raise EngineError(f"the fast engine cannot be compiled: {head['error']}")
        if head["length"] != len(code):
            raise EngineError("the process that compiles the fast engine was ended")
        return code, head["sources"]

    def cancel(self) -> None:
        """End the process, if it has not ended, without waiting for what it is doing."""
        if not self._read.is_set():
            self._process.kill()
        self._read.wait()
