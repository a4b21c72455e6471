"""Everything about alarms, part by part; the flood comes first, since memory that others took would hide its own."""

from benchmarks import alarm_backtest, alarm_banner, alarm_conditions, alarm_flood, alarm_journal, alarm_list
from benchmarks.figure import Figure

_PARTS = (alarm_flood, alarm_banner, alarm_list, alarm_conditions, alarm_journal, alarm_backtest)


def run() -> list[Figure]:
    """Return the figures of all parts."""
    return [figure for part in _PARTS for figure in part.run()]
