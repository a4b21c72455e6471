"""What one list shows of all alarms: its tab, filter, order and groups, worked out anew only where rows changed.

Pure, GUI thread.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from alarms.snapshot import AlarmRow
from hmi.alarm_list.filter import AlarmFilter
from hmi.alarm_list.groups import LONELY, Place, arrange
from hmi.alarm_list.order import Order, Sorting, key_of
from hmi.alarm_list.tabs import PUT_ASIDE, Tab
from hmi.alarms.sorted_rows import NO_DELTA, Delta, SortedRows


class Part(Enum):
    """Which half of a list that is shown as two: what waits for an acknowledgement, or the rest.

    NONE of it is in the second half while there is one list only.
    """

    WHOLE = "whole"
    UPPER = "upper"
    LOWER = "lower"
    NONE = "none"

    def holds(self, row: AlarmRow) -> bool:
        """Tell whether a row belongs to this part."""
        if self in (Part.WHOLE, Part.NONE):
            return self is Part.WHOLE
        return row.state.is_unacknowledged is (self is Part.UPPER)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to see. `has_aside` shows what is put aside below the current alarms."""

    tab: Tab = Tab.CURRENT
    filter: AlarmFilter = field(default_factory=AlarmFilter)
    order: Order = field(default_factory=Order)
    part: Part = Part.WHOLE
    has_aside: bool = True
    is_grouped: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether all alarms are shown in the usual order: as the model has them, without any work."""
        is_whole = self.tab is Tab.CURRENT and self.has_aside and self.part is Part.WHOLE
        return is_whole and not self.filter.is_on and self.order.column is None

    def holds(self, row: AlarmRow) -> bool:
        """Tell whether a row is what this list is for, whatever the filter."""
        is_aside = self.has_aside and self.tab is Tab.CURRENT and row.state in PUT_ASIDE
        return (is_aside or self.tab.holds(row)) and self.part.holds(row)


class Shown:
    """`rows` in order, `places` of those in groups; `outside` counts those that are shown only for their priority.

    `turnover` is what the newest change did to those that pass.
    """

    def __init__(self, area_title: Callable[[str], str], consequence_of: Callable[[str], int | None]) -> None:
        self._sorting = Sorting(area_title, consequence_of)
        self._present: Sequence[AlarmRow] = ()
        self._passed = self._beside = SortedRows(lambda row: (row.name,))
        self._all: list[AlarmRow] = []
        self.rows: list[AlarmRow] = []
        self.places: dict[str, Place] = {}
        self.turnover = NO_DELTA
        self.choice = Choice()
        self.choose(self.choice)

    @property
    def all(self) -> Sequence[AlarmRow]:
        """Every row that passes, in order, also those that are folded away."""
        return self._all

    @property
    def outside(self) -> int:
        return len(self._beside)

    def place(self, name: str) -> Place:
        """Return where a row stands."""
        return self.places.get(name, LONELY)

    def choose(self, choice: Choice) -> None:
        """Show something else of the rows that are known; `follow` has to come after it."""
        self.choice = choice
        wanted, area_title = choice.filter, self._sorting.area_title
        self._passed = SortedRows(
            key_of(choice.order, self._sorting),
            lambda row: choice.holds(row) and wanted.passes(row, area_title(row.area)),
        )
        is_on = wanted.is_on
        self._beside = SortedRows(
            lambda row: (row.name,),
            lambda row: is_on and choice.holds(row) and not wanted.wants(row, area_title(row.area))
            and wanted.passes(row, area_title(row.area)),
        )  # fmt: skip
        if not choice.is_everything:
            for each in (self._passed, self._beside):
                each.begin(self._present)

    @property
    def present(self) -> Sequence[AlarmRow]:
        """The alarms that were followed last."""
        return self._present

    def follow(
        self, rows: Sequence[AlarmRow], delta: Delta, causes: Mapping[str, str], opened: Collection[str]
    ) -> None:
        """Take over the alarms of this moment in their usual order, which differ by `delta` from those before.

        `opened` names the causes whose alarms are all shown.
        """
        self._present = rows
        if self.choice.is_everything:
            self.turnover, self._all = delta, list(rows)
        else:
            self.turnover = self._passed.apply(delta)
            self._beside.apply(delta)
            self._all = self._passed.rows
        if self.choice.order.is_reversed:
            self._all.reverse()
        self.rows, self.places = self._all, {}
        if self.choice.is_grouped and causes:
            self.rows, self.places = arrange(self._all, causes, opened)
