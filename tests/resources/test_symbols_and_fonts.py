"""Symbols and fonts as data: complete, licensed, and loading nothing from outside."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plant_models.paths import RESOURCES

SYMBOLS = sorted((RESOURCES / "symbols").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
PAINT_CLASSES = {"b", "v", "l", "s", "o", "m", "n", "e"}
"""Body, vessel, liquid and its surface, outline, solid mark, line mark, mark outside: what a theme repaints."""

each_symbol = pytest.mark.parametrize("path", SYMBOLS, ids=lambda path: path.stem)


@each_symbol
def test_symbol_is_drawn_on_the_64_grid_and_names_its_stopped_look(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == "0 0 64 64"
    assert root.findtext(f"{SVG}title")
    assert re.fullmatch(r"\d+(\.\d+)? \d+(\.\d+)?", root.get("data-centre", ""))
    assert root.get("data-stop") in ("hollow", "bar", "square", "fill", None)


@each_symbol
def test_every_shape_of_a_symbol_can_be_repainted(path: Path) -> None:
    shapes = [element for element in ElementTree.parse(path).getroot() if element.tag != f"{SVG}title"]
    assert shapes
    assert all(element.get("class") in PAINT_CLASSES for element in shapes)


@each_symbol
def test_symbol_loads_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"href|url\(|<script|<image|<!|://", text)


def test_fonts_come_with_their_licence() -> None:
    fonts = {path.stem for path in (RESOURCES / "fonts").glob("*.ttf")}
    assert fonts >= {"IBMPlexSans-Regular", "IBMPlexSans-Medium", "IBMPlexSans-SemiBold", "IBMPlexSans-Bold"}
    licence = (RESOURCES / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Plex" in licence
