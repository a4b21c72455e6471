"""Pictures of every view, in every theme and size that is asked for."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hmi import screenshots
from hmi.application import save_pictures
from hmi.screenshots import save_periodically, save_views, until_live
from tests.fakes.clock import ManualClock
from tests.fakes.desk import OPERATOR, Desk, demo_plant, open_desk, plausible_values
from tests.fakes.station import FakeStation


def test_every_view_is_saved_under_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    station = FakeStation(demo_plant())
    station.put(plausible_values(station.plant))
    saved = save_pictures(station, OPERATOR, tmp_path, ["dark"], [(1280, 720)])
    names = {path.name for path in saved}
    views = ("river-pumps", "river-pumps-pump", "river-pumps-setpoint", "river-pumps-confirm", "devices", "alarms", "journal")
    assert {f"{view}-dark-1280x720.png" for view in views} <= names
    assert all(QImage(str(path)).width() == 1280 for path in saved)


def test_one_display_can_be_asked_for(desk: Desk, tmp_path: Path) -> None:
    saved = desk.run(save_views(desk.window, tmp_path, ["light"], [(1280, 720)], "river-pumps"))
    assert saved
    assert all(path.name.startswith("river-pumps") for path in saved)


def test_values_that_never_come_end_the_wait(desk: Desk) -> None:
    desk.station.put({"RPS.P1.FLOW": 1.0}, quality=0x8031)
    assert desk.run(until_live(desk.window.context, within_s=0.3)) is False


def test_values_that_come_end_the_wait_at_once(desk: Desk) -> None:
    assert desk.run(until_live(desk.window.context)) is True


def test_only_the_newest_pictures_are_kept(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "KEPT", 2)
    clock = ManualClock()
    with open_desk(clock=clock) as desk:
        ended = asyncio.Event()
        seen: set[str] = set()

        def look() -> None:
            clock.advance(1)
            seen.update(path.name for path in tmp_path.iterdir())
            if len(seen) >= 4:
                ended.set()

        desk.room.ticker.tick.connect(look)
        desk.room.tasks.start(save_periodically(desk.window, tmp_path, period_s=0.01))
        desk.run(asyncio.wait_for(ended.wait(), 30))
        desk.run(desk.room.tasks.stop())
        assert len(list(tmp_path.iterdir())) <= 2
