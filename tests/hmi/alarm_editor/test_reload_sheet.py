"""Taking up alarms.csv that another program changed: shown first, asked why, told what became of it."""

from dataclasses import replace

import pytest

from hmi.alarm_editor.reload_sheet import ReloadSheet
from station.protocol import AlarmFile
from tests.fakes.desk import OPERATOR, Desk, open_desk
from tests.hmi.alarm_editor.conftest import configure

VIBRATION, TRIP = "RPS.P1.VIB.H", "RPS.P1.FLT.state"


def _sheet(desk: Desk) -> ReloadSheet:
    desk.window.show_configured()
    desk.tick()
    page = desk.window.area.configured_page
    assert page is not None
    page.reload.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ReloadSheet)
    assert not sheet.may_close, "it is being read"
    desk.settle()
    return sheet


@pytest.fixture
def changing(engineer: Desk) -> Desk:
    known = engineer.station.configured[VIBRATION].definition
    engineer.station.file_of_alarms = AlarmFile(
        version="abc", changed=(replace(known, limit=5.5),), removed=(TRIP,), later=("NEW.H",)
    )
    return engineer


def test_what_will_change_is_shown_and_taken_up_with_a_reason(changing: Desk) -> None:
    sheet = _sheet(changing)
    texts = changing.texts()
    assert {VIBRATION, "→ 5.5\u00a0mm/s"} <= set(texts)
    assert any(text.startswith(f"{TRIP} is taken out") for text in texts)
    assert any(text.startswith("NEW.H is of a tag that") for text in texts)
    assert not sheet.save_button.isEnabled()
    sheet.review.reason.enter("limits of the maker")
    assert sheet.save_button.isEnabled()
    sheet.save_button.click()
    changing.settle()
    assert changing.station.reloads == ["limits of the maker"]
    assert changing.station.alarm_changes == []
    assert "Saved, and in force" in changing.texts()
    assert sheet.may_close


def test_a_file_that_changed_again_meanwhile_is_not_taken_up(changing: Desk) -> None:
    sheet = _sheet(changing)
    sheet.review.reason.enter("limits")
    changing.station.file_of_alarms = replace(changing.station.file_of_alarms, version="def")
    sheet.save_button.click()
    changing.settle()
    assert "alarms.csv was changed again since you looked at it" in changing.texts()


def test_mistakes_are_listed_with_their_places(engineer: Desk) -> None:
    mistake = "alarms.csv:3:3: kind: unknown kind 'HIGHEST'; use H"
    engineer.station.file_of_alarms = AlarmFile(problems=(mistake,))
    sheet = _sheet(engineer)
    assert sheet.problems.toPlainText() == mistake
    assert "Mistakes in the plant folder: 1. Nothing was changed" in engineer.texts()
    assert not sheet.save_button.isEnabled()
    assert sheet.review.isHidden()
    assert sheet.may_close


@pytest.mark.parametrize("later", [(), ("NEW.H",)])
def test_a_file_without_changes_says_so(engineer: Desk, later: tuple[str, ...]) -> None:
    engineer.station.file_of_alarms = AlarmFile(version="abc", later=later)
    sheet = _sheet(engineer)
    assert "The file says what is in force already" in engineer.texts()
    assert sheet.problems.isHidden() is not bool(later)
    assert not sheet.save_button.isEnabled()


def test_who_may_not_change_alarms_has_no_button(qtbot: object) -> None:
    with open_desk(session=OPERATOR) as desk:
        configure(desk)
        desk.window.show_configured()
        desk.tick()
        page = desk.window.area.configured_page
        assert page is not None
        assert not page.reload.isVisible()
