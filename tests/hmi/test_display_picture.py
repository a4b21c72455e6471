"""The picture of a display: drawn where it is out of date, and nowhere else."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QRegion
from PySide6.QtWidgets import QApplication

from hmi.displays.picture import Picture
from hmi.displays.static_layer import LayerKey

_KEY = LayerKey(QSize(8, 6), 1.0, "light")
_WHOLE = QRegion(0, 0, 8, 6)


class Brush:
    """Fills everything with one colour, and remembers where it was asked to."""

    def __init__(self, colour: str) -> None:
        self.colour = QColor(colour)
        self.asked: list[QRegion] = []

    def __call__(self, painter: QPainter, region: QRegion) -> None:
        self.asked.append(QRegion(region))
        painter.fillRect(0, 0, 100, 100, self.colour)


@pytest.fixture
def picture(qapp: QApplication) -> Picture:
    picture = Picture()
    picture.pixmap(_KEY, Brush("white"))
    return picture


def test_the_first_picture_is_drawn_whole(qapp: QApplication) -> None:
    brush = Brush("red")
    image = Picture().pixmap(_KEY, brush).toImage()
    assert brush.asked == [_WHOLE]
    assert image.pixelColor(7, 5) == QColor("red")


def test_what_is_up_to_date_is_not_drawn_again(picture: Picture) -> None:
    brush = Brush("red")
    assert picture.pixmap(_KEY, brush).toImage().pixelColor(0, 0) == QColor("white")
    assert brush.asked == []


def test_only_what_was_spoilt_is_drawn_and_only_once(picture: Picture) -> None:
    brush = Brush("red")
    picture.spoil(QRect(1, 1, 2, 2))
    picture.spoil(QRect(5, 1, 2, 2))
    image = picture.pixmap(_KEY, brush).toImage()
    picture.pixmap(_KEY, brush)
    assert brush.asked == [QRegion(1, 1, 2, 2) + QRegion(5, 1, 2, 2)]
    reds = {(x, y) for x in range(8) for y in range(6) if image.pixelColor(x, y) == QColor("red")}
    assert reds == {(x, y) for x in (1, 2, 5, 6) for y in (1, 2)}


@pytest.mark.parametrize("key", [LayerKey(QSize(9, 6), 1.0, "light"), _KEY._replace(dpr=2.0), _KEY._replace(theme="d")])
def test_another_size_or_theme_draws_all_of_it(picture: Picture, key: LayerKey) -> None:
    brush = Brush("red")
    image = picture.pixmap(key, brush).toImage()
    assert len(brush.asked) == 1
    assert image.size() == key.size * key.dpr
    assert image.pixelColor(image.width() - 1, image.height() - 1) == QColor("red")


def test_a_dropped_picture_is_drawn_whole(picture: Picture) -> None:
    brush = Brush("red")
    picture.drop()
    picture.pixmap(_KEY, brush)
    assert brush.asked == [_WHOLE]


def test_what_failed_to_be_drawn_is_tried_again(picture: Picture) -> None:
    def fail(painter: QPainter, region: QRegion) -> None:
        raise RuntimeError("broken item")

    brush = Brush("red")
    picture.spoil(QRect(0, 0, 2, 2))
    with pytest.raises(RuntimeError, match="broken item"):
        picture.pixmap(_KEY, fail)
    assert picture.pixmap(_KEY, brush).toImage().pixelColor(1, 1) == QColor("red")
    assert brush.asked == [QRegion(0, 0, 2, 2)]
