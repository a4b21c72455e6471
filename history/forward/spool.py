"""What waits in the station's file for a server: how much, what is being sent, and what gives way when it is too much.

The forwarder's thread sends and lets go, the keeper's thread counts and makes room; a lock keeps numbers and file in
step. A frame that was ever on its way to the server is never thinned or dropped, since nobody may know if it arrived.
"""

import threading
from itertools import takewhile
from typing import Final, Protocol

import numpy as np
from sqlalchemy import Engine

from history.coarse import MINUTE_US, coarse, last_qualities
from history.codec import CodecError
from history.columns import Columns
from history.forward.pace import Pace
from history.forward.shipment import FRAMES
from history.health import COARSENED, SPOOL_FULL
from history.memory import SPAN_US, Memory
from history.reserve import is_short
from history.run_marks import RunMarks
from history.store.frames import FrameStore
from history.store.spooled import Amount, FrameRow, Spooled, amount_of, read_frames
from history.store.unpacked import HOUR_US
from plant_models.clock import Clock

LET_GO: Final = 60
"""Frames that the server has got before some are let go of: a commit a minute."""
DROPPED: Final = 60
"""Frames that are dropped at once."""
_WINDOW: Final = 240


class Account(Protocol):
    """Who keeps the account of samples: the recorder."""

    @property
    def run_marks(self) -> RunMarks:
        """What is known of the frames that this run has written."""

    def lose(self, frames: range, rows: int, lost: int, reason: str) -> None:
        """Of some neighbouring frames with `rows` rows together, `lost` rows are no longer on the disk."""


