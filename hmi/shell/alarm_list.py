"""The page of alarms with what stands around its list: areas, flood, times to consequences. GUI thread."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from hmi.actions import Actions
from hmi.alarm_areas.tiles import AreaTiles
from hmi.alarm_list.page import AlarmsPage
from hmi.alarms.flood_mark import FloodMark
from hmi.context import Context


def make_alarm_list(context: Context, actions: Actions) -> AlarmsPage:
    """Return the page; whoever shows it connects what leads elsewhere."""
    page = AlarmsPage(context, actions)
    page.set_tiles(AreaTiles(context))
    page.set_corner(FloodMark(context))
    page.set_consequences(consequences_of(context))
    page.copy_wanted.connect(lambda text: QGuiApplication.clipboard().setText(text))
    return page


def consequences_of(context: Context) -> Callable[[str], int | None]:
    """Return what tells in how many seconds the consequence of an alarm comes, None if nobody knows."""

    def seconds(name: str) -> int | None:
        time = context.station.consequences.get(name)
        return None if time is None else max(0, round((time.at_us - context.clock.wall_us()) / 1e6))

    return seconds
