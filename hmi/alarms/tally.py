"""What stands at each place and in each state, counted up and down as alarms change. Pure, GUI thread.

A place is a tag, a piece of equipment or a display. Its sign follows from the most urgent standing that is there at
least once, so that one change costs the same whether a place has one alarm or thousands.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph
from hmi.alarms.looks import Precedence, glyph_of, precedence
from hmi.alarms.sorted_rows import Delta
from hmi.alarms.standings import Place, Standings

_EVERYWHERE: Final = ""


class Tally:
    """`glyphs` has the sign of each place with an alarm; `states` how many alarms are in each state."""

    def __init__(self) -> None:
        self._standings = Standings()
        self._signs: dict[Precedence, Glyph] = {}
        self.glyphs: dict[str, Glyph] = {}
        self.states: Counter[AlarmState] = Counter()

    def apply(self, delta: Delta) -> None:
        """Follow what changed."""
        touched: set[Place] = set()
        for row in delta.gone.values():
            standing = self._standing(row)
            self.states[row.state] -= 1
            for place in _places(row):
                self._standings.remove(place, standing)
                touched.add(place)
        for row in delta.fresh.values():
            standing = self._standing(row)
            self.states[row.state] += 1
            for place in _places(row):
                self._standings.add(place, standing)
                touched.add(place)
        for place in touched:
            if isinstance(place, str):
                self._sign(place)

    def present(self, priority: int) -> int:
        """Return how many alarms of a priority are active, latched or not acknowledged."""
        return sum(count for standing, count in self._standings.at(priority).items() if not self._is_aside(standing))

    def top(self, priority: int) -> Glyph | None:
        """Return the sign of the most urgent alarm of a priority that isn't put aside, None if there is none."""
        found = min((each for each in self._standings.at(priority) if not self._is_aside(each)), default=None)
        return None if found is None else self._signs[found]

    def _is_aside(self, standing: Precedence) -> bool:
        return self._signs[standing].look.is_grey

    def _standing(self, row: AlarmRow) -> Precedence:
        standing = precedence(row)
        if standing not in self._signs:
            self._signs[standing] = glyph_of(row)
        return standing

    def _sign(self, place: str) -> None:
        """Note the sign of what is most urgent now."""
        found = self._standings.at(place)
        if found:
            self.glyphs[place] = self._signs[min(found)]
        else:
            self.glyphs.pop(place, None)


def _places(row: AlarmRow) -> Iterable[Place]:
    places: set[Place] = {row.priority, row.tag, row.equipment, row.display}
    places.discard(_EVERYWHERE)
    return places
