"""Commands of the simple kind of driver: each leaves once, then its tag is read until that settles how it ended.

One is under way at a time; reads on schedule go on between its readbacks. Runs on the worker's thread.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from drivers.base import WriteState
from drivers.release import release
from drivers.schedule import NEVER_NS
from drivers.verdict import READBACK_WAITS_NS, last_verdict, verdict
from drivers.write_words import STILL_SET, no_order, not_connected, not_looked_up, unread
from drivers.writes import PendingWrite, WriteQueue
from plant_models.clock import Clock
from plant_models.message import message, words_of
from plant_models.scaling import to_raw
from plant_models.tag import Tag

_NO_NUMBER: Final = message("The device shows no number there")
_SAME: Final = 1e-6
"""A readback may differ from the command by so much, relatively: devices keep fewer digits."""


class NoValue(Exception):  # noqa: N818 - named as people say it
    """A tag can't be read, though its device answers; the text says why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How tags of the device are reached at present, by row. Both raise OSError if the connection is lost.

    `read` returns a tag's value in its unit, or raises NoValue; `send` sends one raw value once, and raises ValueError
    if the device refuses it.
    """

    read: Callable[[int], float]
    send: Callable[[int, float], None]


@dataclass(slots=True)
class _Sent:
    """A command that has left, and what was read back so far."""

    write: PendingWrite
    sent_ns: int
    tries: int = 0
    seen: float | None = None
    problem: str = ""

    @property
    def due_ns(self) -> int:
        return self.sent_ns + READBACK_WAITS_NS[self.tries]


class SimpleWriter:
    """The commands to one device."""

    def __init__(self, queue: WriteQueue, tags: Mapping[int, Tag], clock: Clock) -> None:
        self._queue = queue
        self._tags = tags
        self._clock = clock
        self._current: PendingWrite | None = None
        self._has_left = False
        self._sent: _Sent | None = None

    def step(self, reach: Reach, now_ns: int) -> bool:
        """Do one thing for a command, if there is one; True if something was done. After an OSError call `abandon`."""
        if self._sent is not None:
            if now_ns < self._sent.due_ns:
                return False
            self._read_back(reach, self._sent)
            return True
        self._current = self._queue.take()
        if self._current is None:
            return False
        self._send(reach, self._current)
        return True

    def next_ns(self) -> int:
        """Return when `step` will next have something to do."""
        if self._sent is not None:
            return self._sent.due_ns
        return 0 if len(self._queue) else NEVER_NS

    def abandon(self, device: str, why: str) -> None:
        """Answer the command under way: not sent, or, if it has left, that what became of it isn't known."""
        if self._current is None:
            return
        if self._has_left:
            self._end(self._current, WriteState.UNKNOWN, unread("", why))
        else:
            self._end(self._current, WriteState.NOT_SENT, not_connected(device, why))

    def _send(self, reach: Reach, write: PendingWrite) -> None:
        row = write.request.tag
        try:
            raw = self._order(reach, write)
            release(write.request, self._clock)
        except ValueError as error:
            self._end(write, WriteState.NOT_SENT, words_of(error))
            return
        self._has_left = True
        sent_ns = self._clock.mono_ns()
        try:
            reach.send(row, raw)
        except ValueError as error:
            self._end(write, WriteState.REFUSED, words_of(error))
        else:
            self._sent = _Sent(write, sent_ns)

    def _order(self, reach: Reach, write: PendingWrite) -> float:
        """Return the raw value of a command that may leave, as far as the tag and its present value go.

        Raises:
            ValueError: it may not; the text says why.
        """
        tag = self._tags[write.request.tag]
        if not tag.writable:
            raise ValueError(message("{tag} is read only", tag=tag.name))
        if tag.is_text:
            raise ValueError(message("{tag} is a text; only numbers can be written", tag=tag.name))
        raw = to_raw(tag, write.request.value)
        if write.request.is_pulse:
            if raw == 0.0:
                raise ValueError(no_order(tag.name))
            self._check_set_back(reach, write.request.tag)
        return raw

    def _check_set_back(self, reach: Reach, row: int) -> None:
        try:
            present = _number(reach, row)
        except NoValue as error:
            raise ValueError(not_looked_up(words_of(error))) from None
        if present != 0.0:
            raise ValueError(STILL_SET)

    def _read_back(self, reach: Reach, sent: _Sent) -> None:
        write, wanted = sent.write, sent.write.request.value
        sent.tries += 1
        try:
            sent.seen = _number(reach, write.request.tag)
        except NoValue as error:
            sent.problem = words_of(error)
        else:
            found = verdict(write, "", math.isclose(sent.seen, wanted, rel_tol=_SAME), sent.seen)
            if found is not None:
                self._end(write, *found, sent.seen)
                return
        if sent.tries == len(READBACK_WAITS_NS):
            self._end(write, *last_verdict(write, "", sent.seen, sent.problem), sent.seen)

    def _end(self, write: PendingWrite, state: WriteState, words: str = "", readback: float | None = None) -> None:
        self._current = self._sent = None
        self._has_left = False
        write.finish(state, words, readback)


def _number(reach: Reach, row: int) -> float:
    value = reach.read(row)
    if math.isnan(value):
        raise NoValue(_NO_NUMBER)
    return value
