"""The analog indicator: zones, pointer, setpoint, and what happens when the value isn't known."""

import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.drawing.bar import BarMarks, BarScale, bar_scale, draw_bar, zones
from hmi.theme.theme import install_theme, theme
from tests.fakes.drawn_plant import drawn_plant

SCALE = BarScale(0, 100, 10, 20, 80, 90)
TRACK = QRectF(20, 20, 200, 12)


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    undo = install_theme(qapp, "light")
    yield
    undo()


def _drawn(marks: BarMarks, scale: BarScale = SCALE) -> QImage:
    image = QImage(240, 52, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    painter = QPainter(image)
    draw_bar(painter, TRACK, scale, marks)
    painter.end()
    return image


def _count(image: QImage, role: str, area: QRectF | None = None) -> int:
    colour = theme().color(role).rgb()
    box = (area or QRectF(image.rect())).toRect()
    return sum(image.pixel(x, y) == colour for x in range(box.left(), box.right() + 1)
               for y in range(box.top(), box.bottom() + 1))  # fmt: skip


def _pixel(image: QImage, position: float) -> QColor:
    return image.pixelColor(round(TRACK.left() + position * TRACK.width()), 26)


def test_zones_lie_between_the_limits() -> None:
    assert zones(SCALE) == (
        (0.0, 0.1, "limit"),
        (0.1, 0.2, "track"),
        (0.2, 0.8, "band"),
        (0.8, 0.9, "track"),
        (0.9, 1.0, "limit"),
    )


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (BarScale(0, 10), ((0.0, 1.0, "band"),)),
        (BarScale(0, 10, high_limit=8), ((0.0, 0.8, "band"), (0.8, 1.0, "track"))),
        (BarScale(0, 10, low_low=1), ((0.0, 0.1, "limit"), (0.1, 1.0, "band"))),
        (BarScale(-10, 10, low_limit=0), ((0.0, 0.5, "track"), (0.5, 1.0, "band"))),
        (BarScale(0, 10, high_limit=20), ((0.0, 1.0, "band"),)),
    ],
)
def test_absent_limits_leave_their_zones_out(scale: BarScale, expected: tuple[object, ...]) -> None:
    assert zones(scale) == expected


def test_the_scale_comes_from_the_range_and_the_alarms() -> None:
    plant = drawn_plant()
    assert bar_scale(plant, "P1.FLOW") == BarScale(0, 500, None, 100, 400, 450)
    assert bar_scale(plant, "P1.DUTY") is None
    assert bar_scale(plant, "NO.SUCH") is None


def test_the_zones_are_painted_in_their_roles() -> None:
    image = _drawn(BarMarks(50, True))
    roles = {0.05: "limit", 0.15: "track", 0.4: "band", 0.85: "track", 0.95: "limit"}
    assert {position: _pixel(image, position) for position in roles} == {
        position: theme().color(role) for position, role in roles.items()
    }


@pytest.mark.parametrize(("value", "x"), [(50, 120), (0, 20), (100, 220), (-30, 20), (170, 220)])
def test_the_pointer_stands_at_the_value_and_stops_at_the_ends(value: float, x: int) -> None:
    image = _drawn(BarMarks(value, True))
    above = QRectF(x - 3, 11, 5, 4)
    assert _count(image, "value", above) > 10
    assert _count(image, "value", QRectF(0, 0, max(0, x - 9), 51)) == 0


def test_a_value_that_is_not_usable_hatches_the_track_and_hollows_the_pointer() -> None:
    good, bad = _drawn(BarMarks(50, True)), _drawn(BarMarks(50, False))
    assert _count(bad, "value") == 0
    assert _count(bad, "band") == 0
    assert _count(bad, "stale") > 0
    assert good.pixelColor(120, 13) == theme().color("value")
    assert bad.pixelColor(120, 13) == theme().color("panel")


def test_no_value_draws_no_pointer() -> None:
    assert _count(_drawn(BarMarks(math.nan, False)), "value") == 0
    with_pointer, without = _drawn(BarMarks(50, False)), _drawn(BarMarks(math.nan, False))
    assert _count(with_pointer, "stale", QRectF(100, 8, 40, 10)) > _count(without, "stale", QRectF(100, 8, 40, 10))


def test_setpoints_stand_opposite_the_pointer() -> None:
    below = QRectF(20, 34, 200, 10)
    assert _count(_drawn(BarMarks(50, True)), "setpoint", below) == 0
    hollow = _count(_drawn(BarMarks(50, True, setpoint=70)), "setpoint", below)
    filled = _count(_drawn(BarMarks(50, True, new_setpoint=70)), "setpoint", below)
    assert 0 < hollow < filled


def test_a_target_range_is_a_bracket() -> None:
    image = _drawn(BarMarks(50, True, target=(40, 60)))
    assert _count(image, "setpoint", QRectF(98, 34, 46, 10)) > 60
    assert _count(image, "setpoint", QRectF(150, 34, 80, 10)) == 0


def test_an_upright_bar_fills_from_the_bottom() -> None:
    image = QImage(80, 160, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    painter = QPainter(image)
    draw_bar(painter, QRectF(24, 20, 32, 120), SCALE, BarMarks(50, True), is_vertical=True)
    painter.end()
    assert image.pixelColor(40, 120) == theme().color("outline")
    assert image.pixelColor(40, 60) == theme().color("band")
    assert _count(image, "value", QRectF(56, 70, 14, 20)) > 20
