"""The alarm list as a sheet of texts, for a file or paper: what is shown, in its order, with what was left out. Pure.

The texts are written a few rows at a time, so that the screens go on meanwhile. GUI thread; what is made of them
afterwards may be on any.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hmi.alarm_list.columns import CHECK, COLUMNS, GLYPH, NOTE
from hmi.alarm_list.table import AlarmTable
from hmi.alarms.words import priority_word
from hmi.i18n import tr

_ON_PAPER: Final = {GLYPH: 90, NOTE: 120}
"""Widths of what is a sign on screen and words on paper."""
_AT_ONCE: Final = 100
"""So many rows are written before the screens have their turn: some milliseconds."""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """`head` says of which plant, tab, filter and time it is; `widths` are those on screen, to share out paper."""

    head: Sequence[str]
    titles: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


async def sheet_of(tables: Sequence[AlarmTable], widths: dict[int, int], head: Sequence[str]) -> ListSheet:
    """Return what the tables show now, one below the other, with the columns of `widths` (px)."""
    columns = [at for at in widths if at != CHECK]
    shown = [(table, row) for table in tables for row in table.alarms]
    rows = []
    for start in range(0, len(shown), _AT_ONCE):
        for table, row in shown[start : start + _AT_ONCE]:
            texts = {GLYPH: priority_word(row.priority), NOTE: row.note}
            rows.append([texts[at] if at in texts else table.text(row, at) for at in columns])
        await asyncio.sleep(0)
    titles = {GLYPH: tr("Priority"), NOTE: tr("Comment")}
    return ListSheet(
        head,
        [titles.get(at) or tr(COLUMNS[at].title) for at in columns],
        [_ON_PAPER.get(at, widths[at]) for at in columns],
        rows,
    )
