"""No text about the sound of alarms, or of the alarm panel, is forgotten by the translation."""

import pytest
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.i18n import PSEUDO
from hmi.sound.mute_menu import mute_menu
from hmi.sound.speaker import Speaker
from tests.fakes.alarms import alarm
from tests.fakes.desk import OPERATOR, open_desk
from tests.fakes.screen_texts import painted, texts, untranslated


def test_panel_preferences_and_menu_are_translated(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    del qtbot
    with open_desk(language=PSEUDO, speak=lambda clock: Speaker([], clock)) as desk:
        window, plant = desk.window, desk.station.plant
        shelved = alarm(plant, "RPS.P1.FLT.state", state=AlarmState.SHLVD, until_us=desk.station.clock.wall_us())
        desk.station.put_alarms([shelved, alarm(plant, "RPS.P1.VIB.H")])
        desk.tick(5)
        window.mute(60)
        for show in (window.show_area_panel, window.show_preferences):
            show()
            found = [*texts(window), *painted(window, monkeypatch)]
            assert untranslated(found, plant, OPERATOR) == []
        menu = mute_menu(window, window.action_table, window.context.sound, window.shelves.notices)
        said = [("Menu", each.text()) for each in menu.actions() if not each.isSeparator()]
        assert untranslated(said, plant, OPERATOR) == []
