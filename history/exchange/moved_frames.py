"""Frames that aren't packed yet on the way to a server: as the forwarder sends them, each once. Main thread."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select

from database.errors import DatabaseError
from history.exchange.ends import Ends
from history.forward.shipment import FRAMES, differs, fitting, ship
from history.store.spooled import FrameRow
from history.store.tables import FRAME, RECEIVED

_OLDER: Final = "{server} has newer history of this station than {file}, which must be an older copy; nothing was sent"


def move_frames(ends: Ends, tell: Callable[[int], None]) -> tuple[int, list[str]]:
    """Send what the server hasn't; return how many frames went, and which none takes. `tell` hears how many, too.

    Raises:
        DatabaseError: it can't go on; what was sent is whole.
    """
    count, troubles, after = 0, list[str](), _last(ends)
    _check_same(ends, after)
    while found := _frames(ends, after):
        frames = fitting(found)
        fit = [frame for frame in frames if not frame.fault]
        troubles += [f"frame {frame.seq}: {frame.fault}" for frame in frames if frame.fault]
        if fit:
            with ends.server.place().writing() as connection:
                ship(connection, ends.src, fit)
        after, count = frames[-1].seq, count + len(fit)
        tell(count)
    return count, troubles


def lacking_frames(ends: Ends) -> int:
    """Return how many frames of the file the server has never had."""
    query = select(func.count()).where(FRAME.c.src == ends.local, FRAME.c.seq > _last(ends))
    with ends.file.reading() as connection:
        count: int = connection.execute(query).scalar_one()
    return count


def _last(ends: Ends) -> int:
    with ends.server.place().reading() as connection:
        last: int = connection.execute(select(RECEIVED.c.last_seq).where(RECEIVED.c.src == ends.src)).scalar_one()
    return last


def _frames(ends: Ends, after: int, limit: int = FRAMES) -> list[FrameRow]:
    query = select(FRAME).where(FRAME.c.src == ends.local, FRAME.c.seq > after).order_by(FRAME.c.seq).limit(limit)
    with ends.file.reading() as connection:
        return [FrameRow(*row) for row in connection.execute(query)]


def _check_same(ends: Ends, last: int) -> None:
    """Refuse a file whose numbers were given twice: what it has would be taken for what the server has already."""
    with ends.file.reading() as connection:
        newest = connection.execute(select(func.max(FRAME.c.seq)).where(FRAME.c.src == ends.local)).scalar() or 0
    frames = _frames(ends, last - 1, 1)
    with ends.server.place().reading() as connection:
        is_other = bool(frames) and frames[0].seq == last and differs(connection, ends.src, frames[0])
    if last > newest or is_other:
        raise DatabaseError(_OLDER, server=ends.server.name, file=ends.file.where)
