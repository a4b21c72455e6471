"""Hours as plain rows. Packer thread; the caller gives the transaction. Writing an hour again changes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from history.chunks.cells import HOUR_US, Cells
from history.chunks.segment import TAGS
from history.site_time import Day, SiteTime
from history.store.packed import upsert
from history.store.plain.schema import HOUR, HOURLY, STALE_DAY

_VALUES: Final = ("min", "max", "first", "last")


def write_hours(connection: Connection, headers: Iterable[tuple[int, Cells]], site: SiteTime) -> None:
    """Put hours in their place, each the id of a tag and one cell, and note that their days must be worked out anew.

    What is stamped before 1970 has no row: such times are no local times of a site.
    """
    cells = [(tag, header) for tag, header in headers if len(header) and header["t0_us"][0] >= 0]
    if not cells:
        return
    rows = [{"tag": tag, "t0_us": int(cell["t0_us"][0]), **cell_columns(cell, HOUR_US)} for tag, cell in cells]
    hours = sorted({row["t0_us"] for row in rows})
    upsert(connection, HOUR, [{"t0_us": hour, "local": site.local(hour)} for hour in hours])
    upsert(connection, HOURLY, rows)
    groups = {tag // TAGS for tag, _ in cells}
    days = site.days(hours[0], hours[-1] + HOUR_US)
    touched = [day for day in days if any(day.start_us - HOUR_US < hour < day.end_us for hour in hours)]
    mark_stale(connection, touched, groups)


def mark_stale(connection: Connection, days: Sequence[Day], groups: Iterable[int]) -> None:
    """Note that days of groups of tags must be worked out anew."""
    spans = [{"date": day.date, "start_us": day.start_us, "end_us": day.end_us} for day in days]
    upsert(connection, STALE_DAY, [{**span, "grp": group} for span in spans for group in groups])


def cell_columns(cell: Cells, length_us: int) -> dict[str, Any]:
    """Return the columns of one cell that covers `length_us`: what isn't known, or is no finite number, is NULL."""
    row = cell[0]
    good_us, has_value = int(row["good_us"]), bool(np.isfinite(row["first"]))
    integral = _number(row["integral"]) if good_us else None
    columns = {name: _number(row[name]) for name in _VALUES}
    return {
        "n": int(row["n"]),
        "n_good": int(row["n_good"]),
        **columns,
        "t_min_us": int(row["t_min_us"]) if has_value else None,
        "t_max_us": int(row["t_max_us"]) if has_value else None,
        "average": None if integral is None else integral / (good_us / 1e6),
        "integral": integral,
        "good_us": good_us,
        "good_percent": 100.0 * good_us / length_us,
        "worst": int(row["worst"]),
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
