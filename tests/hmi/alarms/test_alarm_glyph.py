"""The glyphs: every state of every priority looks different, stays in its box, and is never told by colour alone."""

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.theme.theme import theme
from plant_models.alarm_definition import DIAGNOSTIC

PRIORITIES = (1, 2, 3, 4)
ALL = tuple(Glyph(priority, look) for priority, look in product((*PRIORITIES, DIAGNOSTIC), GlyphLook))
LARGE = 28
SIDES = (14, 18, 20, 22, 28, 32)


def drawn(glyph: Glyph, side: float = 22, is_lit: bool = True, margin: int = 0) -> NDArray[np.uint8]:
    """Return the grey levels of a glyph on the panel."""
    size = round(glyph_box(side)) + 2 * margin
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    painter = QPainter(image)
    draw_glyph(painter, QRectF(margin, margin, size - 2 * margin, size - 2 * margin), glyph, is_lit)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.array(grey.constBits(), np.uint8).reshape(size, grey.bytesPerLine())
    return flat[:, :size]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_glyph_can_be_told_from_every_other_in_a_grey_print(qapp: QApplication, side: int, name: str) -> None:
    theme().set_name(name)
    try:
        pictures = {glyph: drawn(glyph, side=side).astype(int) for glyph in ALL}
    finally:
        theme().set_name("light")
    for one, other in combinations(ALL, 2):
        if side >= LARGE or GlyphLook.NONE not in (one.look, other.look):  # a small 3 of no alarm is like an S
            different = np.abs(pictures[one] - pictures[other]) > 40
            assert different.sum() >= 8, (one, other)


@pytest.mark.parametrize("glyph", ALL, ids=str)
def test_only_what_waits_for_somebody_blinks(qapp: QApplication, glyph: Glyph) -> None:
    changes = bool((drawn(glyph) != drawn(glyph, is_lit=False)).any())
    waits = glyph.look in (GlyphLook.UNACKNOWLEDGED, GlyphLook.RETURNED)
    assert changes is (waits and glyph.priority != DIAGNOSTIC)
    assert glyph.blinks is changes


@pytest.mark.parametrize("priority", PRIORITIES)
def test_the_shape_itself_does_not_blink(qapp: QApplication, priority: int) -> None:
    lit, dark = (drawn(Glyph(priority, GlyphLook.UNACKNOWLEDGED), is_lit=is_lit) for is_lit in (True, False))
    middle = slice(14, 20)
    assert (lit[middle, middle] == dark[middle, middle]).all()
    assert (dark == drawn(Glyph(priority, GlyphLook.ACKNOWLEDGED))).all()


@pytest.mark.parametrize(("glyph", "side"), list(product(ALL, SIDES[1:])), ids=str)
def test_a_glyph_stays_within_its_box(qapp: QApplication, glyph: Glyph, side: int) -> None:
    margin = 4
    picture = drawn(glyph, side, margin=margin)
    picture[margin:-margin, margin:-margin] = picture[0, 0]
    assert (picture == picture[0, 0]).all()


def test_a_latched_alarm_carries_its_letter(qapp: QApplication) -> None:
    plain, latched = (Glyph(1, GlyphLook.ACKNOWLEDGED, is_latched=each) for each in (False, True))
    assert (drawn(plain) != drawn(latched)).any()


def test_what_is_put_aside_has_no_colour(qapp: QApplication) -> None:
    for look in (GlyphLook.SHELVED, GlyphLook.SUPPRESSED, GlyphLook.OUT_OF_SERVICE):
        assert (drawn(Glyph(1, look)) != drawn(Glyph(1, GlyphLook.NONE))).any()
        assert look.is_grey
        assert not look.is_filled


def test_what_came_first_carries_its_letter_beside_that_of_a_latch(qapp: QApplication) -> None:
    looks = [Glyph(1, GlyphLook.ACKNOWLEDGED, latched, first) for latched in (False, True) for first in (False, True)]
    for one, other in combinations(looks, 2):
        assert (drawn(one) != drawn(other)).sum() >= 20
    assert {each.plain for each in looks} == {looks[0]}


@pytest.mark.parametrize("look", GlyphLook)
def test_a_diagnostic_alarm_has_no_colour(qapp: QApplication, look: GlyphLook) -> None:
    glyph = Glyph(DIAGNOSTIC, look)
    assert not glyph.is_filled
    size = round(glyph_box(22))
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    painter = QPainter(image)
    draw_glyph(painter, QRectF(0, 0, size, size), glyph)
    painter.end()
    colours = {image.pixelColor(x, y).getHsv()[1] for x in range(size) for y in range(size)}
    assert max(colours) < 30
