"""Every text of a trend is translatable, painted ones included."""

import re
from collections.abc import Iterable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from hmi.i18n import PSEUDO, pseudo
from hmi.trends.pens import LETTERS
from plant_models.quality import Quality
from tests.fakes.desk import OPERATOR, Desk
from tests.fakes.screen_texts import painted, texts, untranslated
from tests.fakes.trends import HOUR_US, LEVEL, open_trend_desk

_DATA = (*LETTERS, "GMT", "BST", "d")
"""Letters of pens and names of zones are no words."""
_KEYS = re.compile(r"\((Ctrl\+\S+|PgUp|PgDown)\)")


@pytest.fixture(params=[(1920, 1080), (1280, 720)])
def pseudo_trend(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Desk]:
    del qtbot
    with open_trend_desk(size=request.param, language=PSEUDO) as (desk, page, now_us):
        page.model.set_cursor(0, now_us - 5 * HOUR_US)
        page.model.set_cursor(1, now_us - HOUR_US)
        desk.station.put({LEVEL: 50.0}, int(Quality.BAD_NO_COMMUNICATION))
        desk.tick(6)
        yield desk


def _plain(found: Iterable[tuple[str, str]], desk: Desk) -> list[str]:
    return untranslated(((where, _words(text)) for where, text in found), desk.station.plant, OPERATOR)


def _words(text: str) -> str:
    return " ".join(word for word in _KEYS.sub("", text).split() if word.strip(",.") not in _DATA)


def test_the_widgets_of_a_trend_are_translated(pseudo_trend: Desk) -> None:
    page = pseudo_trend.window.area.trend_page
    assert page is not None
    assert _plain(texts(page), pseudo_trend) == []


def test_what_is_painted_on_a_trend_is_translated(pseudo_trend: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = pseudo_trend.window.area.trend_page
    assert page is not None
    page.canvas.redraw()
    found = list(painted(page, monkeypatch))
    assert any(pseudo("Running") in text for _, text in found)
    descriptions = {tag.description for tag in pseudo_trend.station.plant.tags}
    ours = [(where, text) for where, text in found if text not in descriptions]
    assert _plain(ours, pseudo_trend) == []


def test_the_table_is_translated(pseudo_trend: Desk) -> None:
    page = pseudo_trend.window.area.trend_page
    assert page is not None
    rows = page.table.rows
    cells = [rows.data(rows.index(row, column)) for row in range(rows.rowCount()) for column in (0, 4, 5, 7, 9)]
    assert _plain([("cell", text) for text in cells], pseudo_trend) == []


def test_the_picker_is_translated(pseudo_trend: Desk) -> None:
    page = pseudo_trend.window.area.trend_page
    assert page is not None
    page.picker.open()
    assert _plain(texts(page.picker), pseudo_trend) == []


def test_an_empty_trend_is_translated(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_trend_desk(language=PSEUDO, tags=()) as (desk, page, _):
        found = list(painted(page.canvas, monkeypatch))
        assert found
        assert _plain(found, desk) == []
