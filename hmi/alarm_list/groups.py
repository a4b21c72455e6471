"""Alarms below the alarm that explains them: which are folded away, and how far each stands in. Pure, GUI thread."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alarms.snapshot import AlarmRow

NEVER_FOLDED: Final = 2
"""Down to this priority, what nobody has acknowledged is never folded away."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: how far in, how many alarms it explains, and how many of them are folded away."""

    depth: int = 0
    below: int = 0
    folded: int = 0


LONELY: Final = Place()
"""A row that is no part of a group."""


def arrange(
    rows: Sequence[AlarmRow], causes: Mapping[str, str], opened: Collection[str]
) -> tuple[list[AlarmRow], dict[str, Place]]:
    """Return the rows that are shown, each below its cause, and the places of those in groups, by name.

    `rows` keep their order among those of one cause; those of causes in `opened` are all shown.
    """
    present = {row.name: row for row in rows}
    parents = {row.name: found for row in rows if (found := _cause(row.name, causes, present))}
    if not parents:
        return list(rows), {}
    children: dict[str, list[AlarmRow]] = {}
    for row in rows:
        if row.name in parents:
            children.setdefault(parents[row.name], []).append(row)
    walk = _Walk(children, opened)
    for row in rows:
        if row.name not in parents:
            walk.show(row, 0)
    return walk.shown, walk.places


def is_never_folded(row: AlarmRow, cause: AlarmRow) -> bool:
    """Tell whether an alarm must be seen beside its cause.

    It is more urgent, or urgent and unacknowledged, or came when somebody had acknowledged its cause already.
    """
    is_new = row.state.is_unacknowledged and not cause.state.is_unacknowledged
    return row.priority < cause.priority or is_new or (row.state.is_unacknowledged and row.priority <= NEVER_FOLDED)


def _cause(name: str, causes: Mapping[str, str], present: Mapping[str, AlarmRow]) -> str:
    """Return the nearest cause that is among the rows; "" if there is none, or if causes go round in a circle."""
    found, above, passed = "", causes.get(name, ""), {name}
    while above:
        if above in passed:
            return ""
        passed.add(above)
        found = found or (above if above in present else "")
        above = causes.get(above, "")
    return found


class _Walk:
    """Goes down from the causes."""

    def __init__(self, children: Mapping[str, Sequence[AlarmRow]], opened: Collection[str]) -> None:
        self._children, self._opened = children, opened
        self.shown: list[AlarmRow] = []
        self.places: dict[str, Place] = {}

    def show(self, row: AlarmRow, depth: int) -> int:
        """Show a row and what of those below it isn't folded away; return how many are below, with theirs."""
        self.shown.append(row)
        below, folded = self._below(row, depth, row.name in self._opened)
        if depth or below:
            self.places[row.name] = Place(depth, below, folded)
        return below

    def _below(self, row: AlarmRow, depth: int, is_open: bool) -> tuple[int, int]:
        below = folded = 0
        for child in self._children.get(row.name, ()):
            if is_open or is_never_folded(child, row):
                below += 1 + self.show(child, depth + 1)
            else:
                deeper, away = self._below(child, depth, False)
                below, folded = below + 1 + deeper, folded + 1 + away
        return below, folded
