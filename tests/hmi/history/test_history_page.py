"""The page of history: what it says in each situation, and that it asks and waits without holding up the window."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from database.errors import DatabaseError
from history.health import HistoryHealth
from history.overview import HistoryOverview
from hmi.history.page import HistoryPage
from hmi.i18n import PSEUDO
from hmi.shell.page import HISTORY
from plant_models.message import message
from tests.fakes.desk import OPERATOR, Desk, open_desk, visible
from tests.fakes.history_health import DAY_US, good_health, overview, spool
from tests.fakes.screen_texts import texts, untranslated


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    del qtbot
    with open_desk(size=(1280, 720)) as made:
        yield made


def _now_us(desk: Desk) -> int:
    return desk.station.clock.wall_us()


def _say(desk: Desk, health: HistoryHealth) -> None:
    desk.station.health = replace(desk.station.health, history=health)


def _page(desk: Desk, health: HistoryHealth | None = None) -> HistoryPage:
    _say(desk, health or good_health(_now_us(desk)))
    desk.window.show_history()
    page = desk.window.area.history_page
    assert page is not None
    page.refresh()
    return page


def _ask(desk: Desk, page: HistoryPage) -> None:
    """Let the page ask while the loop runs, as it does in a window that is open."""

    async def ask() -> None:
        page.forget_answer()

    desk.run(ask())
    desk.settle()


def test_a_station_that_records_says_so_and_its_account_adds_up(desk: Desk) -> None:
    page = _page(desk)
    assert desk.window.page == HISTORY
    assert page.title.text() == "Recording"
    assert page.recording.rate.text() == "312.4"
    counts = [_number(value) for _, value in page.account.lines.texts()]
    assert sum(counts) == _number(page.account.sum.texts()[0][1]) == 4_121_318
    assert page.account.advice.text() == ""


def test_samples_that_nobody_accounts_for_and_lost_ones_are_said(desk: Desk) -> None:
    page = _page(desk, HistoryHealth(received=10, stored=5, dropped={"queue full": 2}))
    assert page.account.lines.texts()[1] == ("Lost: no room in memory", "2")
    assert page.account.advice.text() == "Nobody can say where 3 samples are. 2 samples are lost for good."


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({"error": "the disk is full"}, "Waiting for the disk: values are kept in memory"),
        ({"notice": "history.sqlite was damaged"}, "Recording, and something needs a look"),
        ({"received": 0}, "Recording"),
    ],
)
def test_the_state_is_said_in_words_with_its_reason_in_full(desk: Desk, changed: dict[str, Any], title: str) -> None:
    page = _page(desk, replace(good_health(_now_us(desk)), **changed))
    assert page.title.text() == title
    reason = changed.get("error") or changed.get("notice") or "No value has changed yet since the station started."
    assert page.detail.text() == reason


@pytest.mark.parametrize(
    ("changed", "title", "bar"),
    [
        (
            {"error": "no route to host", "delay_s": 120.0},
            "The server is away",
            "History has waited for its server for 2 min",
        ),
        ({"standing_by": "node b"}, "Standing by", "History stands by: node b writes to the server"),
        (
            {"bytes": 1_600_000_000},
            "Recording, and the room for what waits is nearly full",
            "80 % of the room for history that waits for its server is taken",
        ),
        ({"bytes": 1_599_999_999}, "Recording", ""),
        ({"error": "no route to host", "delay_s": 59.0}, "The server is away", ""),
    ],
)
def test_what_the_spool_says_stands_on_the_page_and_in_the_bar_that_leads_there(
    desk: Desk, changed: dict[str, Any], title: str, bar: str
) -> None:
    now_us = _now_us(desk)
    _say(desk, replace(good_health(now_us), spool=spool(now_us, **changed)))
    desk.tick()
    assert any(bar in text for text in desk.texts()) if bar else "Look at history" not in desk.texts()
    page = _page(desk, desk.station.health.history)
    assert page.title.text() == title
    assert ("Frames that wait", "301") in page.server.lines.texts()


def test_the_button_of_the_bar_leads_to_the_page(desk: Desk) -> None:
    _say(desk, HistoryHealth(error="the disk is full"))
    desk.tick()
    link = next(each for each in visible(desk.window, QPushButton) if each.text() == "Look at history")
    link.click()
    assert desk.window.page == HISTORY


def test_without_a_server_the_page_says_where_files_stand(desk: Desk) -> None:
    page = _page(desk)
    assert not page.server.room.isVisible()
    assert any("files on this machine" in text for text in desk.texts())


def test_an_old_backup_and_none_are_advised_and_a_new_one_is_not(desk: Desk) -> None:
    now_us = _now_us(desk)
    good = good_health(now_us)
    page = _page(desk, good)
    assert page.backup.advice.text() == ""
    assert good.backup is not None
    _page(desk, replace(good, backup=replace(good.backup, at_us=now_us - 7 * DAY_US)))
    assert page.backup.advice.text() == "The last backup is 7 days old."
    _page(desk, replace(good, backup=None))
    assert page.backup.advice.text() == "There is no backup yet."


def test_months_are_asked_for_and_damaged_ones_are_named(desk: Desk) -> None:
    page = _page(desk)
    desk.station.overview = overview(_now_us(desk))
    _ask(desk, page)
    assert page.disk.bars.sizeHint().height() == 14 * 28
    assert "can't be read and were left as they are" in page.disk.advice.text()
    assert page.disk.words.isHidden()


def test_an_empty_history_says_so_instead_of_showing_nothing(desk: Desk) -> None:
    page = _page(desk, HistoryHealth())
    _ask(desk, page)
    assert page.disk.words.text() == "No hour has been packed into a month yet."
    assert ("Oldest hour", "—") in page.disk.lines.texts()


def test_a_station_that_cannot_tell_is_quoted_and_asked_again(desk: Desk) -> None:
    page = _page(desk)
    answer, asked = desk.station.history_overview, []

    async def refuse() -> HistoryOverview:
        asked.append(1)
        raise DatabaseError(message("The station has stopped"))

    desk.station.history_overview = refuse  # type: ignore[method-assign]
    _ask(desk, page)
    assert asked == [1]
    assert page.disk.words.text() == "The station has stopped"
    desk.station.history_overview = answer  # type: ignore[method-assign]
    _ask(desk, page)
    assert page.disk.words.text() == "No hour has been packed into a month yet."


def test_a_station_that_does_not_respond_is_not_said_to_record(desk: Desk) -> None:
    page = _page(desk)
    desk.station.health = replace(desk.station.health, is_evaluated=False)
    page.refresh()
    assert page.title.text() == "Nobody knows whether history is recorded"


def test_the_rates_of_ten_minutes_are_kept_while_another_page_is_open(desk: Desk) -> None:
    _say(desk, good_health(_now_us(desk)))
    for _ in range(700):
        desk.window.context.ticker.blink.emit(True)
    page = _page(desk)
    assert page.rates.values.shape == (600,)
    assert page.rates.values.min() == 312.4


def test_every_text_of_the_page_is_translated(qtbot: QtBot) -> None:
    del qtbot
    with open_desk(size=(1280, 720), language=PSEUDO) as desk:
        now_us = _now_us(desk)
        none_left = replace(good_health(now_us), spool=spool(now_us, server="", standing_by="1"), backup=None)
        page = _page(desk, none_left)
        _ask(desk, page)
        found = untranslated(texts(desk.window), desk.station.plant, OPERATOR)
        assert [text for text in found if not _DATA.search(text)] == []


_DATA = re.compile(r"main\.py|/data|\b[kMG]?B\b")
"""Commands, the folder, and units of bytes are the same in every language."""


def _number(text: str) -> int:
    return int("".join(each for each in text if each.isdigit()))
