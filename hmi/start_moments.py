"""Notes in the log what people wait for at a start: the window, and the values on it. GUI thread.

Seconds count from the first line of main.py; Python itself takes some hundredths of a second before that.
"""

import asyncio
from typing import Final

import numpy as np
import structlog
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject

from hmi.context import Context
from hmi.settling import until_true
from hmi.shell.window import Window
from plant_models.clock import BEGUN_NS
from plant_models.quality import good_mask

WINDOW_SHOWN: Final = "hmi: window shown"
VALUES_LIVE: Final = "hmi: values are live"
_LOG: Final = structlog.get_logger(__name__)


async def note_moments(window: Window) -> None:
    """Note when the window, which was just shown, is on the screen, and when its first display has only good values."""
    context = window.context
    await _until_exposed(window)
    _LOG.info(WINDOW_SHOWN, after_s=_age_s(context))
    table, rows = context.station.table, home_rows(context)
    await until_true(context, lambda: bool(good_mask(table.read(rows).qualities).all()), within_s=None)
    _LOG.info(VALUES_LIVE, after_s=_age_s(context), tags=len(rows))


def home_rows(context: Context) -> NDArray[np.intp]:
    """Return the rows that the first display depends on: its tags, and those that tell the state of its equipment."""
    display = context.plant.displays.get(context.plant.home)
    rows: set[int] = set()
    for item in display.layout.items if display else ():
        row = context.live.row(item.tag)
        rows.update(() if row is None else (row,))
        rows.update(context.live.rows(item.equipment) if item.equipment in context.plant.equipment else ())
    return np.array(sorted(rows), np.intp)


async def _until_exposed(window: Window) -> None:
    """Return when the window was painted on the screen for the first time."""
    handle = window.windowHandle()
    exposure = _Exposure()
    handle.installEventFilter(exposure)
    try:
        if not handle.isExposed():
            await exposure.seen.wait()
    finally:
        handle.removeEventFilter(exposure)


class _Exposure(QObject):
    """Sets `seen` at the first exposure; who waits for it goes on after the painting that belongs to it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = asyncio.Event()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() == QEvent.Type.Expose:
            self.seen.set()
        return False


def _age_s(context: Context) -> float:
    return float(round((context.clock.mono_ns() - BEGUN_NS) / 1e9, 3))
