"""The station thread hangs under a real window: within the watchdog's time nothing on it passes for evaluated any more,
and everything comes back by itself."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from hmi.displays.items.state import StateItem
from plant_models.clock import SystemClock
from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from tests.fakes.shift import FLOW_TAG, Shift, shift
from tests.fakes.stall import Stall

NOT_EVALUATED = "Values are not evaluated: the station has stopped responding"


def words(night: Shift) -> set[str]:
    """Return the words in the banner."""
    return {label.text() for label in night.window.banner.findChildren(QLabel) if label.isVisible()}


def check_nothing_is_believed(night: Shift) -> None:
    assert night.operator.number(FLOW_TAG) != night.operator.number(FLOW_TAG), "a value is shown as good"
    states = [item for item in night.operator.display().scene.live_items if isinstance(item, StateItem)]
    assert states
    assert all("Not evaluated" in item.accessible_text() for item in states)
    assert {"Alarms not evaluated", "Watch the values. No new alarm will appear here."} & words(night)
    assert night.command_now(21.0).state is CommandState.REJECTED
    night.window.show_alarms()
    page = night.window.area.alarms_page
    assert page is not None
    first = page.table.alarms[0]
    assert (first.name, first.priority, first.text) == ("", 1, "Alarms are not evaluated")
    night.window.open_page("river-pumps")


def test_a_station_thread_that_hangs_is_on_every_part_of_the_screen(
    qapp: QApplication, twin: VirtualPlant, tmp_path: Path
) -> None:
    with shift(twin, tmp_path) as night:
        night.sees_live_values(1500.0)
        assert not night.bars()
        stall, clock = Stall(), SystemClock()
        unsubscribe = night.line.table.add_listener(stall)
        try:
            night.sees("the hang", stall.hangs.is_set)
            begun_ns = clock.mono_ns()
            night.sees("the bar", lambda: NOT_EVALUATED in night.bars(), 20.0)
            assert clock.mono_ns() - begun_ns >= 4_000_000_000, "said before the watchdog can know"
            night.sees("the banner", lambda: "Alarms not evaluated" in words(night))
            check_nothing_is_believed(night)
        finally:
            unsubscribe()
            stall.let_go()
        night.sees("no bar", lambda: not night.bars())
        night.sees_live_values(1600.0)
        night.sees("the banner again", lambda: "Alarms not evaluated" not in words(night))
        night.sees_alarm("RPS.P1")
        assert night.command(22.0).state is CommandState.VERIFIED
