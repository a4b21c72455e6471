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
        os.kill(os.getpid(), number)
        assert stop.is_made
    assert signal.getsignal(number) is before
