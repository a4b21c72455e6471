"""In which order the list stands: by state, priority, newest first, until somebody chooses a column. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alarms.snapshot import AlarmRow
from hmi.alarm_list.columns import (
    ACKED,
    ACKED_BY,
    AGE,
    AREA,
    CONDITION,
    CONSEQUENCE,
    COUNT,
    FIRST_OUT,
    GLYPH,
    LIMIT,
    NOTE,
    STATE,
    TAG,
    TEXT,
    TIME,
    TRIP,
    UNTIL,
    WHY,
)
from hmi.alarms.looks import ORDER
from hmi.alarms.model import rank
from hmi.alarms.sorted_rows import Key
from hmi.alarms.words import kind_word, whose_text
from hmi.i18n import tr


@dataclass(frozen=True, slots=True)
class Order:
    """By which column; None for the usual order."""

    column: int | None = None
    is_reversed: bool = False

    def clicked(self, column: int) -> "Order":
        """Return the order after a click on a head: by it, then reversed, then as usual."""
        if column not in SORTABLE:
            return self
        if self.column != column:
            return Order(column)
        return Order() if self.is_reversed else Order(column, True)


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the keys of an order need to know."""

    area_title: Callable[[str], str]
    consequence_of: Callable[[str], int | None]


def key_of(order: Order, sorting: Sorting) -> Callable[[AlarmRow], Key]:
    """Return the key of an order; what has no value in its column stands last, reversed or not."""
    if order.column is None:
        return rank
    column, is_reversed = order.column, order.is_reversed
    value_of = _values(sorting)[column]

    def key(row: AlarmRow) -> Key:
        value = value_of(row)
        is_none = value is None
        return is_none is not is_reversed, 0 if is_none else value, row.name

    return key


def _values(sorting: Sorting) -> dict[int, Callable[[AlarmRow], object]]:
    return {
        GLYPH: lambda row: row.priority,
        FIRST_OUT: lambda row: row.first_out or None,
        TIME: lambda row: -row.active_us,
        AGE: lambda row: -row.active_us,
        AREA: lambda row: sorting.area_title(row.area).casefold(),
        TAG: lambda row: whose_text(row).casefold(),
        TEXT: lambda row: tr(row.text).casefold(),
        CONDITION: lambda row: kind_word(row.kind),
        TRIP: lambda row: row.trip_value,
        LIMIT: lambda row: row.limit,
        CONSEQUENCE: lambda row: sorting.consequence_of(row.name),
        STATE: lambda row: ORDER[row.state],
        ACKED_BY: lambda row: row.acked_by.casefold() or None,
        ACKED: lambda row: row.acked_us,
        UNTIL: lambda row: row.until_us,
        WHY: lambda row: (row.aside_why or row.rule).casefold() or None,
        COUNT: lambda row: -row.count,
        NOTE: lambda row: row.note.casefold() or None,
    }


SORTABLE: Final = frozenset(_values(Sorting(str, lambda _: None)))
"""All but the box and the live value, which would move the rows while they are read."""
