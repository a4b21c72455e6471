"""Pictures of the window: every view once, or what it shows now and then. GUI thread."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPixmap

from hmi.context import Context
from hmi.dialogs.setpoint import SetpointDialog
from hmi.dialogs.sheet import Sheet
from hmi.faceplate.commands import command_intents
from hmi.faceplate.faceplate import ALARMS as FACEPLATE_ALARMS
from hmi.faceplate.intent import Intent
from hmi.numbers import local_time
from hmi.settling import LIVE_WITHIN_S, until_live
from hmi.shell.page import ALARM_KPIS, ALARMS, AREA_PANEL, CONFIGURED, DEVICES, HISTORY, JOURNAL, PREFERENCES, TRENDS
from hmi.shell.window import Window
from hmi.theme.theme import theme
from hmi.trends.pens import equipment_tags
from plant_models.display import Display
from plant_models.equipment import Equipment
from plant_models.plant import Plant
from plant_models.tag import Tag

PERIOD_S: Final = 30.0
KEPT: Final = 120
_SETTLE_S: Final = 0.3
_MOST_WAITS: Final = 20
_TREND_US: Final = 600_000_000
_NAMED: Final = 5
_LOG: Final = structlog.get_logger(__name__)


class PictureError(Exception):
    """A picture can't be written; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The pictures, how many tags they show, and which of those had no good value."""

    files: tuple[Path, ...]
    tags: int
    unknown_tags: tuple[str, ...]

    @property
    def problem(self) -> str:
        """What is wrong with the pictures, "" if nothing is."""
        if not self.unknown_tags:
            return ""
        names = ", ".join(self.unknown_tags[:_NAMED]) + (", …" if len(self.unknown_tags) > _NAMED else "")
        count = f"{len(self.unknown_tags)} of {self.tags} tags on the displays"
        return f"{count} have no good value after {LIVE_WITHIN_S:.0f} s: {names}"


async def save_views(
    window: Window, folder: Path, themes: Sequence[str], sizes: Sequence[tuple[int, int]], display: str = ""
) -> list[Path]:
    """Save every display, faceplates, dialogs and the devices; return the files, named VIEW-THEME-WIDTHxHEIGHT.png.

    `display` leaves out the others. The window keeps the last theme and size.

    Raises:
        PictureError: a picture can't be written.
    """
    saved: list[Path] = []
    for theme_name in themes:
        theme().set_name(theme_name)
        for width, height in sizes:
            window.resize(width, height)
            for view in _views(window, display):
                await _settle(window)
                saved.append(_save(window, folder / f"{view}-{theme_name}-{width}x{height}.png"))
    return saved


async def _settle(window: Window) -> None:
    """Wait until a view is drawn and what it asks of history has come, some seconds at most."""
    for _ in range(_MOST_WAITS):
        await asyncio.sleep(_SETTLE_S)
        if not len(window.context.tasks):
            return


async def save_periodically(window: Window, folder: Path, period_s: float = PERIOD_S) -> None:
    """Save what the window shows now, then every `period_s`, until cancelled; the newest KEPT pictures stay."""
    context = window.context
    await until_live(context)
    kept: list[Path] = []
    while True:
        stamp = local_time(context.clock.wall_us(), context.zone)
        try:
            kept.append(_save(window, folder / f"{_file_name(window.page)}-{stamp:%Y%m%d-%H%M%S}.png"))
        except PictureError as error:
            _LOG.warning("picture not saved", reason=str(error))
        while len(kept) > KEPT:
            kept.pop(0).unlink(missing_ok=True)
        await asyncio.sleep(period_s)


def _views(window: Window, only: str) -> Iterator[str]:
    """Bring one view after the other on screen and yield its name; leaves the first display open."""
    plant = window.context.plant
    for display in plant.displays.values():
        if only in ("", display.name):
            window.open_page(display.name)
            yield display.name
            for view in _faceplates(window, display):
                yield f"{display.name}-{view}"
    if not only:
        window.go_home()
        for equipment in _on_no_display(plant):
            faceplate = window.area.open_faceplate(equipment.name)
            yield f"faceplate-{equipment.type}"
            window.area.close_faceplate(faceplate)
        yield from _alarms_of_a_faceplate(window)
        window.show_devices()
        yield _file_name(DEVICES)
        window.show_history()
        yield _file_name(HISTORY)
        window.show_alarms()
        if window.area.alarms_page is not None:
            window.area.alarms_page.view.selectRow(0)
        yield _file_name(ALARMS)
        window.show_area_panel()
        yield _file_name(AREA_PANEL)
        window.show_configured()
        yield _file_name(CONFIGURED)
        window.show_journal()
        yield _file_name(JOURNAL)
        window.show_alarm_kpis()
        yield _file_name(ALARM_KPIS)
        yield from _trends(window)
        window.show_preferences()
        yield _file_name(PREFERENCES)
    window.go_home()


