"""Commands on their way to a worker: a bounded queue that is served before all polls.

The station puts writes in from its worker pool, one worker takes them out.
"""

import math
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

from drivers import answers
from drivers.base import WriteOutcome, WriteRequest, WriteState
from drivers.write_words import OVERTAKEN
from plant_models.message import message

QUEUE_LIMIT: Final = 256
STOPPING: Final = message("The driver was stopped")


@dataclass(frozen=True, slots=True, eq=False)
class PendingWrite:
    """A request and the future that its sender holds."""

    request: WriteRequest
    future: Future[WriteOutcome] = field(default_factory=Future)

    @property
    def is_no_change(self) -> bool:
        """Whether the device held this value already: then a readback can't show that a frame has arrived."""
        return math.isclose(self.request.held, self.request.value, rel_tol=1e-6)

    def overtakes(self, older: "PendingWrite") -> bool:
        """Tell whether an older write that still waits is pointless now."""
        return self.request.is_setpoint and self.request.tag == older.request.tag

    def finish(self, state: WriteState, words: str = "", readback: float | None = None) -> None:
        """Tell the sender how it ended; the second and later ends are ignored, whoever tells them."""
        answers.finish(self.future, WriteOutcome(state, readback, words))

    def begin(self) -> bool:
        """Note that it is under way; False if nobody waits for it any more, or it has ended already."""
        return answers.begin(self.future)


class WriteQueue:
    """Writes in order of arrival. When it is full or closed, a write is answered at once: not sent.

    A setpoint that still waits when a newer one for the same tag comes is answered too: overtaken, not sent. Whoever
    gave the newer one doesn't want the plant to see the older one first. All else stays in line, each of them: two
    orders, or two states, are not one.
    """

    def __init__(self, limit: int = QUEUE_LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[PendingWrite] = deque()
        self._is_closed = False

    def put(self, write: PendingWrite) -> None:
        """Queue a write; never blocks."""
        overtaken: list[PendingWrite] = []
        with self._lock:
            refusal = STOPPING if self._is_closed else message("Too many commands are waiting for this device")
            is_taken = not self._is_closed and len(self._waiting) < self._limit
            if is_taken:
                overtaken = [older for older in self._waiting if write.overtakes(older)]
                self._waiting = deque(older for older in self._waiting if older not in overtaken)
                self._waiting.append(write)
        if not is_taken:
            write.finish(WriteState.NOT_SENT, refusal)
        for older in overtaken:
            if older.begin():
                older.finish(WriteState.NOT_SENT, OVERTAKEN)

    def take(self) -> PendingWrite | None:
        """Return the oldest write whose sender still waits for it, None if there is none."""
        with self._lock:
            while self._waiting:
                write = self._waiting.popleft()
                if write.begin():
                    return write
        return None

    def __len__(self) -> int:
        return len(self._waiting)

    def close(self) -> None:
        """Answer everything that waits, and all that comes later: not sent."""
        with self._lock:
            self._is_closed = True
            left, self._waiting = self._waiting, deque()
        for write in left:
            if write.begin():
                write.finish(WriteState.NOT_SENT, STOPPING)
