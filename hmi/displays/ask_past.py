"""Brings the past of the tags on a display from history. GUI thread; history reads on its own."""

from collections.abc import Mapping
from typing import Final

from shiboken6 import isValid

from database.errors import DatabaseError
from history.series import HistoryQuery
from hmi.context import Context
from hmi.displays.past import DAY_US, HOUR_US, Past
from hmi.displays.view import DisplayView

_PIXELS: Final[Mapping[int, int]] = {HOUR_US: 120, DAY_US: 720}


async def ask_past(context: Context, view: DisplayView, span_us: int, tags: tuple[str, ...]) -> None:
    """Ask history once for all tags and show what it says. The window says why history can't be read."""
    now_us = context.clock.wall_us()
    start_us = now_us - span_us
    try:
        series = await context.station.history(HistoryQuery(tags, start_us, now_us, _PIXELS[span_us]))
        past = Past(start_us, now_us, {each.tag: each for each in series})
    except DatabaseError:
        past = Past(start_us, now_us, is_readable=False)
    if isValid(view):
        view.show_past(span_us, past)
