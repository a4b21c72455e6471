"""A new equipment type is data only: its own symbol is drawn, on the display and on the faceplate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hmi.faceplate.state import State
from hmi.symbols.source import install_symbols, symbol_source
from plant_models.plant import Plant
from plant_models.project import init_plant, load_plant
from tests.fakes.blower import BLOWER, SYMBOL
from tests.fakes.desk import Desk, open_desk

ITEM = '  {"id": "b1", "kind": "symbol", "box": [900, 700, 72, 72], "equipment": "B1"},\n'


def _plant_with_a_blower(folder: Path) -> Plant:
    init_plant(folder)
    (folder / "equipment").mkdir(exist_ok=True)
    (folder / "equipment" / "rotor.toml").write_text(BLOWER.replace('"blower"', '"rotor"'))
    (folder / "symbols").mkdir(exist_ok=True)
    (folder / "symbols" / "rotor.svg").write_text(SYMBOL)
    with (folder / "equipment.csv").open("a") as table:
        table.write("B1,rotor,My rotor,PS1,,,,,,,,PLC1,hr:700\n")
    display = folder / "displays" / "overview.json"
    text = display.read_text()
    assert '  {"id": "level"' in text
    display.write_text(text.replace('  {"id": "level"', f'{ITEM}  {{"id": "level"', 1))
    return load_plant(folder)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    del qtbot
    with open_desk(plant=_plant_with_a_blower(tmp_path / "works")) as desk:
        yield desk


def test_a_new_equipment_type_as_data_only_is_drawn_with_its_own_symbol(desk: Desk) -> None:
    view = desk.window.area.view
    assert view is not None
    spot = view.hotspot("B1")
    assert spot is not None
    desk.station.put({"B1.RUN": 1.0})
    desk.tick()
    image = view.grab(spot.geometry()).toImage()
    body = image.pixelColor(image.rect().center())
    corner = image.pixelColor(image.width() // 2, 4)
    assert body.lightness() != corner.lightness()


def test_its_faceplate_opens_with_the_same_symbol(desk: Desk) -> None:
    faceplate = desk.window.area.open_faceplate("B1")
    desk.tick()
    state = faceplate.findChild(State)
    image = state.grab().toImage()
    assert len({image.pixel(x, image.height() // 2) for x in range(64)}) > 2
    assert symbol_source("rotor").root.find("{http://www.w3.org/2000/svg}circle") is not None


def test_the_symbols_of_a_plant_go_with_its_window(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(plant=_plant_with_a_blower(tmp_path / "works")):
        assert symbol_source("rotor").name == "rotor"
    with pytest.raises(FileNotFoundError):
        symbol_source("rotor")


def test_a_symbol_of_the_plant_goes_before_the_program_s(tmp_path: Path) -> None:
    (tmp_path / "symbols").mkdir()
    (tmp_path / "symbols" / "tank.svg").write_text(SYMBOL)
    assert symbol_source("tank").is_vessel
    undo = install_symbols(tmp_path)
    assert not symbol_source("tank").is_vessel
    undo()
    assert symbol_source("tank").is_vessel


def test_a_file_that_is_no_symbol_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "symbols").mkdir()
    (tmp_path / "symbols" / "bad.svg").write_text("<!DOCTYPE svg><svg/>")
    with pytest.raises(ValueError, match=r"bad\.svg:1:\d+: a document type declaration"):
        install_symbols(tmp_path)