class Spool:
    """The frames of a store that a server doesn't have yet. Every method may raise DatabaseError about the file."""

    def __init__(self, store: FrameStore, memory: Memory, account: Account, clock: Clock) -> None:
        self._store, self._memory, self._account, self._clock = store, memory, account, clock
        self.frames = Spooled(store)
        self._lock = threading.RLock()
        self._pace = Pace()
        self.sent = self.coarsened = self.dropped = 0
        self._engine: Engine | None = None
        self._acked = self._claimed = self._measured = self._thinned = self._let_go = 0
        self._waiting, self._is_met = Amount(), False
        self._since_us: int | None = None
        self._qualities: dict[int, int] = {}

    @property
    def is_open(self) -> bool:
        """Whether the recorder has opened the file."""
        return self._store.is_open

    @property
    def is_short(self) -> bool:
        """Whether the disk is so full that the file may not grow."""
        return is_short(self._store.path, self._store.free_inside)

    @property
    def free_inside(self) -> int:
        """Bytes that the file can take before it grows."""
        return self._store.free_inside()

    @property
    def acked(self) -> int:
        """The number of the newest frame that the server has, as far as is known."""
        return self._acked

    def newest(self) -> int:
        """Return the number of the newest frame."""
        return self.frames.ends(self._acked)[0]

    @property
    def waiting(self) -> Amount:
        """What the server doesn't have yet."""
        return self._waiting

    @property
    def since_us(self) -> int | None:
        """When the oldest of it was written."""
        return self._since_us

    @property
    def rate(self) -> float:
        """Samples sent a second, over the last minute."""
        return self._pace.rate

    @property
    def growth(self) -> float:
        """Bytes a second by which it grows."""
        return self._pace.growth

    def measure(self) -> None:
        """Count what was added since the last call."""
        with self._lock:
            self._follow_file()
            newest, self._since_us = self.frames.ends(self._acked)
            if newest > self._measured:
                new, self._measured = self.frames.amount(self._measured, newest)
                self._waiting += new
            self._pace.note(self._clock.mono_ns(), self._waiting.bytes, self.sent)

    def batch(self, after: int, limit: int) -> list[FrameRow]:
        """Return the oldest frames after a number, which are on their way from now on; what isn't settled stays."""
        with self._lock:
            self._follow_file()
            noted = self._account.run_marks.last
            chosen = [frame for frame in self.frames.frames(after, limit) if frame.seq <= noted]
            if chosen:
                self._claimed = max(self._claimed, chosen[-1].seq)
            return chosen

    def settle(self, last_seq: int) -> None:
        """The server has all frames up to a number, and no more."""
        with self._lock:
            self._follow_file()
            if last_seq >= self._acked:
                gone, _ = self.frames.amount(self._acked, last_seq)
                counted = gone if last_seq <= self._measured else self.frames.amount(self._acked, self._measured)[0]
                self._waiting -= counted
                self._measured = max(self._measured, last_seq)
                self.sent += gone.rows if self._is_met else 0
            else:
                self._waiting += self.frames.amount(last_seq, min(self._acked, self._measured))[0]
            self._acked, self._is_met = last_seq, True

    def let_go(self) -> None:
        """Remove what the server has, but for what memory holds, or would, and the newest frame."""
        with self._lock:
            if self._acked - self._let_go < LET_GO and self._acked >= self._let_go:
                return
            newest, _ = self.frames.ends(self._acked)
            until = min(self._acked, self._memory.stored_until, newest - 1)
            self.frames.let_go(until, self._clock.wall_us() - SPAN_US, self._acked)
            self._let_go = self._acked

    def set_aside(self, frame: FrameRow, reason: str) -> None:
        """Put a frame that no server takes into quarantine, and count it as gone."""
        with self._lock:
            size = self.frames.amount(frame.seq - 1, frame.seq)[0]
            self.frames.set_aside(frame, reason)
            if frame.seq <= self._measured:
                self._waiting -= size

    def begin_anew(self, node: str) -> None:
        """Call the file by another name: the server has nothing of it."""
        with self._lock:
            self.frames.rename(node)
            self._begin(0)

    def thin(self) -> bool:
        """Leave a sample a minute and tag, and each change of quality, of the oldest minute that can be; False if none.

        What memory holds can't: a query takes the frames before it by their number.
        """
        with self._lock:
            self._follow_file()
            after = max(self._thinned, self._acked, self._claimed)
            found = self._removable(after, _WINDOW, self._memory.stored_until)
            if not found:
                return False
            if found[0].seq != after + 1:
                self._qualities = {}
            window = _minute(found) or found[:1]
            self._thinned = window[-1].seq
            try:
                self._thin(window, read_frames(window))
            except CodecError:  # it stays as it is, for the packer of the server to put aside
                self._qualities = {}
            return True

    def drop(self) -> bool:
        """Remove the oldest frames; False if there are none that can be."""
        with self._lock:
            self._follow_file()
            found = self._removable(max(self._acked, self._claimed), DROPPED, self._measured)
            if not found:
                return False
            amount, _ = self.frames.amount(found[0].seq - 1, found[-1].seq)
            self.frames.remove(found[0].seq, found[-1].seq)
            self._waiting -= amount
            self.dropped += amount.rows
            self._account.lose(range(found[0].seq, found[-1].seq + 1), amount.rows, amount.rows, SPOOL_FULL)
            return True

    def _thin(self, window: list[FrameRow], columns: Columns) -> None:
        since_us = window[0].at_us // MINUTE_US * MINUTE_US - MINUTE_US
        stays = coarse(columns, self._qualities, since_us)
        self._qualities |= last_qualities(columns)
        lost = len(columns) - int(stays.sum())
        if not lost and len(window) == 1:
            return
        kept = columns.take(stays)
        hours = kept.time_us // HOUR_US
        fresh = self.frames.replace(window, [kept.take(hours == hour) for hour in np.unique(hours)])
        self._waiting += amount_of(fresh) - amount_of(window)
        self.coarsened += lost
        self._account.lose(range(window[0].seq, window[-1].seq + 1), len(columns), lost, COARSENED)

    def _removable(self, after: int, limit: int, until: int) -> list[FrameRow]:
        """Return the oldest frames after a number that may be changed, all of this run or all of earlier ones."""
        newest, _ = self.frames.ends(self._acked)
        marks = self._account.run_marks
        until = min(until, newest - 1, marks.last, self._measured)
        found = [frame for frame in self.frames.frames(after, limit) if frame.seq <= until]
        is_of_this_run = bool(found) and found[0].seq >= marks.first
        return [frame for frame in found if (frame.seq >= marks.first) == is_of_this_run]

    def _follow_file(self) -> None:
        """Begin to count again if the recorder had to begin another file."""
        engine = self._store.place().engine
        if engine is not self._engine:
            received = self.frames.received()
            self._begin(received)
            self._claimed = received + LET_GO + FRAMES if received else 0  # so many more may have been sent
            self._engine = engine

    def _begin(self, acked: int) -> None:
        """Count anew; nothing is known of the server but that it should have the frames up to a number."""
        self._acked = self._let_go = self._measured = acked
        self._claimed = self._thinned = 0
        self._waiting, self._is_met = Amount(), False
        self._since_us, self._qualities = None, {}


def _minute(frames: list[FrameRow]) -> list[FrameRow]:
    """Return the first frames that were written in the same minute, up to one that can't be."""
    sound = list(takewhile(lambda frame: not frame.fault, frames))
    return [frame for frame in sound if frame.at_us // MINUTE_US == sound[0].at_us // MINUTE_US]
