"""A value that somebody entered is marked M also where no number tells it."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.displays.items.base import DisplayItem
from hmi.displays.scene import KINDS
from hmi.live import Live
from hmi.theme.theme import install_theme, theme
from plant_models.display import Item
from plant_models.quality import Quality
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation

SIZE = 120
BOX = (30.0, 30.0, 60.0, 60.0)
SPARK = (20.0, 30.0, 80.0, 40.0)
LINE = ((20.0, 40.0), (100.0, 40.0))
LEVEL = {"orientation": "v"}

GRAPHICS: dict[str, tuple[Item, dict[str, float]]] = {
    "bar": (Item("x", "bar", BOX, tag="P1.FLOW"), {"P1.FLOW": 318.0}),
    "bar at its end": (Item("x", "bar", BOX, tag="P1.FLOW"), {"P1.FLOW": 500.0}),
    "setpoint of a bar": (
        Item("x", "bar", BOX, tag="P1.FLOW", options={"setpoint_tag": "P1.SPEED_SP"}),
        {"P1.SPEED_SP": 300.0},
    ),
    "upright bar": (Item("x", "bar", BOX, tag="TK.LEVEL", options=LEVEL), {"TK.LEVEL": 60.0}),
    "upright bar at its end": (Item("x", "bar", BOX, tag="TK.LEVEL", options=LEVEL), {"TK.LEVEL": 100.0}),
    "level of a vessel": (Item("x", "symbol", BOX, equipment="TK"), {"TK.LEVEL": 60.0}),
    "equipment": (Item("x", "symbol", BOX, equipment="P1"), {"P1.RUN": 1.0}),
    "equipment at rest": (Item("x", "symbol", BOX, equipment="P1"), {"P1.RUN": 0.0}),
    "a trip that was taken back": (Item("x", "symbol", BOX, equipment="P1"), {"P1.FLT": 0.0}),
    "symbol of a tag": (Item("x", "symbol", BOX, tag="P1.RUN", options={"symbol": "gate_valve"}), {"P1.RUN": 1.0}),
    "junction": (Item("x", "node", (50.0, 50.0, 12.0, 12.0), equipment="P1"), {"P1.RUN": 1.0}),
    "main": (Item("x", "flow", (0.0, 0.0, 0.0, 0.0), tag="P1.FLOW", points=LINE), {"P1.FLOW": 318.0}),
    "main that stands": (Item("x", "flow", (0.0, 0.0, 0.0, 0.0), tag="P1.FLOW", points=LINE), {"P1.FLOW": 0.0}),
    "sparkline": (Item("x", "sparkline", SPARK, tag="P1.FLOW"), {"P1.FLOW": 318.0}),
}


@pytest.fixture(params=["light", "dark"])
def station(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[FakeStation]:
    undo = install_theme(qapp, request.param)
    yield drawn_station()
    undo()


def _drawn(item: DisplayItem) -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(theme().color("canvas"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item.draw(painter)
    return image


def _differing(one: QImage, other: QImage) -> list[tuple[int, int]]:
    return [(x, y) for x in range(SIZE) for y in range(SIZE) if one.pixel(x, y) != other.pixel(x, y)]


@pytest.mark.parametrize("name", GRAPHICS)
def test_a_graphic_without_a_number_shows_that_its_value_was_entered(station: FakeStation, name: str) -> None:
    shape, values = GRAPHICS[name]
    station.put(values)
    item = KINDS[shape.kind](shape, Live(station))
    as_measured = _drawn(item)
    station.put(values, Quality.GOOD_LOCAL_OVERRIDE)
    assert item.refresh(), "the quality alone is a change"
    marked = _differing(as_measured, _drawn(item))
    assert len(marked) > 20
    assert all(item.rect.contains(x + 0.5, y + 0.5) for x, y in marked), "nothing is drawn beyond what is repainted"
    station.put(values)
    assert item.refresh()
    assert _drawn(item) == as_measured


def test_where_the_number_has_the_mark_the_bar_needs_none(station: FakeStation) -> None:
    shape = Item("x", "bar", BOX, tag="P1.FLOW", options={"show_value": True})
    item: Any = KINDS["bar"](shape, Live(station))
    station.put({"P1.FLOW": 318.0}, Quality.GOOD_LOCAL_OVERRIDE)
    item.refresh()
    assert not item._marks.is_manual
    assert item.accessible_text().endswith("M 318 m³/h")


def test_what_can_not_be_trusted_has_its_own_mark(station: FakeStation) -> None:
    station.put({"P1.FLT": 0.0}, Quality.GOOD_LOCAL_OVERRIDE)
    station.put({"P1.RUN": 1.0}, Quality.BAD_NO_COMMUNICATION)
    condition = Live(station).condition("P1")
    assert (condition.word, condition.look, condition.is_manual) == ("No communication", "bad", False)
