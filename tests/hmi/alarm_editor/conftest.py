"""A desk of an engineer, whose station has the alarms of the demo plant configured."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from alarms.definitions import alarms_of
from station.session import Session
from tests.fakes.desk import Desk, open_desk

ENGINEER = Session(user="eve", roles=frozenset({"engineer"}), seat="desk-1", is_logged_on=True)


def configure(desk: Desk) -> None:
    """Let the station have the alarms of its plant."""
    desk.station.configured = {alarm.name: alarm for alarm in alarms_of(desk.station.plant)}
    desk.station.put_alarms([])
    desk.tick(5)


@pytest.fixture
def engineer(qtbot: QtBot) -> Iterator[Desk]:
    del qtbot
    with open_desk(session=ENGINEER) as desk:
        configure(desk)
        yield desk
