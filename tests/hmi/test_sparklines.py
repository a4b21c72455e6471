"""Sparklines: the last hour from history, the present at their end, and a break where nothing is known."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from database.errors import DatabaseError
from history.series import HistoryQuery, HistorySeries
from hmi.displays.items.sparkline import SparklineItem
from hmi.displays.past import DAY_US, HOUR_US, Past
from hmi.drawing.bar import BarScale
from hmi.drawing.sparkline import span_of
from hmi.live import Live
from hmi.theme.theme import install_theme, theme
from plant_models.display import Item
from plant_models.quality import Quality
from tests.fakes.desk import Desk
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation

BOX = (20.0, 20.0, 100.0, 40.0)


@pytest.fixture
def station(qapp: QApplication) -> Iterator[FakeStation]:
    undo = install_theme(qapp, "light")
    yield drawn_station()
    undo()


def _drawn(item: SparklineItem) -> QImage:
    image = QImage(140, 80, QImage.Format.Format_RGB32)
    image.fill(theme().color("canvas"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item.draw_static(painter)
        item.draw(painter)
    return image


def _inked(image: QImage) -> set[int]:
    """Return the columns that hold something bluer than grey: the line or its dot."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.blue() - colour.red() > 40:
                found.add(x)
    return found


def _item(station: FakeStation) -> SparklineItem:
    return SparklineItem(Item("s", "sparkline", BOX, tag="P1.FLOW"), Live(station))


def _hour(values: NDArray[np.float64]) -> Past:
    """Return an hour in which history knows these values (n)."""
    zeros = np.zeros(len(values))
    times, quality = np.arange(len(values)), np.zeros(len(values), np.uint16)
    series = HistorySeries("P1.FLOW", times, zeros, zeros, zeros, zeros, values, quality, ())
    return Past(0, HOUR_US, {"P1.FLOW": series})


def test_the_line_reaches_from_the_left_to_the_dot_at_the_right(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0})
    item = _item(station)
    item.show_past(_hour(np.linspace(100.0, 240.0, 60)))
    inked = _inked(_drawn(item))
    assert set(range(22, 116)) <= inked
    assert item.rect.contains(QRectF(min(inked), 30, max(inked) - min(inked), 1))


def test_a_time_without_a_value_is_a_break(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0})
    item = _item(station)
    past = np.full(60, 200.0)
    past[20:40] = np.nan
    item.show_past(_hour(past))
    inked = _inked(_drawn(item))
    assert not set(range(55, 80)) & inked
    assert {30, 40, 95, 110} <= inked


def test_a_present_that_is_not_to_be_trusted_has_no_dot(station: FakeStation) -> None:
    station.put({"P1.FLOW": 250.0}, quality=Quality.BAD_NO_COMMUNICATION)
    item = _item(station)
    assert _inked(_drawn(item)) == set()
    station.put({"P1.FLOW": 250.0})
    assert item.refresh()
    assert max(_inked(_drawn(item))) >= 116


def test_noise_at_rest_stays_flat() -> None:
    span = span_of(np.array([50.0, 50.1, np.nan, 49.9]), BarScale(0.0, 100.0))
    assert span is not None
    assert span.high - span.low == pytest.approx(5.0)
    assert span_of(np.array([np.nan]), BarScale(0.0, 100.0)) is None


def _asking(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: DatabaseError | None = None) -> list[HistoryQuery]:
    """Return the list of what is asked of history from now on."""
    asked: list[HistoryQuery] = []
    answer = desk.station.history

    async def history(query: HistoryQuery) -> tuple[HistorySeries, ...]:
        asked.append(query)
        if error is not None:
            raise error
        return await answer(query)

    monkeypatch.setattr(desk.station, "history", history)
    return asked


def _live(desk: Desk, ticks: int) -> None:
    """Let the loop run for some ticks, and until nothing is asked any more."""

    async def live() -> None:
        for _ in range(ticks):
            desk.room.ticker.advance()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if not len(desk.window.context.tasks):
                return
        raise AssertionError("something is asked for ever")

    desk.run(live())


def test_a_display_asks_for_the_last_hour_at_once_and_then_once_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asking(desk, monkeypatch)
    desk.window.open_page("tanks")
    assert asked == [], "nothing is asked before the loop runs"
    _live(desk, 1)
    assert [query.tags for query in asked] == [("TK1.LEVEL", "TK2.LEVEL", "TK3.LEVEL")]
    assert asked[0].end_us - asked[0].start_us == HOUR_US
    _live(desk, 590)
    assert len(asked) == 1
    _live(desk, 20)
    assert len(asked) == 2


def test_a_display_that_is_shown_again_soon_asks_for_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _asking(desk, monkeypatch)
    desk.window.open_page("tanks")
    _live(desk, 1)
    for page in ("network", "tanks", "network", "tanks"):
        desk.window.open_page(page)
        _live(desk, 20)
    assert len(asked) == 1
    desk.window.open_page("network")
    _live(desk, 600)
    desk.window.open_page("tanks")
    _live(desk, 1)
    assert len(asked) == 2, "what is a minute old is asked again, also of a display that was hidden"


def test_the_overview_asks_one_question_for_its_hour_and_one_for_its_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asking(desk, monkeypatch)
    desk.window.open_page("overview")
    _live(desk, 1)
    hour, day = sorted(asked, key=lambda query: query.end_us - query.start_us)
    assert hour.end_us - hour.start_us == HOUR_US
    assert {"NET.PRODUCTION", "NET.DEMAND", "NET.STORED", "NET.P_MIN"} <= set(hour.tags)
    assert (day.end_us - day.start_us, day.tags) == (DAY_US, ("NET.DEMAND", "NET.STORED"))
    _live(desk, 1210)
    assert [query.end_us - query.start_us for query in asked].count(DAY_US) == 1, "a day moves slowly"


def test_a_layout_that_shows_more_of_the_past_asks_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _asking(desk, monkeypatch)
    desk.window.resize(1280, 720)
    desk.window.open_page("overview")
    _live(desk, 1)
    assert asked == [], "small overviews have neither sparklines nor chart"
    desk.window.resize(1920, 1080)
    desk.tick()
    _live(desk, 1)
    assert len(asked) == 2


def test_history_that_cannot_be_read_leaves_just_the_present(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _asking(desk, monkeypatch, DatabaseError("it is locked"))
    desk.window.open_page("tanks")
    _live(desk, 1)
    view = desk.window.area.view
    assert asked
    assert view is not None
    assert not view.grab().isNull()
    assert desk.window.problem == ""
