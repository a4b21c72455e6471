"""Brings the last hour of the tags with a sparkline from history to a display. GUI thread; history reads on its own."""

from typing import Final

from shiboken6 import isValid

from database.errors import DatabaseError
from history.series import HistoryQuery
from hmi.context import Context
from hmi.displays.view import DisplayView

HOUR_US: Final = 3_600_000_000
_PIXELS: Final = 120


async def show_past(context: Context, view: DisplayView, tags: tuple[str, ...]) -> None:
    """Ask history and show what it says; what it can't say is no line. The window says why history can't be read."""
    now_us = context.clock.wall_us()
    try:
        series = await context.station.history(HistoryQuery(tags, now_us - HOUR_US, now_us, _PIXELS))
    except DatabaseError:
        series = ()
    if isValid(view):
        view.show_past({each.tag: each.mean for each in series})
