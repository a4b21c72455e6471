"""Which alarm of a group came first: trips follow from trips, and only the first one tells why. Pure, any thread.

A group is watched anew when all its alarms are normal again. Source: OPC UA Part 9, FirstInGroup.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Final

FIRST: Final = 1
TIED: Final = 2
"""The first, but another one came at the same time, in the same answer of a device."""


class FirstOut:
    """The groups of alarms by number; `groups` names the group of each, "" for none."""

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = groups
        self._members: dict[str, list[int]] = {}
        for number, group in enumerate(groups):
            if group:
                self._members.setdefault(group, []).append(number)

    def marks(self, raised: Iterable[tuple[int, int]], is_engaged: Callable[[int], bool]) -> dict[int, int]:
        """Return FIRST or TIED for those that came first in their groups, of alarms raised together.

        `raised` are numbers and times (µs UTC) in the order in which they were read; `is_engaged` tells which alarms
        were active, latched or unacknowledged before.
        """
        by_group: dict[str, list[tuple[int, int]]] = {}
        for number, at_us in raised:
            if group := self._groups[number]:
                by_group.setdefault(group, []).append((number, at_us))
        marks = {}
        for group, came in by_group.items():
            if not any(map(is_engaged, self._members[group])):
                first, at_us = min(came, key=itemgetter(1))
                is_tied = any(number != first and other_us == at_us for number, other_us in came)
                marks[first] = TIED if is_tied else FIRST
        return marks
