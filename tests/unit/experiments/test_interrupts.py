"""Ctrl-C is recognised even where a library answers it with an error of its own."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from callsim.experiments.interrupts import Interrupts


def press() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_is_raised_and_remembered() -> None:
    """KeyboardInterrupt as ever."""
    interrupts = Interrupts()
    with pytest.raises(KeyboardInterrupt), interrupts:
        press()
    assert interrupts.pressed


def test_an_error_that_ctrl_c_caused_becomes_ctrl_c() -> None:
    """A database says "Query interrupted" with a RuntimeError."""

    def query() -> None:
        try:
            press()
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None

    with pytest.raises(KeyboardInterrupt) as caught, Interrupts():
        query()
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_an_error_of_its_own_stays_what_it_is() -> None:
    """Nobody pressed anything."""
    with pytest.raises(RuntimeError), Interrupts():
        raise RuntimeError


def test_the_handler_is_put_back() -> None:
    """Also that of somebody else is left alone."""
    before = signal.getsignal(signal.SIGINT)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
        with Interrupts():
            pass
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_may_use_it() -> None:
    """A web server runs simulations in threads, where no signal can be handled."""
    done: list[bool] = []

    def use() -> None:
        with Interrupts():
            done.append(True)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert done == [True]
