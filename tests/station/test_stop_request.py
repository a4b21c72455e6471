"""Ctrl-C and SIGTERM while something is started: heard, never thrown into the middle of it."""

import os
import signal

import pytest

from station.stop_request import heard_stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted_and_nothing_is_interrupted(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with heard_stop() as stop:
        assert not stop.is_made
        os.kill(os.getpid(), number)
        assert stop.is_made
    assert signal.getsignal(number) is before


def test_whoever_asks_twice_does_not_wait_for_an_orderly_end() -> None:
    with heard_stop() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_made
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_handler_that_python_does_not_know_becomes_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a one was set by a library in C, and can't be put back."""
    before = signal.getsignal(signal.SIGTERM)
    with monkeypatch.context() as patch:
        patch.setattr(signal, "getsignal", lambda _: None)
        with heard_stop():
            pass
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    signal.signal(signal.SIGTERM, before)
    signal.signal(signal.SIGINT, signal.default_int_handler)
