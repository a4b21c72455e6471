"""The chart of the last day: what history says, hatched where it says nothing, and never a line over a gap."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from history.series import HistoryQuery
from hmi.displays.items.chart import ChartItem
from hmi.displays.past import DAY_US, HOUR_US, Past
from hmi.live import Live
from hmi.theme.theme import install_theme, theme
from hmi.units.choice import install_units
from plant_models.display import Item
from plant_models.quality import Quality
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation

BOX = (10.0, 10.0, 620.0, 200.0)
PLOT = (66, 54, 574, 182)
"""Left, top, right and bottom of the plot of a chart of two tags."""
MIDDLE = 300
"""A column of the plot that no text reaches."""


@pytest.fixture
def station(qapp: QApplication) -> Iterator[FakeStation]:
    undo = install_theme(qapp, "light")
    yield drawn_station()
    undo()


def _item(station: FakeStation, **options: Any) -> ChartItem:
    given = {"label": "Flow", "other_tag": "TK.LEVEL", "other_label": "Level", **options}
    return ChartItem(Item("c", "chart", BOX, tag="P1.FLOW", options=given), Live(station))


def _put(station: FakeStation, tag: str, value: float, hours: Sequence[float], quality: int = Quality.GOOD) -> None:
    """Let history hold a value, sampled every minute, at these hours ago."""
    now_us = station.clock.wall_us()
    begin, end = (now_us - round(hour * HOUR_US) for hour in hours)
    times = list(range(begin, end, 60_000_000))
    station.past.put_past(tag, times, [value] * len(times), quality)


def _past(station: FakeStation) -> Past:
    end_us = station.clock.wall_us()
    answer = station.past.answer(HistoryQuery(("P1.FLOW", "TK.LEVEL"), end_us - DAY_US, end_us, 720))
    return Past(end_us - DAY_US, end_us, {each.tag: each for each in answer})


def _drawn(item: ChartItem) -> QImage:
    image = QImage(640, 220, QImage.Format.Format_RGB32)
    image.fill(theme().color("panel"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item.draw_static(painter)
        item.draw(painter)
    return image


def _heights(image: QImage, x: int) -> list[int]:
    """Return where a column of the plot holds the first curve, which alone has a colour."""
    colours = ((y, image.pixelColor(x, y)) for y in range(PLOT[1], PLOT[3]))
    return [y for y, colour in colours if colour.blue() - colour.red() > 40]


def _is_hatched(image: QImage, left: int, right: int) -> bool:
    """Tell whether there are dark pixels between the upper lines of the grid, where no curve runs in these tests."""
    outline = QColor(theme().color("panel")).lightness() - 25
    return any(image.pixelColor(x, y).lightness() < outline for x in range(left, right) for y in range(58, 100))


def test_the_curve_stands_at_its_height_from_the_left_edge_to_now(station: FakeStation) -> None:
    _put(station, "P1.FLOW", 125.0, (24.5, 0))
    _put(station, "TK.LEVEL", 30.0, (24.5, 0))
    item = _item(station)
    item.show_past(_past(station))
    image = _drawn(item)
    for x in (PLOT[0] + 2, MIDDLE, PLOT[2] - 4):
        assert np.mean(_heights(image, x)) == pytest.approx(PLOT[3] - 0.25 * (PLOT[3] - PLOT[1]), abs=1.5)
    assert not _is_hatched(image, PLOT[0], PLOT[2] - 4)


def test_a_gap_is_hatched_and_no_line_bridges_it(station: FakeStation) -> None:
    for tag in ("P1.FLOW", "TK.LEVEL"):
        _put(station, tag, 50.0, (24.5, 16))
        _put(station, tag, 50.0, (16, 8), Quality.BAD_NO_COMMUNICATION)
        _put(station, tag, 50.0, (8, 0))
    item = _item(station)
    item.show_past(_past(station))
    image = _drawn(item)
    third = (PLOT[2] - PLOT[0]) // 3
    assert _is_hatched(image, PLOT[0] + third + 2, PLOT[0] + 2 * third - 2)
    assert not _is_hatched(image, PLOT[0] + 2, PLOT[0] + third - 4)
    assert _heights(image, PLOT[0] + third // 2)
    assert not any(_heights(image, x) for x in range(PLOT[0] + third + 4, PLOT[0] + 2 * third - 4))


def test_after_a_fresh_start_the_rest_is_empty_and_not_hatched(station: FakeStation) -> None:
    _put(station, "P1.FLOW", 125.0, (2, 0))
    _put(station, "TK.LEVEL", 30.0, (2, 0))
    item = _item(station)
    item.show_past(_past(station))
    image = _drawn(item)
    start = PLOT[2] - (PLOT[2] - PLOT[0]) // 12
    assert not any(_heights(image, x) for x in range(PLOT[0], start - 2))
    assert _heights(image, start + 6)
    assert not _is_hatched(image, PLOT[0], start - 2)


def test_a_curve_that_alone_is_missing_is_hatched_too(station: FakeStation) -> None:
    _put(station, "P1.FLOW", 125.0, (24.5, 0))
    item = _item(station)
    item.show_past(_past(station))
    image = _drawn(item)
    assert _heights(image, MIDDLE)
    assert _is_hatched(image, PLOT[0], PLOT[2] - 4)


def test_history_that_cannot_be_read_hatches_all_and_has_no_curve(station: FakeStation) -> None:
    item = _item(station)
    item.show_past(Past(0, DAY_US, is_readable=False))
    image = _drawn(item)
    assert _is_hatched(image, PLOT[0], PLOT[0] + 60)
    assert _is_hatched(image, PLOT[2] - 60, PLOT[2] - 4)
    assert not any(_heights(image, x) for x in range(PLOT[0], PLOT[2]))


def test_a_tag_that_history_does_not_know_has_no_curve(station: FakeStation) -> None:
    item = _item(station)
    item.show_past(Past(0, DAY_US))
    assert not any(_heights(_drawn(item), x) for x in range(PLOT[0], PLOT[2]))


def test_before_history_has_answered_there_are_just_the_axes(station: FakeStation) -> None:
    image = _drawn(_item(station))
    assert not any(_heights(image, x) for x in range(PLOT[0], PLOT[2]))
    assert not _is_hatched(image, PLOT[0], PLOT[2])


def test_a_value_beyond_the_scale_leaves_the_plot(station: FakeStation) -> None:
    _put(station, "P1.FLOW", 400.0, (24.5, 0))
    item = _item(station, scale=[0, 200], other_tag="")
    item.show_past(_past(station))
    assert not any(_heights(_drawn(item), x) for x in range(PLOT[0], PLOT[2]))


def test_other_units_are_drawn_on_a_round_scale_at_the_same_height(station: FakeStation) -> None:
    _put(station, "P1.FLOW", 180.0, (24.5, 0))
    item = _item(station, scale=[0, 360])
    item.show_past(_past(station))
    before = np.mean(_heights(_drawn(item), MIDDLE))
    undo = install_units({"flow": "l/s"})
    try:
        assert np.mean(_heights(_drawn(item), MIDDLE)) == pytest.approx(before, abs=1.5)
    finally:
        undo()


def test_a_screen_reader_hears_what_it_is_and_the_present_values(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0, "TK.LEVEL": 60.0})
    text = _item(station, title="Flow and level").accessible_text()
    assert text.startswith("Flow and level, the last 24 hours, Flow 250 m³/h, Level 60")
