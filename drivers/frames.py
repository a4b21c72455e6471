"""The last frames of one device, kept only while somebody wants to see them.

Drivers add from the thread of their connection; any thread switches and reads.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from plant_models.clock import Clock

FRAMES_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """What left or arrived at `at_us` (µs UTC): its bytes as they were on the wire, or a text where these say little.

    `number` counts the frames of a trace from 1 on.
    """

    number: int
    at_us: int
    is_sent: bool
    data: bytes = b""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TraceView:
    """What somebody sees of a trace: whether it is on, and frames in order of time."""

    is_on: bool = False
    frames: tuple[Frame, ...] = ()


class FrameTrace:
    """Off until it is switched on. Switched off, it keeps what it has until it is switched on again.

    Drivers look at `is_on` before they make anything for it, so that a trace that is off costs nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._frames: deque[Frame] = deque(maxlen=FRAMES_KEPT)
        self._number = 0
        self.is_on = False

    def switch(self, is_on: bool) -> None:
        """Begin an empty trace, or end it."""
        with self._lock:
            if is_on and not self.is_on:
                self._frames.clear()
            self.is_on = is_on

    def add(self, is_sent: bool, data: bytes, text: str = "") -> None:
        """Keep a frame, if the trace is on, in place of the oldest."""
        with self._lock:
            if self.is_on:
                self._number += 1
                self._frames.append(Frame(self._number, self._clock.wall_us(), is_sent, bytes(data), text))

    def view(self, after: int = 0) -> TraceView:
        """Return the frames that are kept and newer than number `after`."""
        with self._lock:
            return TraceView(self.is_on, tuple(frame for frame in self._frames if frame.number > after))
