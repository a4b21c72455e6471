"""What the operator sees of a fault on a display over the whole line."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from hmi.displays.items.value import ValueItem
from hmi.displays.view import DisplayView
from hmi.numbers import DASH
from hmi.ticker import Ticker
from plant_models.quality import is_good
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import WholeLine, whole_line


class Screen:
    """The river pumps on a display that is refreshed by hand."""

    def __init__(self, qtbot: QtBot, line: WholeLine) -> None:
        self._ticker = Ticker()
        self._ticker.stop()
        self._view = DisplayView(line.station.plant.displays["river-pumps"], line.station, self._ticker)
        qtbot.addWidget(self._view)
        with qtbot.waitExposed(self._view):
            self._view.show()

    def item(self, tag: str) -> ValueItem:
        """Return what is drawn of a tag after one more tick."""
        self._ticker.advance()
        items = self._view.scene.items
        return next(item for item in items if isinstance(item, ValueItem) and item.item.tag == tag)


def test_a_display_marks_every_value_of_a_frozen_plc(qtbot: QtBot, twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        screen = Screen(qtbot, line)
        line.wait_good()
        assert screen.item("RPS.P1.FLOW").reading.is_usable
        twin.control.request("freeze", plc="RPS_PLC")
        line.wait_out("RPS_PLC")
        for tag in ("RPS.P1.FLOW", "RPS.SUCTION", "RPS.START_SP", "RPS.P1.HRS"):
            reading = screen.item(tag).reading
            assert (reading.mark, reading.word, reading.is_usable) == ("?", "no communication", False)
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good()
        assert screen.item("RPS.P1.FLOW").reading.mark == ""


def test_a_display_shows_a_dash_for_a_sensor_that_says_nan(qtbot: QtBot, twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        screen = Screen(qtbot, line)
        line.wait_good()
        twin.control.request("sensor", variable="RPS.P2.flow", fault="nan")
        wait_until(lambda: not is_good(line.table.sample("RPS.P2.FLOW").quality))
        reading = screen.item("RPS.P2.FLOW").reading
        assert (reading.text, reading.mark, reading.is_usable) == (DASH, "*", False)
