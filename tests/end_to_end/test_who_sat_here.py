"""Somebody opens a window, mutes the alarms with the mouse, and finds in the journal what was recorded of it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from alarms.journal_query import Category, JournalRow
from hmi.alarm_journal.cells import cell_text, row_text
from hmi.alarm_journal.csv_file import JournalFile
from hmi.alarm_journal.details import facts_of
from hmi.application import run_application
from hmi.control_room import ControlRoom
from plant_models.clock import SystemClock
from station.local import LocalStation
from station.session import Session
from station.store.verify import verify_folder
from tests.end_to_end.operator import Operator
from tests.fakes.audit_rows import audit_rows
from tests.fakes.desk import demo_plant
from tests.fakes.pool import FakePool

SESSION = Session(user="mo", roles=frozenset({"operator"}), seat="desk-1", is_logged_on=False)
WORDS = ["Sound muted", "Window opened", "Station started"]


class Sitting:
    """Mutes for five minutes, then looks into the journal: all kinds, then only windows and log-ons."""

    def __init__(self, export: Path) -> None:
        self._export = export
        self.rows: list[JournalRow] = []
        self.words: list[list[str]] = []
        self.choices: list[str] = []
        self.facts: list[tuple[str, str]] = []

    def begin(self, room: ControlRoom) -> None:
        room.tasks.start(self._sit(room))

    async def _sit(self, room: ControlRoom) -> None:
        operator, window = Operator(room), room.window
        try:
            self._mute(window.top_bar.silence)
            window.show_journal()
            page = window.area.journal_page
            assert page is not None
            await operator.sees("the mute", lambda: "Sound muted" in self._events(page.table.rows, window.context))
            self.rows = list(page.table.rows)
            self.words = [[cell_text(window.context, row, at) for at in (1, 7, 8)] for row in self.rows]
            self.facts = facts_of(window.context, self.rows[0])
            file = JournalFile(self._export, window.context.zone)
            file.write(self.rows)
            file.finish()
            windows = page.bar.categories.actions_of[Category.ACCESS.value]
            windows.trigger()
            await operator.sees("only windows", lambda: [row.event for row in page.table.rows] == ["seat open"])
            windows.trigger()
            page.bar.events.actions_of["mute"].trigger()
            await operator.sees("only mutes", lambda: [row.event for row in page.table.rows] == ["mute"])
            self.choices = [windows.text(), page.bar.events.actions_of["mute"].text()]
        finally:
            window.close()

    def _mute(self, button: Any) -> None:
        at = QPoint(5, 5)
        QApplication.sendEvent(
            button, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, button.mapToGlobal(QPointF(at)).toPoint())
        )
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        (action,) = [each for each in menu.actions() if each.text() == "Mute for 5 minutes"]
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    def _events(self, rows: Any, context: Any) -> list[str]:
        return [cell_text(context, row, 1) for row in rows]


def run(folder: Path, then: Callable[[ControlRoom], None]) -> None:
    station = LocalStation(demo_plant(), folder, SystemClock(), make_pool=FakePool)
    station.start()
    try:
        assert run_application(station, SESSION, settings_folder=folder, on_ready=then) == 0
    finally:
        station.stop()


def test_a_mute_with_the_mouse_ends_as_a_row_of_the_journal_page(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    data, export = tmp_path / "data", tmp_path / "journal.csv"
    sitting = Sitting(export)
    run(data, sitting.begin)
    assert sitting.choices == ["Log-ons and windows", "Sound muted"]
    assert [words[0] for words in sitting.words if words[0] in WORDS] == WORDS
    assert sitting.words[0] == ["Sound muted", "mo", "desk-1"]
    assert row_text(sitting.rows[0]).startswith("no log-on · Until 20")
    assert ("Log-on", "no log-on") in sitting.facts
    assert ("Outcome", "") in sitting.facts
    with export.open(encoding="utf-8-sig", newline="") as file:
        (muted,) = [row for row in csv.DictReader(file) if row["event"] == "mute"]
    assert (muted["state"], muted["user"], muted["seat"], muted["category"]) == (
        "no log-on", "mo", "desk-1", "operator",
    )  # fmt: skip
    assert muted["words"].startswith("Sound muted · no log-on · Until 20")
    kinds = [row["kind"] for row in audit_rows(data, kind="")]
    assert kinds == ["start", "seat open", "mute", "seat close", "stop"]
    assert verify_folder(data).bad is None
