"""Items of maps and overviews: junctions, mains with the direction of their flow, tiles, links, signs, scales."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.displays.items.bar import BarItem
from hmi.displays.items.base import DisplayItem
from hmi.displays.items.flow import FlowItem
from hmi.displays.items.node import NodeItem
from hmi.displays.items.plain import LinkItem
from hmi.displays.items.tile import TileItem
from hmi.displays.items.value import ValueItem
from hmi.displays.scene import KINDS
from hmi.live import Live
from hmi.theme.theme import install_theme, theme
from plant_models.display import Item
from plant_models.quality import Quality
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation

BOX = (20, 20, 160, 40)
LINE = ((20, 40), (60, 40), (180, 40))


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    undo = install_theme(qapp, "light")
    yield
    undo()


@pytest.fixture
def station() -> FakeStation:
    return drawn_station()


def make(station: FakeStation, kind: str, **fields: Any) -> DisplayItem:
    item = Item("x", kind, fields.pop("box", BOX), **fields)
    return KINDS[kind](item, Live(station))


def drawn(item: DisplayItem) -> QImage:
    image = QImage(200, 80, QImage.Format.Format_RGB32)
    image.fill(theme().color("canvas"))
    painter = QPainter(image)
    item.draw_static(painter)
    item.draw(painter)
    painter.end()
    return image


def columns(image: QImage, role: str) -> list[int]:
    """Return the x of all columns that hold the colour of a role."""
    colour = theme().color(role).rgb()
    return [x for x in range(image.width()) if any(image.pixel(x, y) == colour for y in range(image.height()))]


def height_at(image: QImage, x: int, role: str) -> int:
    colour = theme().color(role).rgb()
    return sum(image.pixel(x, y) == colour for y in range(image.height()))


def flow(station: FakeStation, **fields: Any) -> FlowItem:
    item = make(station, "flow", box=(0, 0, 0, 0), tag="P1.FLOW", points=LINE, **fields)
    assert isinstance(item, FlowItem)
    return item


@pytest.mark.parametrize(("value", "wide", "narrow"), [(250.0, 116, 124), (-250.0, 124, 116)])
def test_the_arrow_of_a_main_points_with_the_flow(station: FakeStation, value: float, wide: int, narrow: int) -> None:
    station.put({"P1.FLOW": value})
    image = drawn(flow(station))
    assert height_at(image, wide, "pipe") > height_at(image, narrow, "pipe") > 3


def test_a_main_without_flow_has_no_arrow(station: FakeStation) -> None:
    station.put({"P1.FLOW": 0.2})
    image = drawn(flow(station))
    assert {height_at(image, x, "pipe") for x in range(30, 170)} == {4}


def test_a_main_of_unknown_flow_is_dashed_and_claims_no_direction(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0}, Quality.BAD_NO_COMMUNICATION)
    image = drawn(flow(station))
    assert columns(image, "pipe") == []
    dashes = columns(image, "stale")
    assert 20 < len(dashes) < 140


def test_a_main_is_drawn_again_only_when_its_direction_changes(station: FakeStation) -> None:
    item = flow(station)
    station.put({"P1.FLOW": 100.0})
    assert not item.refresh()
    station.put({"P1.FLOW": -100.0})
    assert item.refresh()
    station.put({"P1.FLOW": -100.0}, Quality.BAD_NO_COMMUNICATION)
    assert item.refresh()


def test_the_middle_of_a_main_can_be_clicked(station: FakeStation) -> None:
    item = flow(station)
    assert item.box.center() == QPointF(120, 40)
    assert item.opens == "P1"
    assert make(station, "flow", tag="P1.FLOW", points=LINE).box == QRectF(*BOX)


def test_an_arrow_that_has_no_room_is_left_out(station: FakeStation) -> None:
    item = make(station, "flow", box=(0, 0, 0, 0), tag="P1.FLOW", points=((20, 40), (36, 40)))
    image = drawn(item)
    assert max(height_at(image, x, "pipe") for x in range(20, 36)) == 4


@pytest.mark.parametrize(
    ("values", "quality", "role"),
    [
        ({"P1.RUN": 1.0}, Quality.GOOD, "run"),
        ({"P1.RUN": 0.0}, Quality.GOOD, "stop"),
        ({"P1.FLT": 1.0}, Quality.GOOD, "stop"),
        ({"P1.FLT": 0.0}, Quality.BAD_NO_COMMUNICATION, "stale"),
    ],
)
@pytest.mark.parametrize(("kind", "options"), [("node", {}), ("tile", {"text": "1"})])
def test_dots_and_tiles_take_the_look_of_their_equipment(
    station: FakeStation, kind: str, options: dict[str, Any], values: dict[str, float], quality: int, role: str
) -> None:
    station.put(values, quality)
    item = make(station, kind, box=(80, 20, 40, 40), equipment="P1", options=options)
    assert isinstance(item, NodeItem | TileItem)
    assert columns(drawn(item), role)
    assert (columns(drawn(item), "run") != []) == (role == "run")
    assert item.opens == "P1"


def test_a_failed_tile_has_a_cross_and_no_number(station: FakeStation) -> None:
    running = drawn(make(station, "tile", box=(80, 20, 40, 40), equipment="P1", options={"text": "1"}))
    station.put({"P1.FLT": 1.0})
    failed = drawn(make(station, "tile", box=(80, 20, 40, 40), equipment="P1", options={"text": "1"}))
    assert columns(running, "mark_on_run")
    assert columns(failed, "mark_on_stop")
    assert len(columns(failed, "mark_on_stop")) > len(columns(running, "mark_on_run"))


def test_a_tile_changes_with_its_equipment(station: FakeStation) -> None:
    item = make(station, "tile", equipment="P1", options={"text": "1"})
    assert not item.refresh()
    station.put({"P1.RUN": 0.0})
    assert item.refresh()
    assert item.accessible_text().startswith("Pump one, Standby")


def test_a_value_may_show_its_sign_as_a_triangle(station: FakeStation) -> None:
    pictures = []
    for value in (120.0, -120.0):
        station.put({"P1.FLOW": value})
        pictures.append(drawn(make(station, "value", tag="P1.FLOW", options={"direction": True, "show_unit": False})))
    up, down = pictures
    assert up != down
    # The numbers are the same: nothing but the triangle at the left differs.
    assert columns(up, "value") == columns(down, "value")
    assert min(columns(up, "text")) == min(columns(down, "text")) < min(columns(up, "value"))
    assert columns(up, "text")[-1] < min(columns(up, "value"))


def test_a_direction_that_is_not_known_has_no_triangle(station: FakeStation) -> None:
    station.put({"P1.FLOW": 120.0}, Quality.BAD_NO_COMMUNICATION)
    image = drawn(make(station, "value", tag="P1.FLOW", options={"direction": True}))
    assert columns(image, "text") == []
    assert columns(image, "stale")


def test_on_a_map_values_are_written_as_text(station: FakeStation) -> None:
    image = drawn(make(station, "value", tag="P1.FLOW", options={"role": "text"}))
    assert isinstance(make(station, "value", tag="P1.FLOW"), ValueItem)
    assert columns(image, "text")
    assert columns(image, "value") == []


def test_a_bar_between_other_ends_moves_its_pointer_and_keeps_only_the_limits_on_it(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0})
    wide = drawn(make(station, "bar", tag="P1.FLOW"))
    narrow = make(station, "bar", tag="P1.FLOW", options={"scale": [240, 420]})
    assert isinstance(narrow, BarItem)
    assert max(columns(wide, "value")) > 95
    assert max(columns(drawn(narrow), "value")) < 45
    # Of the limits 100, 400 and 450 only 400 lies between the ends.
    assert columns(drawn(narrow), "band")[-1] < columns(drawn(narrow), "track")[-1]
    assert columns(drawn(narrow), "limit") == []


def test_the_way_back_has_its_chevron_in_front(station: FakeStation) -> None:
    forward = drawn(make(station, "link", options={"display": "page", "text": "Up"}))
    back = make(station, "link", options={"display": "page", "text": "Up", "back": True})
    assert isinstance(back, LinkItem)
    assert back.opens == "page"
    assert min(columns(forward, "text")) < 24
    assert min(columns(drawn(back), "text")) >= 40
