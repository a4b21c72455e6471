"""How many alarms of each precedence stand at each place. Pure, GUI thread.

A place is a tag, a piece of equipment, a display or a priority. Most have one alarm, and a counter for each of these
would take more than the alarms themselves do.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from hmi.alarms.looks import Precedence

Place = str | int
_NOTHING: Final[Mapping[Precedence, int]] = {}


class Standings:
    """Adding and removing an alarm costs the same whether a place has one or thousands."""

    def __init__(self) -> None:
        self._alone: dict[Place, Precedence] = {}
        self._counts: dict[Place, Counter[Precedence]] = {}

    def at(self, place: Place) -> Mapping[Precedence, int]:
        """Return which precedences are at a place, and how many alarms have each."""
        alone = self._alone.get(place)
        return self._counts.get(place, _NOTHING) if alone is None else {alone: 1}

    def add(self, place: Place, standing: Precedence) -> None:
        """Count an alarm."""
        counts = self._counts.get(place)
        if counts is not None:
            counts[standing] += 1
        elif place in self._alone:
            self._counts[place] = Counter((self._alone.pop(place), standing))
        else:
            self._alone[place] = standing

    def remove(self, place: Place, standing: Precedence) -> None:
        """Count an alarm no longer that was added before."""
        if self._alone.pop(place, None) is not None:
            return
        counts = self._counts[place]
        counts[standing] -= 1
        if not counts[standing]:
            del counts[standing]
        if not counts:
            del self._counts[place]
