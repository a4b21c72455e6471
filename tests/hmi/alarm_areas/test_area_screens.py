"""Tiles above the list, and the panel across the room."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.alarm_areas.line import AreaLine
from hmi.alarm_areas.panel import AreaPanel
from hmi.alarm_areas.tile import ABOVE_LIST, MOST, ONE_LINE, AreaTile
from hmi.alarm_areas.tiles import AreaTiles
from hmi.alarm_areas.tree import OTHER
from hmi.alarms.flood_mark import FloodMark
from hmi.shell.page import ALARMS, AREA_PANEL
from hmi.theme.theme import theme
from plant_models.plant import Area
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

TRIP, LEVEL, VIBRATION = "RPS.P1.FLT.state", "TK1.LEVEL.LL", "RPS.P1.VIB.H"


@pytest.fixture
def nested(qtbot: QtBot) -> Iterator[Desk]:
    """A desk whose river pump station has areas within it."""
    del qtbot
    within = (Area("WELLS", "River wells", "RPS"), Area("SCREENS", "Screens", "WELLS"))
    with open_desk(plant=replace(demo_plant(), areas=(*demo_plant().areas, *within))) as desk:
        desk.room.ticker.stop()
        yield desk


@pytest.fixture
def tiles(desk: Desk) -> Iterator[AreaTiles]:
    made = AreaTiles(desk.window.context)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def _raise(desk: Desk, *names: str, **settings: object) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name, **settings) for name in names])
    desk.tick(5)


def _panel(desk: Desk) -> AreaPanel:
    desk.window.action_table["area_panel"].trigger()
    (panel,) = visible(desk.window, AreaPanel)
    return panel


def _colours(widget: QWidget) -> set[str]:
    image: QImage = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_there_is_a_tile_for_each_area_and_one_for_the_rest(desk: Desk, tiles: AreaTiles) -> None:
    assert list(tiles.tiles) == [*(area.name for area in desk.station.plant.areas), OTHER]
    _raise(desk, TRIP, VIBRATION)
    assert tiles.tiles["RPS"].accessibleName() == (
        "River pump station, priority 2: 1, priority 3: 1, 2 not acknowledged"
    )
    assert tiles.tiles["NET"].accessibleName() == "Network, No alarms"
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert tiles.tiles["NET"].accessibleName() == "Network, not evaluated"


def test_a_click_chooses_an_area_and_another_one_takes_it_back(tiles: AreaTiles, qtbot: QtBot) -> None:
    wanted: list[str] = []
    tiles.area_wanted.connect(wanted.append)
    tiles.resize(1648, 76)
    tiles.show()
    qtbot.mouseClick(tiles.tiles["RPS"], Qt.MouseButton.LeftButton)
    assert (tiles.chosen, tiles.tiles["RPS"].isChecked()) == ("RPS", True)
    qtbot.mouseClick(tiles.tiles["NET"], Qt.MouseButton.LeftButton)
    assert [name for name, tile in tiles.tiles.items() if tile.isChecked()] == ["NET"]
    qtbot.keyClick(tiles.tiles["NET"], Qt.Key.Key_Space)
    assert wanted == ["RPS", "NET", ""]
    tiles.hide()


def test_what_is_chosen_elsewhere_is_only_marked(tiles: AreaTiles) -> None:
    wanted: list[str] = []
    tiles.area_wanted.connect(wanted.append)
    tiles.set_chosen("LPS")
    assert tiles.tiles["LPS"].isChecked()
    tiles.set_chosen("no such area")
    assert tiles.chosen == ""
    assert not any(tile.isChecked() for tile in tiles.tiles.values())
    assert wanted == []


@pytest.mark.parametrize(("width", "columns"), [(1648, 6), (1188, 3), (480, 2), (100, 1)])
def test_tiles_fill_their_rows_evenly(tiles: AreaTiles, qtbot: QtBot, width: int, columns: int) -> None:
    rows = -(-len(tiles.tiles) // columns)
    assert tiles.heightForWidth(width) == rows * (ABOVE_LIST.height + 12) - 12
    tiles.resize(width, tiles.heightForWidth(width))
    tiles.show()
    first = [tile for tile in tiles.tiles.values() if tile.y() == 0]
    assert len(first) == columns
    assert max(tile.geometry().right() for tile in tiles.tiles.values()) == width - 1
    tiles.hide()


def test_in_a_low_window_every_area_has_a_line_in_one_row(desk: Desk, tiles: AreaTiles) -> None:
    tiles.set_low(True)
    assert tiles.heightForWidth(1188) == tiles.minimumSizeHint().height() == ONE_LINE.height
    tiles.resize(1188, ONE_LINE.height)
    _raise(desk, TRIP, VIBRATION)
    row = {(tile.y(), tile.height()) for tile in tiles.tiles.values()}
    assert row == {(0, ONE_LINE.height)}
    tile, orange = tiles.tiles["RPS"], theme().color("p2").name()
    assert orange in _colours(tile)
    assert (
        tile.toolTip()
        == tile.accessibleName()
        == ("River pump station, priority 2: 1, priority 3: 1, 2 not acknowledged")
    )
    tiles.set_low(False)
    assert tiles.tiles["NET"].height() == ABOVE_LIST.height


@pytest.mark.parametrize("state", [AlarmState.UNACK, AlarmState.ACKED, AlarmState.RTNUN])
def test_a_tile_has_the_colour_of_its_alarms_and_none_at_rest(desk: Desk, tiles: AreaTiles, state: AlarmState) -> None:
    tiles.resize(1648, 76)
    tile, red = tiles.tiles["TNK"], theme().color("p1").name()
    _raise(desk)
    assert red not in _colours(tile)
    _raise(desk, LEVEL, state=state)
    assert red in _colours(tile)
    desk.station.put_alarms([alarm(desk.station.plant, LEVEL)], is_evaluated=False)
    desk.tick(5)
    assert red not in _colours(tile), "nobody knows"


def test_counts_that_do_not_fit_shrink_and_the_largest_says_that_it_is_more(desk: Desk, tiles: AreaTiles) -> None:
    rows = [replace(row, area="RPS") for row in many_alarms(desk.station.plant, 12 * (MOST + 5))]
    desk.station.put_alarms(rows)
    desk.tick(5)
    tile = tiles.tiles["RPS"]
    tile.resize(ABOVE_LIST.least_width, ABOVE_LIST.height)
    assert tile._count_text(tile.state.present[2]) == "999+"
    assert not tile.grab().isNull()


def test_a_title_that_does_not_fit_is_a_tool_tip(desk: Desk) -> None:
    tile = AreaTile("A", "A title that is much longer than any tile is wide", ABOVE_LIST, desk.room.ticker)
    line = AreaLine("A", tile.title, 1, desk.room.ticker)
    for each in (tile, line):
        each.resize(120, 76)
        each.grab()
        assert each.toolTip() == tile.title
        each.resize(900, 76)
        each.grab()
        assert each.toolTip() == ""


def test_the_panel_has_areas_within_areas(nested: Desk) -> None:
    panel = _panel(nested)
    assert nested.window.page == AREA_PANEL
    assert list(panel.areas) == ["WTW", "RPS", "WELLS", "SCREENS", "LPS", "TNK", "NET", OTHER]
    nested.station.put_alarms([alarm(nested.station.plant, TRIP, area="SCREENS")])
    nested.tick(5)
    for name in ("RPS", "WELLS", "SCREENS"):
        assert panel.areas[name].state.present[2] == 1
    assert "1 not acknowledged" in nested.texts()
    _raise(nested)
    assert "Nothing waits" in nested.texts()
    nested.station.put_alarms([], is_evaluated=False)
    nested.tick(5)
    assert "Alarms not evaluated. Watch the values." in nested.texts()
    assert not panel.grab().isNull()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_the_panel_is_readable_across_the_room_and_stands_in_three_columns(qtbot: QtBot, size: tuple[int, int]) -> None:
    with open_desk(size=size) as desk:
        panel = _panel(desk)
        tiles = [each for each in panel.areas.values() if isinstance(each, AreaTile)]
        assert len({tile.mapTo(panel, tile.rect().topLeft()).x() for tile in tiles}) == 3
        assert min(min(tile._size.title, tile._size.count) for tile in tiles) >= 24
        assert panel.verticalScrollBar().maximum() == 0
        words = next(each for each in visible(panel, QLabel) if each.text())
        assert words.fontInfo().pixelSize() >= 24


def test_the_border_of_what_waits_blinks(nested: Desk) -> None:
    panel = _panel(nested)
    _raise(nested, LEVEL)
    tile = panel.areas["TNK"]
    edge = {tile.grab().toImage().pixelColor(4, tile.height() // 2).name()}
    nested.tick(5)
    edge.add(tile.grab().toImage().pixelColor(4, tile.height() // 2).name())
    assert theme().color("p1").name() in edge
    assert len(edge) == 2


def test_a_click_on_an_area_of_the_panel_lists_its_alarms(nested: Desk, qtbot: QtBot) -> None:
    nested.station.put_alarms(
        [alarm(nested.station.plant, VIBRATION, area="WELLS"), alarm(nested.station.plant, "RPS.P2.VIB.H")]
    )
    panel = _panel(nested)
    nested.tick(5)
    qtbot.mouseClick(panel.areas["WELLS"], Qt.MouseButton.LeftButton)
    assert nested.window.page == ALARMS
    page = nested.window.area.alarms_page
    assert page is not None
    assert [row.name for row in page.table.alarms] == [VIBRATION]
    assert any(text.endswith("River wells") for text in nested.texts())


def test_the_panel_says_that_it_is_muted(desk: Desk) -> None:
    _panel(desk)
    desk.window.mute(5)
    assert "Alarm sound is muted for 5 min" in desk.texts()
    desk.window.unmute()
    assert not any("muted" in text for text in desk.texts())


def test_a_flood_is_told_since_when_and_how_bad_it_is(qtbot: QtBot) -> None:
    clock = ManualClock(wall_us=1_782_907_269_000_000)  # 1 July 2026, 12:01:09 UTC
    with open_desk(clock=clock) as desk:
        mark = FloodMark(desk.window.context)
        qtbot.addWidget(mark)
        assert mark.isHidden()
        mark.show_load(clock.wall_us() - 300_000_000, 14)
        assert mark.accessibleName() == "Alarm flood since 12:56, 14 in 10 min"
        assert not mark.isHidden()
        mark.show_load(clock.wall_us() - 86_400_000_000, 9)
        assert mark.accessibleName() == "Alarm flood since 2026-06-30 13:01, 9 in 10 min"
        mark.show_load(None, 2)
        assert mark.isHidden()


def test_what_nobody_sees_is_counted_when_it_is_seen_again(desk: Desk, tiles: AreaTiles) -> None:
    panel = _panel(desk)
    tiles.hide()
    desk.window.go_home()
    _raise(desk, TRIP)
    assert panel.areas["RPS"].state.present[2] == tiles.tiles["RPS"].state.present[2] == 0
    tiles.show()
    _panel(desk)
    assert panel.areas["RPS"].state.present[2] == tiles.tiles["RPS"].state.present[2] == 1
