"""No text of the alarm screens is forgotten by the translation."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.alarm_journal.cells import EVENTS
from hmi.i18n import PSEUDO
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import OPERATOR, Desk, open_desk
from tests.fakes.screen_texts import painted, texts, untranslated

STATES = tuple(state for state in AlarmState if state is not AlarmState.NORM)


@pytest.fixture
def alarmed_desk(qtbot: QtBot) -> Iterator[Desk]:
    """A desk in the pseudo-language with an alarm in each state."""
    with open_desk(language=PSEUDO) as desk:
        plant, now_us = desk.station.plant, desk.station.clock.wall_us()
        rows = [
            alarm(plant, definition.name, state=state, count=2, active_us=now_us - 10**6 * 17**at, is_frozen=at == 3)
            for at, (state, definition) in enumerate(zip(STATES, plant.alarms, strict=False))
        ]
        desk.station.put_alarms(rows)
        desk.station.journal_rows = [each for event in EVENTS for each in journal(rows[:1], event, OPERATOR.user)]
        desk.tick(5)
        yield desk


def _plain(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found = [*texts(desk.window), *painted(desk.window, monkeypatch)]
    return untranslated(found, desk.station.plant, OPERATOR)


def test_the_list_with_its_details_and_the_banner_is_translated(
    alarmed_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarmed_desk.window.show_alarms()
    page = alarmed_desk.window.area.alarms_page
    assert page is not None
    for at in range(len(STATES)):
        page.view.selectRow(at)
        alarmed_desk.tick()
        assert _plain(alarmed_desk, monkeypatch) == []
    page.filter_bar.field.setText("7")
    assert _plain(alarmed_desk, monkeypatch) == []


def test_the_journal_is_translated(alarmed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    alarmed_desk.window.show_journal()
    alarmed_desk.tick(6)
    alarmed_desk.settle()
    assert _plain(alarmed_desk, monkeypatch) == []


def test_an_empty_list_and_a_refusal_are_translated(alarmed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    alarmed_desk.window.show_alarms()
    for is_evaluated in (True, False):
        alarmed_desk.station.put_alarms([], is_evaluated=is_evaluated)
        alarmed_desk.tick(5)
        assert _plain(alarmed_desk, monkeypatch) == []
    alarmed_desk.window.say_refusal("7")
    assert _plain(alarmed_desk, monkeypatch) == []
