"""The times that a report may be about, and the ones before them. Pure, GUI thread."""

from datetime import tzinfo
from typing import Final

from alarms.kpi.report import AlarmReportQuery
from alarms.kpi.window import HOUR_US, local_midnight_us
from plant_models.message import Message, message

DAY: Final = "24 h"
WEEK: Final = "7 d"
MONTH: Final = "30 d"
SPANS: Final[tuple[tuple[str, Message], ...]] = (
    (DAY, message("24 h")),
    (WEEK, message("7 d")),
    (MONTH, message("30 d")),
)
_DAYS: Final = {WEEK: 7, MONTH: 30}


def queries(span: str, now_us: int, zone: tzinfo, position: str) -> tuple[AlarmReportQuery, AlarmReportQuery]:
    """Return what to ask for, and for the time before.

    A day is the last 24 hours. Longer ones are that many whole days of the site and today so far; before them come as
    many whole days.
    """
    if span == DAY:
        start, before = now_us - 24 * HOUR_US, now_us - 48 * HOUR_US
    else:
        days = _DAYS[span]
        start, before = (local_midnight_us(now_us, zone, days=-count) for count in (days, 2 * days))
    return AlarmReportQuery(start, now_us, position), AlarmReportQuery(before, start, position)
