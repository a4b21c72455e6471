"""A bar may draw the limits of another tag: of the lowest of several equal values, which has no alarms of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.displays.items.bar import BarItem
from hmi.live import Live
from hmi.theme.theme import install_theme, theme
from plant_models.display import Item
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation


@pytest.fixture
def station(qapp: QApplication) -> Iterator[FakeStation]:
    undo = install_theme(qapp, "light")
    yield drawn_station()
    undo()


def _colour_at(station: FakeStation, share: float, **options: Any) -> str:
    """Return the colour of the track of a setpoint without alarms, at a share of its length."""
    item = BarItem(Item("b", "bar", (10, 10, 200, 40), tag="P1.SPEED_SP", options=options), Live(station))
    image = QImage(220, 60, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    with QPainter(image) as painter:
        item.draw(painter)
    return image.pixelColor(round(10 + 200 * share), 30).name()


def test_a_bar_draws_the_limits_of_the_tag_that_lends_them(station: FakeStation) -> None:
    station.put({"P1.SPEED_SP": 250.0})
    band, track, limit = (theme().color(role).name() for role in ("band", "track", "limit"))
    shares = (0.1, 0.3, 0.85, 0.95)
    assert [_colour_at(station, share) for share in shares] == [band] * 4
    lent = [_colour_at(station, share, limits_tag="P1.FLOW") for share in shares]
    assert lent == [track, band, track, limit]
