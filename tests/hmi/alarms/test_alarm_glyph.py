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

PRIORITIES = (1, 2, 3, 4)
ALL = tuple(Glyph(priority, look) for priority, look in product(PRIORITIES, GlyphLook))


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


def test_every_glyph_can_be_told_from_every_other_in_a_grey_print(qapp: QApplication) -> None:
    pictures = {glyph: drawn(glyph, side=28).astype(int) for glyph in ALL}
    for one, other in combinations(ALL, 2):
        different = np.abs(pictures[one] - pictures[other]) > 40
        assert different.sum() >= 8, (one, other)


@pytest.mark.parametrize("glyph", ALL, ids=str)
def test_only_what_waits_for_somebody_blinks(qapp: QApplication, glyph: Glyph) -> None:
    changes = bool((drawn(glyph) != drawn(glyph, is_lit=False)).any())
    assert changes is (glyph.look in (GlyphLook.UNACKNOWLEDGED, GlyphLook.RETURNED))


@pytest.mark.parametrize("priority", PRIORITIES)
def test_the_shape_itself_does_not_blink(qapp: QApplication, priority: int) -> None:
    lit, dark = (drawn(Glyph(priority, GlyphLook.UNACKNOWLEDGED), is_lit=is_lit) for is_lit in (True, False))
    middle = slice(14, 20)
    assert (lit[middle, middle] == dark[middle, middle]).all()
    assert (dark == drawn(Glyph(priority, GlyphLook.ACKNOWLEDGED))).all()


@pytest.mark.parametrize(("glyph", "side"), list(product(ALL, (18, 22, 28, 32))), ids=str)
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