def _alarms_of_a_faceplate(window: Window) -> Iterator[str]:
    """Open the alarms of what has the most urgent alarm, or of the first piece of equipment."""
    equipment = _alarmed(window.context) or next(iter(window.context.plant.equipment), "")
    if equipment:
        faceplate = window.area.open_faceplate(equipment)
        faceplate.tabs.setCurrentIndex(FACEPLATE_ALARMS)
        yield "faceplate-alarms"
        window.area.close_faceplate(faceplate)


def _trends(window: Window) -> Iterator[str]:
    """Show the last minutes of what has the most urgent alarm, or the most to show, with a cursor; then the dialogs."""
    context = window.context
    plant, table = context.plant, context.station.table
    alarmed = plant.equipment.get(_alarmed(context))
    shown = (alarmed,) if alarmed else plant.equipment.values()
    window.open_trend(max((equipment_tags(plant, table, each) for each in shown), key=len, default=()))
    page = window.area.trend_page
    if page is None:
        return
    page.model.change(lambda view: view.with_span(_TREND_US))
    start, end = page.model.window
    page.model.set_cursor(0, end - (end - start) // 50)
    yield _file_name(TRENDS)
    for name, wanted in (("range", page.toolbar.range_wanted), ("export", page.toolbar.export_wanted)):
        wanted.emit()
        yield f"{_file_name(TRENDS)}-{name}"
        window.area.close_top()


def _alarmed(context: Context) -> str:
    """Return the equipment with the most urgent alarm that nobody has acknowledged, "" if there is none."""
    return next((row.equipment for row in context.alarms.unacknowledged if row.equipment), "")


def _faceplates(window: Window, display: Display) -> Iterator[str]:
    """Open a faceplate of each type on a display, and from the first that can be commanded its dialogs."""
    area, context = window.area, window.context
    dialogs: set[str] = set()
    for equipment in _one_of_each_type(context.plant, display):
        faceplate = area.open_faceplate(equipment.name)
        yield equipment.type
        setpoints = context.type_of(equipment).faceplate.setpoints
        tag = context.member_tag(equipment, setpoints[0]) if setpoints else None
        if tag is not None and "setpoint" not in dialogs:
            dialogs.add("setpoint")
            area.ask_setpoint(equipment, tag)
            _enter_middle(area.dialogs.sheet, tag)
            yield "setpoint"
            area.close_top()
        intents = [intent for intent in command_intents(context, equipment) if _is_allowed(context, intent)]
        if intents and "confirm" not in dialogs:
            dialogs.add("confirm")
            area.ask_command(intents[0])
            yield "confirm"
            area.close_top()
        area.close_faceplate(faceplate)


def _enter_middle(sheet: Sheet | None, tag: Tag) -> None:
    """Type a value, so that the picture shows the whole dialog; nothing is sent."""
    low, high = tag.write_range
    if isinstance(sheet, SetpointDialog) and low is not None and high is not None:
        sheet.enter((low + high) / 2)


def _is_allowed(context: Context, intent: Intent) -> bool:
    return not context.station.refusals(intent.request(), context.session)


def _one_of_each_type(plant: Plant, display: Display) -> list[Equipment]:
    names = dict.fromkeys(item.equipment for item in display.layout.items if item.equipment)
    first: dict[str, Equipment] = {}
    for name in names:
        equipment = plant.equipment[name]
        first.setdefault(equipment.type, equipment)
    return list(first.values())


def _on_no_display(plant: Plant) -> list[Equipment]:
    """Return the first piece of equipment of each type that no display shows."""
    shown = {each.type for display in plant.displays.values() for each in _one_of_each_type(plant, display)}
    first: dict[str, Equipment] = {}
    for equipment in plant.equipment.values():
        if equipment.type not in shown:
            first.setdefault(equipment.type, equipment)
    return list(first.values())


def make_folder(folder: Path) -> None:
    """Make the folder of the pictures if it isn't there.

    Raises:
        PictureError: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PictureError(f"the folder {folder} can't be made: {error.strerror}") from error


def _save(window: Window, path: Path) -> Path:
    picture: QPixmap = window.grab()
    png = QBuffer()
    picture.save(png, "PNG")
    make_folder(path.parent)
    try:
        path.write_bytes(png.data().data())
    except OSError as error:
        raise PictureError(f"the picture {path} can't be written: {error.strerror}") from error
    return path


def _file_name(page: str) -> str:
    return page.removeprefix("@")
