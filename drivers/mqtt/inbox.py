"""Messages between the network and the decoder: bounded, and what finds no room is counted, never waited for.

A message that the broker wants acknowledged is never thrown away: `is_full` then asks the network to read no further,
and the broker keeps the rest. One that it doesn't keep displaces the oldest of its kind: new values count more than
old ones. Runs on the thread of the connection.
"""

from collections import deque
from typing import Final, NamedTuple

MESSAGES: Final = 20_000
BYTES: Final = 32 * 1024 * 1024


class Message(NamedTuple):
    """A message as it came; `payload` is None if it was too long, `number` is to be acknowledged unless it is 0."""

    topic: str
    payload: bytes | None
    number: int
    is_retained: bool
    received_ns: int


class Inbox:
    """A queue for one connection."""

    def __init__(self, messages: int = MESSAGES, size: int = BYTES) -> None:
        self._limit = messages
        self._size_limit = size
        self._waiting: deque[Message] = deque()
        self._size = 0
        self.dropped = 0
        self.peak = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= self._limit or self._size >= self._size_limit

    def put(self, arrived: Message) -> None:
        """Take a message; if there is no room, an unacknowledged one makes way."""
        while self.is_full and not arrived.number and not self._waiting[0].number:
            self._size -= _size_of(self._waiting.popleft())
            self.dropped += 1
        self._waiting.append(arrived)
        self._size += _size_of(arrived)
        self.peak = max(self.peak, len(self._waiting))

    def take(self, most: int) -> list[Message]:
        """Return up to `most` messages, the oldest first."""
        taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        self._size -= sum(map(_size_of, taken))
        return taken


def _size_of(arrived: Message) -> int:
    return len(arrived.topic) + len(arrived.payload or b"")
