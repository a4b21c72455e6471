"""Working the tables out anew from packed hours, a bounded piece after the other. Packer thread, or a command.

Which parts are left, and how far each is, stands in the tables themselves: a restart goes on where it was.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, select, tuple_

from history.chunks.cells import CELL, HOUR_US, Cells
from history.chunks.segment import TAGS
from history.site_time import SiteTime
from history.store.months import span_of
from history.store.packed import upsert
from history.store.parts import NoPartError, Parts
from history.store.plain.hours import mark_stale, write_hours
from history.store.plain.schema import REFILL, SITE
from history.store.tables import CHUNK
from plant_models.plant import Plant

HOURS: Final = 2048
"""Hours of a tag in one piece."""
_NUMBERS: Final = tuple(name for name in CELL.names or ())


def begin_refill(connection: Connection, parts: Iterable[str]) -> None:
    """Let parts be worked out anew, from their beginning."""
    upsert(connection, REFILL, [{"part": part, "tag": -1, "t0_us": 0} for part in parts])


def note_site(connection: Connection, plant: Plant) -> bool:
    """Write whose tables these are; return whether that, or the rule of its days, is new to them."""
    row = {"id": 1, "name": plant.name, "time_zone": plant.time_zone}
    row |= {"day_starts": plant.history.day_starts.isoformat("minutes")}
    stored = connection.execute(select(SITE)).mappings().first()
    if stored is not None and dict(stored) == row:
        return False
    upsert(connection, SITE, [row])
    return stored is None or any(stored[name] != row[name] for name in ("time_zone", "day_starts"))


def forget_site(connection: Connection) -> None:
    """Let everything be worked out anew when a station opens these tables next."""
    connection.execute(delete(SITE))


def parts_left(connection: Connection) -> list[str]:
    """Return the parts that aren't worked out yet, the newest first."""
    return list(connection.execute(select(REFILL.c.part).order_by(REFILL.c.part.desc())).scalars())


def read_piece(connection: Connection, parts: Parts, part: str) -> list[tuple[int, Cells]]:
    """Return the next hours of a part from its packed history; none if it is done, or gone."""
    position = connection.execute(select(REFILL.c.tag, REFILL.c.t0_us).where(REFILL.c.part == part)).one()
    start_us, end_us = span_of(part)
    query = (
        select(CHUNK.c.tag, *(CHUNK.c[name] for name in _NUMBERS))
        .where(tuple_(CHUNK.c.tag, CHUNK.c.t0_us) > tuple_(*position))
        .where(CHUNK.c.t0_us >= start_us, CHUNK.c.t0_us < end_us)
        .order_by(CHUNK.c.tag, CHUNK.c.t0_us)
        .limit(HOURS)
    )
    try:
        with parts.reading(part) as packed:
            return [(row[0], _cell(row[1:])) for row in packed.execute(query)]
    except NoPartError:
        return []


def write_piece(connection: Connection, part: str, piece: list[tuple[int, Cells]], site: SiteTime) -> None:
    """Write what `read_piece` found, and remember how far that is; a part of which nothing is left is done."""
    if not piece:
        connection.execute(delete(REFILL).where(REFILL.c.part == part))
        return
    write_hours(connection, piece, site)
    times = [int(cell["t0_us"][0]) for _, cell in piece]
    # By another rule the first and last day had another date: what stands there is worked out anew as well.
    around = site.days(min(times) - 24 * HOUR_US, max(times) + 25 * HOUR_US)
    mark_stale(connection, (around[0], around[-1]), {tag // TAGS for tag, _ in piece})
    upsert(connection, REFILL, [{"part": part, "tag": piece[-1][0], "t0_us": times[-1]}])


def _cell(numbers: Iterable[float | None]) -> Cells:
    cell = np.empty(1, CELL)
    for name, number in zip(_NUMBERS, numbers, strict=True):
        cell[name] = np.nan if number is None else number
    return cell
