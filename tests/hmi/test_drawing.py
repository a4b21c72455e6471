"""Values, texts, pipes and cards as they come out on a painter."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.drawing.card import draw_card
from hmi.drawing.pipe import draw_pipe
from hmi.drawing.state_text import draw_state
from hmi.drawing.text import TextStyle, draw_text
from hmi.drawing.value import draw_value, unit_size, value_role
from hmi.live import Condition, Reading, make_reading
from hmi.theme.theme import install_theme, theme
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from plant_models.tag_table import Sample

BOX = QRectF(20, 10, 160, 30)
PRESSURE = Tag(name="PT", unit="bar", decimals=2)


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    undo = install_theme(qapp, "light")
    yield
    undo()


def _drawn(draw: Callable[[QPainter], None]) -> QImage:
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(theme().color("canvas"))
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return image


def _columns(image: QImage, role: str) -> list[int]:
    """Return the x of all columns that hold the colour of a role."""
    colour = theme().color(role).rgb()
    return [x for x in range(image.width()) if any(image.pixel(x, y) == colour for y in range(image.height()))]


def _inked(image: QImage) -> list[int]:
    canvas = theme().color("canvas").rgb()
    return [x for x in range(image.width()) if any(image.pixel(x, y) != canvas for y in range(image.height()))]


def _reading(value: float = 1.84, quality: int = Quality.GOOD, tag: Tag = PRESSURE) -> Reading:
    return make_reading(tag, Sample(value, quality, 0, 0), is_evaluated=True)


def test_a_good_value_is_written_in_the_value_colour_and_its_unit_is_quiet() -> None:
    image = _drawn(lambda painter: draw_value(painter, BOX, _reading(), 20))
    number, unit = _columns(image, "value"), _columns(image, "text2")
    assert number
    assert unit
    assert max(number) < min(unit)
    assert BOX.right() - 3 <= max(_inked(image)) <= BOX.right()


def test_a_value_can_stand_at_the_left() -> None:
    image = _drawn(lambda painter: draw_value(painter, BOX, _reading(), 20, "left"))
    assert BOX.left() <= min(_inked(image)) <= BOX.left() + 3


@pytest.mark.parametrize("quality", [Quality.BAD_SENSOR_FAILURE, Quality.UNCERTAIN_LAST_USABLE])
def test_a_value_that_is_not_good_is_stale_and_its_mark_stands_before_it(quality: int) -> None:
    good = _drawn(lambda painter: draw_value(painter, BOX, _reading(), 20))
    bad = _drawn(lambda painter: draw_value(painter, BOX, _reading(quality=quality), 20))
    assert not _columns(bad, "value")
    assert min(_inked(bad)) < min(_inked(good)) - 8


@pytest.mark.parametrize(
    ("tag", "size", "role"),
    [
        (PRESSURE, 24, "value"),
        (PRESSURE, 32, "text"),
        (Tag(name="SP", writable=True), 20, "text"),
        (Tag(name="MODE", type=DataType.U16, states=("Off", "On")), 20, "text"),
    ],
)
def test_only_measured_numbers_up_to_24_px_are_blue(tag: Tag, size: int, role: str) -> None:
    assert value_role(_reading(1.0, tag=tag), size) == role
    assert value_role(_reading(1.0, Quality.BAD, tag), size) == "stale"


def test_units_never_fall_below_what_can_be_read() -> None:
    assert unit_size(44) == pytest.approx(27.28)
    assert unit_size(20) == 15
    assert unit_size(15) == 13


def test_a_word_that_is_too_long_is_cut() -> None:
    text = make_reading(Tag(name="T", type=DataType.TEXT), Sample(0, 0, 0, 0, "word " * 50), is_evaluated=True)
    inked = _inked(_drawn(lambda painter: draw_value(painter, BOX, text, 20)))
    assert BOX.left() - 1 <= min(inked) < BOX.left() + 10


@pytest.mark.parametrize(("value", "is_written"), [(123456.0, True), (1234567890123456.0, False)])
def test_a_number_is_never_cut_but_written_smaller_or_not_at_all(value: float, is_written: bool) -> None:
    narrow = QRectF(20, 10, 100, 30)
    image = _drawn(lambda painter: draw_value(painter, narrow, _reading(value), 20))
    assert narrow.left() - 1 <= min(_inked(image))
    whole = _drawn(lambda painter: draw_value(painter, BOX.adjusted(-20, 0, 20, 0), _reading(value), 13))
    assert (len(_inked(image)) >= len(_inked(whole)) - 2) is is_written


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_texts_are_aligned_in_their_box(align: str) -> None:
    inked = _inked(_drawn(lambda painter: draw_text(painter, BOX, "Pump", TextStyle(15, align=align))))
    left, right = min(inked) - BOX.left(), BOX.right() - max(inked)
    assert {"left": left < 4, "centre": abs(left - right) < 4, "right": right < 4}[align]


def test_a_text_that_is_too_long_ends_in_its_box() -> None:
    inked = _inked(_drawn(lambda painter: draw_text(painter, BOX, "River pump station " * 4, TextStyle())))
    assert max(inked) <= BOX.right()


@pytest.mark.parametrize(("weight", "width"), [("main", 6), ("branch", 4), ("signal", 2), ("stem", 2), ("line", 1)])
def test_a_pipe_is_as_wide_as_its_weight(weight: str, width: int) -> None:
    image = _drawn(lambda painter: draw_pipe(painter, [QPointF(2, 30), QPointF(190, 30)], weight))
    canvas = theme().color("canvas").rgb()
    inked = [y for y in range(60) if image.pixel(4, y) != canvas]
    assert width <= len(inked) <= width + 1


def test_an_arrow_ends_at_the_last_point() -> None:
    points = [QPointF(10, 30), QPointF(150, 30)]
    image = _drawn(lambda painter: draw_pipe(painter, points, "main", "end"))
    assert max(_inked(image)) in (148, 149, 150)
    plain = _drawn(lambda painter: draw_pipe(painter, points, "main"))
    assert image.pixel(138, 23) != plain.pixel(138, 23)


def test_a_pipe_of_one_point_draws_nothing() -> None:
    assert _inked(_drawn(lambda painter: draw_pipe(painter, [QPointF(10, 30)], "main", "end"))) == []


def test_a_card_has_its_title_at_the_top_left() -> None:
    image = _drawn(lambda painter: draw_card(painter, QRectF(10, 0, 180, 60), "Energy"))
    assert image.pixelColor(100, 50) == theme().color("panel")
    assert min(_columns(image, "text")) > 20


@pytest.mark.parametrize("look", ["bad", "unknown"])
def test_a_state_that_cannot_be_known_is_marked(look: str) -> None:
    known = _drawn(lambda painter: draw_state(painter, BOX, Condition("Running", "running", ""), "left"))
    unsure = _drawn(lambda painter: draw_state(painter, BOX, Condition("No communication", look, ""), "left"))
    assert _columns(known, "text")
    assert not _columns(unsure, "text")
    assert _columns(unsure, "stale")


def test_drawing_leaves_the_painter_as_it_was() -> None:
    def draw(painter: QPainter) -> None:
        before = painter.pen(), painter.brush(), painter.font(), painter.transform()
        draw_value(painter, BOX, _reading(), 20)
        draw_text(painter, BOX, "x", TextStyle())
        draw_pipe(painter, [QPointF(0, 0), QPointF(9, 9)], "main", "middle")
        draw_card(painter, BOX, "x")
        assert before == (painter.pen(), painter.brush(), painter.font(), painter.transform())

    assert _inked(_drawn(draw))
