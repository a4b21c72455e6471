"""The last moment before a command leaves."""

import pytest

from drivers.base import WriteRequest
from drivers.release import release
from tests.fakes.clock import ManualClock


def test_a_command_whose_recording_took_too_long_does_not_leave() -> None:
    clock = ManualClock()
    request = WriteRequest(0, 1.0, 0.0, clock.mono_ns() + 1_000_000_000, lambda: clock.advance(1.001))
    with pytest.raises(ValueError, match="Too late"):
        release(request, clock)


def test_a_command_that_is_already_too_late_is_not_recorded_as_sent() -> None:
    clock = ManualClock()
    recorded: list[bool] = []
    request = WriteRequest(0, 1.0, 0.0, clock.mono_ns() - 1, lambda: recorded.append(True))
    with pytest.raises(ValueError, match="Too late"):
        release(request, clock)
    assert recorded == []


def test_a_command_in_time_leaves_after_it_was_recorded() -> None:
    clock = ManualClock()
    recorded: list[bool] = []
    release(WriteRequest(0, 1.0, 0.0, clock.mono_ns(), lambda: recorded.append(True)), clock)
    assert recorded == [True]
