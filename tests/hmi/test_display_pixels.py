"""The displays of the demo plant, drawn: grey at rest, and nothing lost in either theme or size."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hmi.displays.view import DisplayView
from hmi.drawing.text import TextStyle, text_width
from hmi.theme.theme import install_theme, theme
from hmi.ticker import Ticker
from plant_models.paths import RESOURCES
from plant_models.plant import Plant
from plant_models.project import load_plant
from plant_models.quality import Quality
from tests.fakes.pixels import pixels_of, saturated_share
from tests.fakes.station import FakeStation

SIZES = ((1696, 968), (1220, 620))
FOLDER = RESOURCES / "plants" / "netherby"
DISPLAYS = sorted(path.stem for path in (FOLDER / "displays").glob("*.json") if not path.stem.endswith(".compact"))


@cache
def demo_plant() -> Plant:
    return load_plant(FOLDER)


@pytest.fixture(params=DISPLAYS)
def plant(request: pytest.FixtureRequest) -> Plant:
    """Return the demo plant with each of its displays as the first one."""
    return replace(demo_plant(), home=request.param)


def _normal(plant: Plant) -> Mapping[str, float]:
    """Return a value in the middle of its range for each tag; counters stand at 4,218, states at their second word."""
    measured = [tag for tag in plant.tags if not tag.is_text]
    values = {tag.name: 1.0 if tag.states else ((tag.low or 0) + (tag.high or 1)) / 2 for tag in measured}
    return {name: min(value, 4_218.0) for name, value in values.items()}


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    undo = install_theme(qapp, request.param)
    yield request.param
    undo()
    theme().set_name("light")


def _view(plant: Plant, station: FakeStation, size: tuple[int, int], qtbot: QtBot) -> DisplayView:
    ticker = Ticker()
    ticker.stop()
    view = DisplayView(plant.displays[plant.home], station, ticker)
    ticker.setParent(view)
    qtbot.addWidget(view)
    view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.mark.parametrize("size", SIZES)
def test_a_plant_at_rest_is_grey(themed: str, plant: Plant, size: tuple[int, int], qtbot: QtBot) -> None:
    station = FakeStation(plant)
    station.put(_normal(plant))
    share = saturated_share(pixels_of(_view(plant, station, size, qtbot)))
    assert 0 < share <= 0.01


@pytest.mark.parametrize("size", SIZES)
def test_without_communication_no_value_colour_is_left(
    themed: str, plant: Plant, size: tuple[int, int], qtbot: QtBot
) -> None:
    station = FakeStation(plant)
    station.put(_normal(plant))
    station.put(_normal(plant), Quality.BAD_NO_COMMUNICATION)
    colour = theme().color("value")
    pixels = pixels_of(_view(plant, station, size, qtbot))
    assert not (pixels == (colour.red(), colour.green(), colour.blue())).all(axis=2).any()


@pytest.mark.parametrize("size", SIZES)
def test_every_item_lies_inside_its_layout_and_draws_something(
    themed: str, plant: Plant, size: tuple[int, int], qtbot: QtBot
) -> None:
    station = FakeStation(plant)
    station.put(_normal(plant))
    view = _view(plant, station, size, qtbot)
    assert view.scene.layout.size == size
    pixels = pixels_of(view)
    for item in view.scene.items:
        box = item.box.toRect()
        if not box.isEmpty():
            assert view.rect().contains(box), item.item.id
            assert pixels[box.top() : box.bottom(), box.left() : box.right()].std() > 0, item.item.id


def test_texts_of_the_display_fit_their_boxes(themed: str, plant: Plant, qtbot: QtBot) -> None:
    display = plant.displays[plant.home]
    for layout in (display.layout, display.compact):
        assert layout is not None
        for item in layout.items:
            if item.kind in ("text", "link"):
                options, chevron = item.options, 22 if item.kind == "link" else 0
                weight = options.get("weight", 500 if item.kind == "link" else 400)
                style = TextStyle(options.get("size", 15), weight, condensed=bool(options.get("condensed")))
                text = options.get("text") or plant.displays[options["display"]].title
                assert text_width(text, style) + chevron <= item.box[2], item.id
                assert style.size >= 15, item.id
