"""Mistakes in a symbol of the plant's own, found where they stand in the SVG."""

from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from plant_models.symbol_file import symbol_mistakes
from tests.fakes.blower import SYMBOL
from tests.fakes.plant_folder import PlantFolder

CIRCLE = '<circle class="b" cx="32" cy="32" r="20"/>'


def found(plant: PlantFolder, old: str, new: str) -> list[str]:
    assert old in SYMBOL
    plant.write("symbols/rotor.svg", SYMBOL.replace(old, new, 1))
    return [text.removeprefix("symbols/rotor.svg:") for text in plant.check()]


def test_a_symbol_without_mistakes(plant: PlantFolder) -> None:
    assert found(plant, CIRCLE, f"<title>Rotor</title>\n{CIRCLE}") == []


@pytest.mark.parametrize("file", sorted((RESOURCES / "symbols").glob("*.svg")), ids=lambda file: file.stem)
def test_every_symbol_of_the_program_keeps_the_rules(file: Path) -> None:
    assert list(symbol_mistakes(file.read_text(encoding="utf-8"))) == []


def test_broken_xml(plant: PlantFolder) -> None:
    assert found(plant, CIRCLE, f"\n{CIRCLE[:-2]}") == [
        "2:41: not XML: not well-formed (invalid token); save it again as plain SVG"
    ]


def test_empty_file(plant: PlantFolder) -> None:
    assert found(plant, SYMBOL, "") == ["1:1: not XML: no element found; save it again as plain SVG"]


def test_bytes_that_are_no_text(plant: PlantFolder) -> None:
    plant.write("symbols/rotor.svg", b"\x89PNG\xff\xfe")
    (text,) = plant.check()
    assert text.startswith("symbols/rotor.svg:1:1: byte 0 (0x89) is not UTF-8")


def test_entities_that_would_grow_without_end(plant: PlantFolder) -> None:
    entities = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n'
    (text,) = found(plant, "<svg", f"{entities}<svg")
    assert text.endswith("a document type declaration, which may declare entities; remove <!DOCTYPE ...>")


def test_a_symbol_of_a_megabyte(plant: PlantFolder) -> None:
    (text,) = found(plant, CIRCLE, CIRCLE * 30_000)
    assert text == "1:1: the file is longer than 100000 characters; draw it with fewer points"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<svg", "<html", "not XML: mismatched tag"),
        (' viewBox="0 0 64 64"', "", 'no viewBox; draw on the 64 x 64 grid: viewBox="0 0 64 64"'),
        ("0 0 64 64", "0 0 24 24", "viewBox '0 0 24 24'; draw on the 64 x 64 grid"),
        ("0 0 64 64", "0 0 64 nan", "viewBox '0 0 64 nan'; draw on the 64 x 64 grid"),
        ("viewBox", 'data-stop="square dance" viewBox', "unknown data-stop 'square dance'; use one of hollow, bar"),
        ("viewBox", 'data-centre="32" viewBox', "data-centre '32'; write 2 finite numbers"),
        ("viewBox", 'data-bar="a b c d" viewBox', "data-bar 'a b c d'; write 4 finite numbers"),
        ('class="b"', 'class="body"', "unknown class 'body'; use one of b, v, l, s, o, m, n, e"),
        (' class="b"', "", "<circle> without a class; use one of b, v, l, s, o, m, n, e"),
        (CIRCLE, f'<g class="b">{CIRCLE}</g>', "element <g>; draw with path, circle"),
        (CIRCLE, "<script>alert(1)</script>", "element <script>; draw with path, circle"),
        (CIRCLE, '<image href="http://x/y.png"/>', "element <image>; draw with path, circle"),
        (CIRCLE, f'<path class="b" d="M0 0">{CIRCLE}</path>', "<circle> lies inside another element; make it a direct"),
        ("cx=", 'fill="URL(#a)" cx=', "fill refers to something else; remove it: a symbol loads nothing"),
        ("cx=", 'href="file:///etc/passwd" cx=', "href refers to something else; remove it: a symbol loads nothing"),
        ("cx=", 'onload="x()" cx=', "attribute onload; remove it: the class alone"),
        ("cx=", 'style="fill:red" cx=', "attribute style; remove it: the class alone"),
        ("<svg", '<?xml-stylesheet href="x.css"?><svg', "an instruction <?xml-stylesheet ...>; remove it"),
    ],
)
def test_what_a_symbol_may_not_be(plant: PlantFolder, old: str, new: str, told: str) -> None:
    texts = found(plant, old, new)
    assert any(text.partition(" ")[2].startswith(told) for text in texts), texts
