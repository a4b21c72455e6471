"""The words of a faceplate's tabs are translated, and nothing of them is cut off in a longer language."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from hmi.faceplate.faceplate import ALARMS
from hmi.i18n import PSEUDO
from plant_models.quality import Quality
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import OPERATOR, PUMP, open_desk, visible
from tests.fakes.screen_texts import texts, untranslated


def test_the_page_of_alarms_and_the_times_are_translated(qtbot: QtBot) -> None:
    clock = ManualClock()
    with open_desk(language=PSEUDO, clock=clock) as desk:
        plant = desk.station.plant
        clock.advance(10)
        desk.station.put({f"{PUMP}.FLT": 1.0})
        desk.station.put({f"{PUMP}.VIB": 7.2}, Quality.BAD_SENSOR_FAILURE)
        at_us = clock.wall_us()
        clock.advance(47)
        faceplate = desk.window.area.open_faceplate(PUMP)
        desk.tick(2)
        assert untranslated(texts(desk.window), plant, OPERATOR) == []
        for names in ((), (f"{PUMP}.FLT.state", f"{PUMP}.TEMP.HH")):
            desk.station.put_alarms([alarm(plant, name, active_us=at_us) for name in names])
            faceplate.tabs.setCurrentIndex(ALARMS)
            desk.tick(6)
            assert untranslated(texts(desk.window), plant, OPERATOR) == []
        for made in (each for each in visible(faceplate, QPushButton) if each.text()):
            assert made.width() >= made.sizeHint().width(), made.text()
        assert faceplate.tabs.width() >= sum(faceplate.tabs.tabRect(index).width() for index in (0, 1))


def test_the_warning_of_a_setpoint_is_translated(qtbot: QtBot) -> None:
    with open_desk(language=PSEUDO) as desk:
        desk.open_setpoint("PRV1", "DOWN_SP").enter(1.2)
        desk.tick()
        assert untranslated(texts(desk.window), desk.station.plant, OPERATOR) == []
