"""Whose the ids in history are: a tag by its name and by whether it holds numbers or texts. Recorder thread.

A tag that changes from numbers to texts begins a new series under another id, and goes on with the old one if it
changes back: what was recorded of the one is never taken for the other. A unit that changes is noted, since values
that were recorded before it are in the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, update

from history.store.kinds import NUMBER, TEXT
from history.store.known_tags import ids_for, keep_ids
from history.store.tables import TAG, TAG_CHANGE
from plant_models.tag import Tag

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Series:
    """What is recorded of a tag: its name, NUMBER or TEXT, and the unit of its values; None leaves what is known."""

    name: str
    kind: str = NUMBER
    unit: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.name, self.kind


@dataclass(frozen=True, slots=True)
class UnitChange:
    """From now on a tag is recorded in another unit."""

    tag: str
    before: str
    after: str


def series_of(tag: Tag) -> Series:
    """Return the series of a tag."""
    return Series(tag.name, TEXT if tag.is_text else NUMBER, tag.unit)


def ids_of(
    connection: Connection, series: Sequence[Series], folder: Path, at_us: int
) -> tuple[NDArray[np.int64], list[UnitChange]]:
    """Return the id of each series, and the units that have changed since the last start.

    New ones get an id, which is that of before if the file was lost: see `history.store.known_tags`.
    """
    known = _known(connection)
    kinds = dict(known.keys())
    new = [each for each in series if each.key not in known]
    if new:
        given = ids_for([each.key for each in new], {key: tag for key, (tag, _) in known.items()}, folder)
        rows: list[dict[str, Any]] = [
            {"id": given[each.key], "name": each.name, "kind": each.kind, "unit": each.unit} for each in new
        ]
        connection.execute(insert(TAG), rows)
        known = _known(connection)
    keep_ids(folder, {key: tag for key, (tag, _) in known.items()})
    changes = [_kind_change(known, each, kinds[each.name], at_us) for each in new if each.name in kinds]
    units = list[UnitChange]()
    for each in series:
        tag, before = known[each.name, each.kind]
        if each.unit is None or each.unit == before:
            continue
        connection.execute(update(TAG).where(TAG.c.id == tag).values(unit=each.unit))
        if before is not None:
            changes.append({"tag": tag, "at_us": at_us, "what": "unit", "before": before, "after": each.unit})
            units.append(UnitChange(each.name, before, each.unit))
    if changes:
        _log.warning("history: tags have changed their unit or kind", count=len(changes), some=changes[:5])
        connection.execute(insert(TAG_CHANGE), changes)
    return np.array([known[each.name, each.kind][0] for each in series], np.int64), units


def _known(connection: Connection) -> dict[tuple[str, str], tuple[int, str | None]]:
    rows = connection.execute(select(TAG.c.name, TAG.c.kind, TAG.c.id, TAG.c.unit).order_by(TAG.c.id))
    return {(name, kind): (tag, unit) for name, kind, tag, unit in rows}


def _kind_change(
    known: dict[tuple[str, str], tuple[int, str | None]], each: Series, before: str, at_us: int
) -> dict[str, Any]:
    tag = known[each.name, each.kind][0]
    return {"tag": tag, "at_us": at_us, "what": "kind", "before": before, "after": each.kind}
