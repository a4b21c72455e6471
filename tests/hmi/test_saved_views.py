"""Pictures of every view, in every theme and size that is asked for."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hmi import screenshots
from hmi.application import save_pictures
from hmi.screenshots import PictureError, Saved, save_periodically, save_views
from hmi.settling import until_live, until_settled
from station.stop_request import StopRequest
from tests.fakes.clock import ManualClock
from tests.fakes.desk import OPERATOR, Desk, demo_plant, open_desk, plausible_values
from tests.fakes.station import FakeStation


def test_every_view_is_saved_under_its_name(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "_SETTLE_S", 0.05)
    station = FakeStation(demo_plant())
    station.put(plausible_values(station.plant))
    saved = save_pictures(station, OPERATOR, tmp_path, ["dark"], [(1280, 720)])
    assert saved.problem == ""
    names = {path.name for path in saved.files}
    pages = (
        "devices",
        "history",
        "alarms",
        "journal",
        "trends",
        "trends-range",
        "trends-export",
        "preferences",
        "faceplate-alarms",
    )
    views = ("river-pumps", "river-pumps-pump", "river-pumps-setpoint", "river-pumps-confirm", *pages)
    assert {f"{view}-dark-1280x720.png" for view in views} <= names
    assert all(QImage(str(path)).width() == 1280 for path in saved.files)
    used = {equipment.type for equipment in station.plant.equipment.values()}
    assert {kind for kind in used if not any(f"-{kind}-dark" in name for name in names)} == set()


def test_one_display_can_be_asked_for(desk: Desk, tmp_path: Path) -> None:
    saved = desk.run(save_views(desk.window, tmp_path, ["light"], [(1280, 720)], "river-pumps"))
    assert saved
    assert all(path.name.startswith("river-pumps") for path in saved)


def test_values_that_never_come_end_the_wait(desk: Desk) -> None:
    desk.station.put({"RPS.P1.FLOW": 1.0}, quality=0x8031)
    assert desk.run(until_live(desk.window.context, within_s=0.3)) == ("RPS.P1.FLOW",)


def test_values_that_come_end_the_wait_at_once(desk: Desk) -> None:
    assert desk.run(until_live(desk.window.context)) == ()


def test_pictures_of_dead_values_are_saved_and_the_tags_named(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmi.application.until_live", partial(until_live, within_s=0.2))
    station = FakeStation(demo_plant())
    station.put(plausible_values(station.plant))
    station.put({"RPS.P1.FLOW": 1.0, "RPS.P2.FLOW": 1.0}, quality=0x8031)
    saved = save_pictures(station, OPERATOR, tmp_path, ["light"], [(1280, 720)], "river-pumps")
    assert saved.unknown_tags == ("RPS.P1.FLOW", "RPS.P2.FLOW")
    assert saved.problem.startswith(
        f"2 of {saved.tags} tags on the displays have no good value after 20 s: RPS.P1.FLOW"
    )
    assert all(path.exists() for path in saved.files)
    assert saved.tags > 10


def test_only_the_first_dead_tags_are_named() -> None:
    saved = Saved((), 40, tuple(f"T{number}" for number in range(30)))
    assert saved.problem.endswith("30 of 40 tags on the displays have no good value after 20 s: T0, T1, T2, T3, T4, …")


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_waited_for(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    station = FakeStation(demo_plant())  # its values never come: nothing must wait for them
    with pytest.raises(PictureError, match=r"file/x can't be made: Not a directory"):
        save_pictures(station, OPERATOR, tmp_path / "file" / "x", ["light"], [(1280, 720)])


def test_a_request_to_end_is_obeyed_while_values_are_waited_for(qtbot: QtBot, tmp_path: Path) -> None:
    station, stop = FakeStation(demo_plant()), StopRequest()  # its values never come
    stop.make()
    with pytest.raises(PictureError, match="stopped before all pictures were saved"):
        save_pictures(station, OPERATOR, tmp_path, ["light"], [(1280, 720)], stop=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_cannot_be_written_is_a_clear_error(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "river-pumps-light-1280x720.png").mkdir()
    with pytest.raises(PictureError, match=r"river-pumps-light-1280x720\.png can't be written: Is a directory"):
        desk.run(save_views(desk.window, tmp_path, ["light"], [(1280, 720)], "river-pumps"))


def test_a_picture_now_and_then_that_cannot_be_written_ends_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    desk.room.tasks.start(save_periodically(desk.window, tmp_path / "file" / "x", period_s=0.01))
    desk.run(asyncio.sleep(0.3))
    assert len(desk.room.tasks) == 1
    desk.run(desk.room.tasks.stop())


def _climb(clock: ManualClock, desk: Desk, step: float, seconds_each: float) -> None:
    """Let each tick pass some time and move a flow by `step` m³/h."""
    flow = 1000.0

    def move() -> None:
        nonlocal flow
        flow += step
        clock.advance(seconds_each)
        desk.station.put({"RPS.P1.FLOW": flow})

    desk.room.ticker.tick.connect(move)


def test_values_at_rest_are_settled_after_two_seconds(qtbot: QtBot) -> None:
    clock = ManualClock()
    with open_desk(clock=clock) as desk:
        before_ns = clock.mono_ns()
        _climb(clock, desk, step=0.5, seconds_each=0.5)
        assert desk.run(until_settled(desk.window.context, within_s=10)) is True
        assert 2.0 <= (clock.mono_ns() - before_ns) / 1e9 <= 3.0


def test_a_plant_that_goes_on_moving_is_not_waited_for_without_end(qtbot: QtBot) -> None:
    clock = ManualClock()
    with open_desk(clock=clock) as desk:
        _climb(clock, desk, step=100.0, seconds_each=0.5)
        assert desk.run(until_settled(desk.window.context, within_s=1.0)) is False


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
