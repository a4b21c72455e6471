"""Frames in the station's file as what waits for a server: counted, read in order, let go of, replaced. Any thread.

The recorder only appends, and only the threads of `history/forward/` remove or replace, so what was read stays true.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from database.errors import DamagedError, clear_errors
from history.codec import CodecError, Picker, checksum, codec_of, encode
from history.columns import Columns
from history.store.broken import BrokenBlob, quarantine
from history.store.frames import FrameStore
from history.store.series import Series
from history.store.tables import FRAME, SOURCE, TAG

ROW_BYTES: Final = 100
"""What a frame takes beside its body, about."""
_WORD, _INTEGER, _SMALL = 2**63, 2**31, 2**15
_TOPS: Final = (_INTEGER, _WORD, _WORD, _WORD, _WORD, _INTEGER, _SMALL, _WORD)
"""What the numbers of a row stay below on a server."""


class FrameRow(NamedTuple):
    """A row of `hist_frame`."""

    src: int
    seq: int
    t0_us: int
    t1_us: int
    at_us: int
    n: int
    codec: int
    crc: int
    body: bytes

    @property
    def fault(self) -> str:
        """Why no server can take it, empty if one can; it may be unreadable all the same."""
        if not isinstance(self.body, bytes):
            return "its body isn't bytes"
        is_fit = all(isinstance(each, int) and -top <= each < top for each, top in zip(self[:8], _TOPS, strict=True))
        return "" if is_fit else "its numbers can't be"

    @property
    def error(self) -> int:
        """How the checksum of a frame without `fault` differs from what it should be; 0 if the frame is whole."""
        return self.crc ^ checksum(self[:7], self.body)

    def at_server(self, src: int) -> "FrameRow":
        """Return it as a frame of the source `src`; one that is broken stays broken."""
        crc = checksum((src, *self[1:7]), self.body) ^ self.error
        return self._replace(src=src, crc=crc)


@dataclass(frozen=True, slots=True)
class Amount:
    """So many frames, rows in them, and bytes that they take."""

    frames: int = 0
    rows: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.frames + other.frames, self.rows + other.rows, self.bytes + other.bytes)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.frames - other.frames, self.rows - other.rows, self.bytes - other.bytes)


def amount_of(frames: Sequence[FrameRow]) -> Amount:
    """Return what frames come to."""
    return Amount(len(frames), sum(each.n for each in frames), sum(len(each.body) + ROW_BYTES for each in frames))


class Spooled:
    """The frames of a store that is open. Every method raises DatabaseError if the file can't be used now."""

    def __init__(self, store: FrameStore) -> None:
        self._store = store

    def amount(self, after: int, until: int) -> tuple[Amount, int]:
        """Return what the frames with numbers in (after, until] come to, and the greatest of these numbers or `after`.

        It reads a little of each frame.
        """
        sizes = func.coalesce(func.sum(FRAME.c.n), 0), func.coalesce(func.sum(func.length(FRAME.c.body)), 0)
        query = select(func.count(), *sizes, func.max(FRAME.c.seq))
        place = self._store.place()
        mine = (FRAME.c.src == place.source, FRAME.c.seq > after, FRAME.c.seq <= until)
        with self._clear_errors(), place.engine.connect() as connection:
            frames, rows, size, last = connection.execute(query.where(*mine)).one()
        return Amount(frames, int(rows), size + frames * ROW_BYTES), after if last is None else last

    def frames(self, after: int, limit: int) -> list[FrameRow]:
        """Return the oldest frames with a greater number than `after`, in order."""
        place = self._store.place()
        query = select(FRAME).where(FRAME.c.src == place.source, FRAME.c.seq > after).order_by(FRAME.c.seq)
        with self._clear_errors(), place.engine.connect() as connection:
            return [FrameRow(*row) for row in connection.execute(query.limit(limit))]

    def frame(self, seq: int) -> FrameRow | None:
        """Return one frame, None if it isn't there."""
        found = self.frames(seq - 1, 1)
        return found[0] if found and found[0].seq == seq else None

    def ends(self, after: int) -> tuple[int, int | None]:
        """Return the number of the newest frame, 0 without one, and when the first after number `after` was written."""
        place = self._store.place()
        mine = FRAME.c.src == place.source
        oldest = select(FRAME.c.at_us).where(mine, FRAME.c.seq > after).order_by(FRAME.c.seq).limit(1)
        with self._clear_errors(), place.engine.connect() as connection:
            newest: int | None = connection.execute(select(func.max(FRAME.c.seq)).where(mine)).scalar()
            return newest or 0, connection.execute(oldest).scalar()

    def remove(self, first: int, last: int) -> None:
        """Remove frames `first` to `last`."""
        place = self._store.place()
        mine = (FRAME.c.src == place.source, FRAME.c.seq >= first, FRAME.c.seq <= last)
        with self._clear_errors(), place.engine.begin() as connection:
            connection.execute(delete(FRAME).where(*mine))

    def let_go(self, until: int, before_us: int, received: int) -> None:
        """Remove the frames up to `until` that were written before a time, and note up to where a server has them."""
        place = self._store.place()
        mine = (FRAME.c.src == place.source, FRAME.c.seq <= until, FRAME.c.at_us < before_us)
        with self._clear_errors(), place.engine.begin() as connection:
            connection.execute(delete(FRAME).where(*mine))
            _note_received(connection, received)

    def received(self) -> int:
        """Return the number up to which a server had the frames when some were last let go of; 0 if none ever were."""
        place = self._store.place()
        with self._clear_errors(), place.engine.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def set_aside(self, frame: FrameRow, reason: str) -> None:
        """Put a frame into quarantine: no server takes it as it is."""
        place = self._store.place()
        body = frame.body if isinstance(frame.body, bytes) else str(frame.body).encode()
        broken = BrokenBlob(f"frame {frame.src}/{frame.seq}", reason, 0, body).tell()
        with self._clear_errors(), place.engine.begin() as connection:
            quarantine(connection, [broken])
            connection.execute(delete(FRAME).where(FRAME.c.src == place.source, FRAME.c.seq == frame.seq))

    def replace(self, frames: Sequence[FrameRow], parts: Sequence[Columns]) -> list[FrameRow]:
        """Put the samples of `parts` (ids as on disk, an hour each) in place of frames, in one transaction.

        The new frames have the last numbers of the old ones, and were written when the last of them was.
        """
        place, last = self._store.place(), frames[-1]
        first_seqs = [each.seq for each in frames[len(frames) - len(parts) :]]
        rows = [_row(part, last, seq) for part, seq in zip(parts, first_seqs, strict=True)]
        old = (FRAME.c.src == place.source, FRAME.c.seq >= frames[0].seq, FRAME.c.seq <= last.seq)
        with self._clear_errors(), place.engine.begin() as connection:
            connection.execute(delete(FRAME).where(*old))
            connection.execute(insert(FRAME), [row._asdict() for row in rows])
        return rows

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """Turn errors into DatabaseErrors; if the file is damaged, the recorder is to put it aside."""
        try:
            with clear_errors(self._store.path):
                yield
        except DamagedError:
            self._store.note_damage()
            raise

    def node(self) -> str:
        """Return the name under which servers know this file."""
        place = self._store.place()
        with self._clear_errors(), place.engine.connect() as connection:
            return str(connection.execute(select(SOURCE.c.node).where(SOURCE.c.id == place.source)).scalar_one())

    def rename(self, node: str) -> None:
        """Let servers know this file under another name: they take its frames for those of a new source."""
        place = self._store.place()
        with self._clear_errors(), place.engine.begin() as connection:
            connection.execute(update(SOURCE).where(SOURCE.c.id == place.source).values(node=node))
            _note_received(connection, 0)

    def name_count(self) -> int:
        """Return how many tags have an id."""
        place = self._store.place()
        with self._clear_errors(), place.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(TAG)).scalar_one())

    def names(self) -> dict[int, Series]:
        """Return what each id in frames means."""
        place = self._store.place()
        with self._clear_errors(), place.engine.connect() as connection:
            rows = connection.execute(select(TAG.c.id, TAG.c.name, TAG.c.kind, TAG.c.unit))
            return {row.id: Series(row.name, row.kind, row.unit) for row in rows}


def read_frames(frames: Sequence[FrameRow]) -> Columns:
    """Return the samples of frames, frame after frame.

    Raises:
        CodecError: one of them can't be read.
    """
    picker = Picker()
    for frame in frames:
        if frame.fault or frame.error:
            raise CodecError("its checksum doesn't fit")
        picker.add(frame.codec, frame.body, frame.n, frame.t0_us)
    return picker.columns()


def _note_received(connection: Connection, seq: int) -> None:
    """A number of 32 bits in the head of the file; SQLite itself has no use for it."""
    connection.exec_driver_sql(f"PRAGMA user_version = {min(seq, 2**31 - 1)}")


def _row(part: Columns, last: FrameRow, seq: int) -> FrameRow:
    t0_us, t1_us, body = int(part.time_us.min()), int(part.time_us.max()), encode(part)
    header = (last.src, seq, t0_us, t1_us, last.at_us, len(part), codec_of(part))
    return FrameRow(*header, checksum(header, body), body)
