"""One subscription on the server: which message comes next, who is alive through it, and when it is silent too long.

Source: OPC UA Part 4, 5.14.1 (sequence numbers, keep-alives). Owned by the OPC UA thread.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from plant_models.batch import TagIndices

_NUMBERS: Final = 2**32 - 1
"""Sequence numbers are 1 to this, and begin again at 1."""
_MUTE_KEEP_ALIVES: Final = 3.0
_SLOW_KEEP_ALIVES: Final = 1.5
_MUTE_FLOOR_S: Final = 2.0
_MUTE_GOAL_S: Final = 4.5
"""Three keep-alives may be missed, but no more than this goes by unless the server itself is as slow."""


class Channel:
    """The subscription `number`, of which something is heard at least every `keep_alive_s`."""

    def __init__(self, number: int, keep_alive_s: float, now_ns: int) -> None:
        self.number = number
        self.rows: TagIndices = np.array([], np.intp)
        self._heard_ns = now_ns
        wait_s = min(_MUTE_KEEP_ALIVES * keep_alive_s, max(_MUTE_GOAL_S, _SLOW_KEEP_ALIVES * keep_alive_s))
        self._mute_ns = round(max(wait_s, _MUTE_FLOOR_S) * 1e9)
        self._told_ns = now_ns
        self._next = 1

    def add(self, rows: Sequence[int]) -> None:
        """Note rows that the server monitors through this subscription."""
        self.rows = np.concatenate([self.rows, np.array(rows, np.intp)])

    def heard(self, now_ns: int) -> None:
        """Note that something came."""
        self._heard_ns = now_ns

    def is_mute(self, now_ns: int) -> bool:
        return now_ns - self._heard_ns > self._mute_ns

    def is_to_tell(self, now_ns: int, pause_ns: int) -> bool:
        """Tell whether it is `pause_ns` ago that the rows were said to be alive, and count this as saying it."""
        if now_ns - self._told_ns < pause_ns or not len(self.rows):
            return False
        self._told_ns = now_ns
        return True

    def missing_before(self, sequence: int, has_data: bool) -> range:
        """Return the numbers of the messages that were lost before `sequence` (they may pass the last number).

        A keep-alive has the number of the message to come. A number that was had before is no gap.
        """
        expected, self._next = self._next, sequence % _NUMBERS + 1 if has_data else sequence
        lost = (sequence - expected) % _NUMBERS
        return range(expected, expected + lost) if lost <= _NUMBERS // 2 else range(0)


def number_of(position: int) -> int:
    """Return the sequence number at a position of `missing_before`."""
    return (position - 1) % _NUMBERS + 1
