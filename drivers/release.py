"""The last moment before a command leaves, for every protocol: not too late, and the sender agrees. Any thread."""

from collections.abc import Callable
from typing import Protocol

from drivers.write_words import TOO_LATE, not_released
from plant_models.clock import Clock


class Releasable(Protocol):
    """A request to change something in a device."""

    @property
    def not_after_ns(self) -> int:
        """When it must have left (monotonic)."""

    @property
    def on_sent(self) -> Callable[[], None]:
        """Called right before it leaves; if it raises, nothing may leave."""


def release(request: Releasable, clock: Clock) -> None:
    """Let a frame leave now.

    Raises:
        ValueError: it must not; the text says why.
    """
    _check_in_time(request, clock)
    try:
        request.on_sent()
    except Exception as error:  # the sender's own code; whatever it raises, nothing may leave
        raise ValueError(not_released(error)) from error
    _check_in_time(request, clock)  # again: to record it may have taken long


def _check_in_time(request: Releasable, clock: Clock) -> None:
    if clock.mono_ns() > request.not_after_ns:
        raise ValueError(TOO_LATE)
