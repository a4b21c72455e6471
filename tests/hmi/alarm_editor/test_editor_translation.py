"""The dialogs about alarms and the list of configured ones are translated, and nothing of them is cut off."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from alarms.handling import AlarmAct
from alarms.states import AlarmState
from hmi.alarm_editor.editor import EditSheet
from hmi.alarm_editor.page import ConfiguredPage
from hmi.i18n import PSEUDO
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, open_desk, visible
from tests.fakes.screen_texts import painted, texts, untranslated, without
from tests.hmi.alarm_editor.conftest import ENGINEER, configure

VIBRATION, TRIP = "RPS.P1.VIB.H", "RPS.P1.FLT.state"


@pytest.fixture(params=[(1920, 1080), (1280, 720)])
def pseudo_engineer(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Desk]:
    with open_desk(size=request.param, language=PSEUDO, session=ENGINEER) as desk:
        configure(desk)
        yield desk


def _plain(desk: Desk) -> list[str]:
    """Return what isn't translated; what an engineer edits is the plant's data, as it stands in its files."""
    definition = next(each for each in desk.station.plant.alarms if each.name == VIBRATION)
    said = (getattr(definition, each.name) for each in fields(definition))
    own = (VIBRATION, TRIP, "GMT", *(line for each in said if type(each) is str for line in each.splitlines() if line))
    return untranslated(without(texts(desk.window), own), desk.station.plant, ENGINEER)


def _is_whole(desk: Desk) -> bool:
    sheet = desk.window.area.dialogs.sheet
    assert sheet is not None
    buttons = visible(sheet, QPushButton)
    return all(each.width() >= each.sizeHint().width() for each in buttons if each.text().strip())


@pytest.mark.parametrize(
    "act", [AlarmAct.SHELVE, AlarmAct.OUT_OF_SERVICE, AlarmAct.COMMENT, AlarmAct.UNSHELVE, AlarmAct.RESET]
)
def test_the_dialogs_of_the_list_are_translated(pseudo_engineer: Desk, act: AlarmAct) -> None:
    state = {AlarmAct.UNSHELVE: AlarmState.SHLVD, AlarmAct.RESET: AlarmState.LATAK}.get(act, AlarmState.UNACK)
    rows = [alarm(pseudo_engineer.station.plant, name, state=state) for name in (VIBRATION, TRIP)]
    pseudo_engineer.window.area.aside.act(act, rows)
    pseudo_engineer.settle()
    assert _plain(pseudo_engineer) == []
    assert _is_whole(pseudo_engineer)


def test_the_list_of_configured_alarms_is_translated(pseudo_engineer: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo_engineer.window.show_configured()
    pseudo_engineer.tick()
    assert _plain(pseudo_engineer) == []
    (page,) = visible(pseudo_engineer.window, ConfiguredPage)
    shown = [text for _, text in painted(page, monkeypatch)]
    assert any("Ṽíbřáţíöñ" in text or "[" in text for text in shown)


@pytest.mark.parametrize("open_sheet", [
    lambda page: page.new.click(),
    lambda page: page.remove.click(),
    lambda page: page.disable.click(),
    lambda page: page.take_in.click(),
])  # fmt: skip
def test_the_dialogs_of_configured_alarms_are_translated(
    pseudo_engineer: Desk, open_sheet: Callable[[ConfiguredPage], None]
) -> None:
    pseudo_engineer.window.show_configured()
    page = pseudo_engineer.window.area.configured_page
    assert page is not None
    at = page.table.row_of(VIBRATION)
    assert at is not None
    page.view.selectRow(at)
    open_sheet(page)
    sheet = pseudo_engineer.window.area.dialogs.sheet
    assert sheet is not None
    if hasattr(sheet, "field"):
        sheet.field.setText("7")
    pseudo_engineer.tick()
    assert _plain(pseudo_engineer) == []
    assert _is_whole(pseudo_engineer)


@pytest.mark.parametrize("part", range(4))
def test_the_dialog_of_an_alarm_is_translated(pseudo_engineer: Desk, part: int) -> None:
    known = dict(pseudo_engineer.station.configured)
    bare = replace(known[VIBRATION].definition, text="", consequence="", action="", respond_min=None)
    pseudo_engineer.station.configured = {VIBRATION: replace(known[VIBRATION], definition=bare)}
    pseudo_engineer.station.put_alarms([])
    pseudo_engineer.tick(5)
    pseudo_engineer.window.configure_alarm(VIBRATION)
    sheet = pseudo_engineer.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    sheet.form.sections.buttons[str(part)].click()
    pseudo_engineer.tick()
    assert _plain(pseudo_engineer) == []
    assert _is_whole(pseudo_engineer)
    sheet.form.fields["priority"].show_value(1)
    sheet.form.fields["basis"].show_value("7")
    sheet.save_button.click()
    pseudo_engineer.tick()
    assert _plain(pseudo_engineer) == []
