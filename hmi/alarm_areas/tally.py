"""How many alarms each area has, and which is the most urgent; counted up and down as they change. Pure, GUI thread.

One change costs the same whether there are ten alarms or ten thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from alarms.snapshot import PRIORITIES, AlarmRow
from hmi.alarm_areas.tree import AreaTree
from hmi.alarms.glyph import Glyph
from hmi.alarms.looks import Precedence, glyph_of, precedence

_CALLING: Final = 2
"""Ranks of precedence below it are of alarms that call somebody: not diagnostic, not put aside."""


@dataclass(frozen=True, slots=True)
class AreaState:
    """What an area shows: its most urgent alarm, how many are present by priority, and how many wait."""

    glyph: Glyph | None = None
    present: Mapping[int, int] = field(default_factory=lambda: dict.fromkeys(PRIORITIES, 0))
    waiting: int = 0


class AreaTally:
    """`take` follows the alarms; `state` tells about one area, those within it counted with it."""

    def __init__(self, tree: AreaTree) -> None:
        self._tree = tree
        self._rows: dict[str, AlarmRow] = {}
        self._standings: defaultdict[str, Counter[Precedence]] = defaultdict(Counter)
        self._signs: dict[Precedence, Glyph] = {}

    def take(self, rows: Iterable[AlarmRow]) -> None:
        """Take over the alarms as they are now."""
        rows_now = {row.name: row for row in rows if row.name}
        before = self._rows
        self._rows = rows_now
        for name in before.keys() - rows_now.keys():
            self._count(before[name], -1)
        for name, row in rows_now.items():
            was = before.get(name)
            if was is not row:
                if was is not None:
                    self._count(was, -1)
                self._count(row, 1)

    def state(self, name: str) -> AreaState:
        """Return what an area shows."""
        standings = {each: count for each, count in self._standings[name].items() if count and each[0] < _CALLING}
        if not standings:
            return AreaState()
        present = dict.fromkeys(PRIORITIES, 0)
        for (_, priority, _, _), count in standings.items():
            present[priority] += count
        waiting = sum(count for each, count in standings.items() if each[0] == 0)
        return AreaState(self._signs[min(standings)], present, waiting)

    def _count(self, row: AlarmRow, step: int) -> None:
        standing = precedence(row)
        self._signs.setdefault(standing, glyph_of(row).plain)
        for name in self._tree.path(row.area):
            self._standings[name][standing] += step
