"""A trend as a CSV file: one row per tag and cell of time, in UTC and local time, with the quality in words.

Numbers are in the unit that the person sees; the column "unit" names it.

Pure, any thread; the page runs it beside the GUI thread.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

import numpy as np

from hmi.new_file import new_file
from hmi.numbers import local_time
from hmi.trends.trace import Trace
from hmi.units.choice import shown_as
from hmi.units.shown import Shown
from plant_models.quality import describe
from plant_models.spreadsheet import neutral
from plant_models.tag import Tag

COLUMNS: Final = (
    "time_utc", "time_local", "tag", "description", "unit", "last", "min", "max", "mean", "state", "quality",
)  # fmt: skip


def write_csv(path: Path, traces: Sequence[tuple[Tag, Trace]], zone: tzinfo) -> int:
    """Write the traces of tags one after the other; return the number of rows. The file appears whole or not at all.

    UTF-8 with a byte order mark, so that spreadsheets read it as it is.

    Raises:
        OSError: the file can't be written, or there is one already: nothing is replaced.
    """
    with new_file(path) as beside:
        return _write(beside, traces, zone)


def _write(path: Path, traces: Sequence[tuple[Tag, Trace]], zone: tzinfo) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for tag, trace in traces:
            for row in rows(tag, trace, zone):
                writer.writerow(row)
                count += 1
    return count


def rows(tag: Tag, trace: Trace, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one tag; numbers of a gap are empty and its quality says why."""
    shown_unit = shown_as(tag)
    name, description, unit = (neutral(text) for text in (tag.name, tag.description, shown_unit.unit))
    shown = trace.is_shown
    for at in range(len(trace)):
        at_us = int(trace.t_us[at])
        numbers = (float(column[at]) for column in (trace.last, trace.low, trace.high, trace.mean))
        yield (
            f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            local_time(at_us, zone).isoformat(timespec="milliseconds"),
            name,
            description,
            unit,
            *(_number(number, shown_unit) if shown[at] else "" for number in numbers),
            neutral(_state(tag, float(trace.last[at]))) if shown[at] else "",
            neutral(describe(int(trace.quality[at]))),
        )


def _number(value: float, shown: Shown) -> str:
    """Return a number with all its digits; one in another unit without the dust of its conversion."""
    if not np.isfinite(value):
        return ""
    return repr(value) if shown.is_plant else repr(float(f"{shown.to(value):.12g}"))


def _state(tag: Tag, value: float) -> str:
    is_named = bool(tag.states) and 0 <= value < len(tag.states) and value == int(value)
    return tag.states[int(value)] if is_named else ""
