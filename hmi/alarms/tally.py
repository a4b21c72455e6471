"""What stands at each place and in each state, counted up and down as alarms change. Pure, GUI thread.

A place is a tag, a piece of equipment or a display. Its sign follows from the most urgent standing that is there at
least once, so that one change costs the same whether a place has one alarm or thousands.
"""

from collections import Counter, defaultdict
from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph
from hmi.alarms.looks import Precedence, glyph_of, precedence
from hmi.alarms.sorted_rows import Delta

_EVERYWHERE: Final = ""


class Tally:
    """`glyphs` has the sign of each place with an alarm; `states` how many alarms are in each state."""

    def __init__(self) -> None:
        self._standings: defaultdict[str | int, Counter[Precedence]] = defaultdict(Counter)
        self._signs: dict[Precedence, Glyph] = {}
        self.glyphs: dict[str, Glyph] = {}
        self.states: Counter[AlarmState] = Counter()

    def apply(self, delta: Delta) -> None:
        """Follow what changed."""
        touched: set[str | int] = set()
        for rows, step in ((delta.gone.values(), -1), (delta.fresh.values(), 1)):
            for row in rows:
                touched |= self._count(row, step)
        for place in touched:
            self._sign(place)

    def present(self, priority: int) -> int:
        """Return how many alarms of a priority are active, latched or not acknowledged."""
        return sum(count for standing, count in self._of(priority).items() if not self._is_aside(standing))

    def top(self, priority: int) -> Glyph | None:
        """Return the sign of the most urgent alarm of a priority that isn't put aside, None if there is none."""
        found = min((each for each in self._of(priority) if not self._is_aside(each)), default=None)
        return None if found is None else self._signs[found]

    def _is_aside(self, standing: Precedence) -> bool:
        return self._signs[standing].look.is_grey

    def _of(self, place: str | int) -> Counter[Precedence]:
        return self._standings.get(place, Counter())

    def _count(self, row: AlarmRow, step: int) -> set[str | int]:
        standing = precedence(row)
        if standing not in self._signs:
            self._signs[standing] = glyph_of(row)
        self.states[row.state] += step
        places: set[str | int] = {row.priority, row.tag, row.equipment, row.display}
        places.discard(_EVERYWHERE)
        for place in places:
            self._standings[place][standing] += step
        return places

    def _sign(self, place: str | int) -> None:
        """Leave out what is there no more, and note the sign of what is most urgent now."""
        counted = self._standings[place]
        for standing in [each for each, count in counted.items() if count <= 0]:
            del counted[standing]
        if isinstance(place, int):
            return
        if counted:
            self.glyphs[place] = self._signs[min(counted)]
        else:
            del self._standings[place]
            self.glyphs.pop(place, None)
