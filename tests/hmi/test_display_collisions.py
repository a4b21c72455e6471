"""The displays of the demo plant with the longest that can stand in them: nothing touches its neighbour or is cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from hmi.alarms.glyph import glyph_box
from hmi.displays.alarm_layer import COMPACT_OUT, FULL, OUT, SIDE
from hmi.drawing.state_text import WORD_HEIGHT
from hmi.drawing.text import TextStyle, text_width
from hmi.drawing.value import unit_size
from hmi.numbers import number_text
from hmi.theme.theme import install_theme
from plant_models.display import Item, Layout
from plant_models.display_options import StateOptions
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.tag import Tag

PLANT = load_plant(RESOURCES / "plants" / "netherby")
TAGS = {tag.name: tag for tag in PLANT.tags}
LAYOUTS = {
    f"{display.name} {name}": layout
    for display in PLANT.displays.values()
    for name, layout in (("full", display.layout), ("compact", display.compact))
    if layout is not None
}
BESIDE = ("text", "value", "bar", "symbol", "tile", "sparkline", "chart", "state", "link")
GAP = 8
LEAST = 15
each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    undo = install_theme(qapp, "light")
    yield
    undo()


def _longest_word(item: Item) -> str:
    """Return the longest state word of a piece of equipment, as long as its state is known."""
    kind = PLANT.types[PLANT.equipment[item.equipment].type]
    return max((rule.word for rule in kind.states), key=len, default="")


def _word_rect(item: Item) -> QRectF:
    """Return what the longest state word takes."""
    options, box = StateOptions.of(item), QRectF(*item.box)
    width = text_width(_longest_word(item), TextStyle(options.size, 600))
    left = {"left": box.left(), "right": box.right() - width}.get(options.align, box.center().x() - width / 2)
    return QRectF(left, box.top(), width, WORD_HEIGHT)


def _widest(tag: Tag) -> str:
    """Return the widest number or word that a tag shows within its range."""
    if tag.states:
        return max(tag.states, key=len)
    texts = (number_text(end, tag.decimals) for end in (tag.low, tag.high) if end is not None)
    return max(texts, key=len, default="")


def _room(item: Item) -> float:
    """Return the width that is left for the number of a value or bar."""
    label = str(item.options.get("label", ""))
    return item.box[2] - (text_width(label, TextStyle(15, 400)) + 6 if label else 0)


def _needed(item: Item, size: float) -> float:
    tag = TAGS[item.tag]
    number = text_width(_widest(tag), TextStyle(size, 600))
    if not tag.unit or item.options.get("show_unit", True) is False:
        return number
    return number + 0.2 * size + text_width(tag.unit, TextStyle(unit_size(size), 400))


@each_layout
def test_the_longest_state_word_is_whole_and_touches_nothing(layout: Layout) -> None:
    for item in (item for item in layout.items if item.kind == "state"):
        word = _word_rect(item)
        assert word.width() <= item.box[2], f"{item.id}: {_longest_word(item)!r} is cut"
        reach = word.adjusted(-GAP, 0, GAP, 0)
        for other in layout.items:
            if other is not item and other.kind in BESIDE:
                shared = reach.intersected(QRectF(*other.box))
                assert min(shared.width(), shared.height()) <= 4, f"{item.id} touches {other.id}"


@each_layout
def test_the_sign_of_an_alarm_covers_no_state_word(layout: Layout) -> None:
    out, side = COMPACT_OUT if layout.size[0] < FULL else OUT, glyph_box(SIDE)
    for symbol in (item for item in layout.items if item.kind == "symbol" and item.equipment):
        corner = QRectF(*symbol.box).topRight()
        sign = QRectF(corner.x() + out - side / 2, max(0.0, corner.y() - out - side / 2), side, side)
        for item in (item for item in layout.items if item.kind == "state"):
            shared = sign.intersected(_word_rect(item))
            assert min(shared.width(), shared.height()) <= 1, f"that of {symbol.id} lies over {item.id}"


@each_layout
def test_numbers_at_the_ends_of_their_range_are_whole_and_not_too_small(layout: Layout) -> None:
    for item in layout.items:
        if item.kind == "value" or (item.kind == "bar" and item.options.get("show_value")):
            size = float(item.options.get("size", 20))
            least = max(LEAST, 0.85 * size)
            assert _needed(item, least) <= _room(item) + 1, f"{item.id}: {_widest(TAGS[item.tag])!r} at {least} px"
