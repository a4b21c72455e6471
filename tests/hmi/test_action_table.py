"""Menus, buttons and shortcuts come from one table of actions."""

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from hmi import actions
from hmi.actions import ACTIONS, Actions, ActionSpec
from tests.fakes.desk import Desk


def test_ids_and_shortcuts_are_unique() -> None:
    ids = [spec.id for spec in ACTIONS]
    shortcuts = [spec.shortcut for spec in ACTIONS if spec.shortcut]
    assert len(ids) == len(set(ids))
    assert len(shortcuts) == len(set(shortcuts))


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_every_shortcut_is_one_that_qt_understands(spec: ActionSpec) -> None:
    assert QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.PortableText) == spec.shortcut


def test_the_tool_tip_of_an_action_names_its_key(desk: Desk) -> None:
    assert desk.window.action_table["theme"].toolTip() == "Light or dark (Ctrl+T)"


def test_the_menu_holds_the_actions_of_the_table(desk: Desk) -> None:
    menu = desk.window.top_bar.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == [spec.text for spec in ACTIONS if spec.is_in_menu]


def test_an_action_without_its_permission_is_absent(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = ActionSpec("secret", "Design", lambda _: None, permission="engineer", is_in_menu=True)
    monkeypatch.setattr(actions, "ACTIONS", (*ACTIONS, extra))
    owner = QWidget()
    qtbot.addWidget(owner)
    for_all = [action.text() for action in Actions(owner, desk.window, frozenset({"operator"})).menu()]
    for_engineers = [action.text() for action in Actions(owner, desk.window, frozenset({"engineer"})).menu()]
    assert "Design" not in for_all
    assert for_engineers == [*for_all, "Design"]


def test_one_level_up_and_home_lead_to_displays(desk: Desk) -> None:
    desk.window.show_devices()
    desk.window.action_table["home"].trigger()
    assert desk.window.page == "river-pumps"
    desk.window.action_table["up"].trigger()
    assert desk.window.page == "overview"
