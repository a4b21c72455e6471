"""A shift at a real window on the whole line: what stands on the screen, while a test spoils what lies behind it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QLabel

from hmi.control_room import ControlRoom, open_control_room
from hmi.shell.message_bar import StandingBar
from hmi.shell.window import Window
from plant_models.device import Endpoint
from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandRequest, CommandStatus
from tests.end_to_end.operator import Operator
from tests.fakes.running_station import OPERATOR
from tests.fakes.screen_texts import texts
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import WholeLine, whole_line

PLC_OF = {"RPS": "RPS_PLC", "LPS": "LPS_PLC", "RAW": "WTW_UA"}
FLOW, FLOW_TAG = "RPS.P1.flow", "RPS.P1.FLOW"
UNAUDITED = "Commands are refused, "
UNJOURNALLED = "The alarm journal can't be written"
FORGETTING = "Values are not being stored: "


class Shift:
    """`sees` lets the window live until something is on it; nothing moves on the screen in between."""

    def __init__(self, room: ControlRoom, line: WholeLine) -> None:
        self.room, self.line = room, line
        self.operator = Operator(room)
        self.plant = line.twin

    @property
    def window(self) -> Window:
        return self.room.window

    def sees(self, what: str, condition: Callable[[], object], within_s: float = 30.0) -> None:
        """Wait until `condition()` is true; a generous hang guard."""
        self.room.loop.run_until_complete(self.operator.sees(what, condition, within_s))

    def sees_live_values(self, value: float) -> None:
        """Let a sensor say `value`, and wait until the display says it as a good one."""
        self.plant.control.request("stamp", plc="RPS_PLC", variable=FLOW, value=value)
        self.sees(f"{value} on the display", lambda: self.operator.number(FLOW_TAG) == value)

    def sees_alarm(self, pump: str) -> None:
        """Let a pump trip, and wait until the banner tells of it."""
        self.plant.control.request("stamp", plc=PLC_OF[pump[:3]], variable=f"{pump}.fault", value=1.0)
        self.sees(f"the alarm of {pump}", lambda: f"{pump}.FLT.state" in self.banner())

    def acknowledge(self, pump: str) -> None:
        """Acknowledge the trip of a pump, as the banner and the list do."""
        alarms = self.window.context.alarms
        alarms.acknowledge(row for row in alarms.rows if row.name == f"{pump}.FLT.state")

    def texts(self) -> str:
        """Return every text of the window, a line each."""
        return "\n".join(text for _, text in texts(self.window))

    def command(self, value: float) -> CommandStatus:
        """Give a command as soon as the pause after the last one is over."""
        wanted, station = CommandRequest(tag="RPS.START_SP", value=value), self.line.station
        self.sees("the end of the pause", lambda: not station.refusals(wanted, OPERATOR))
        return self.command_now(value)

    def command_now(self, value: float) -> CommandStatus:
        """Give a command whatever the screen says."""
        wanted = CommandRequest(tag="RPS.START_SP", value=value)
        return self.room.loop.run_until_complete(self.line.station.command(wanted, OPERATOR))

    def banner(self) -> list[str]:
        """Return the names of the alarms that are waiting in the banner."""
        slots = self.window.banner.slots
        return [slot.alarm.name for slot in slots if slot.isVisible() and slot.alarm is not None]

    def bars(self) -> str:
        """Return the words of the bars that nobody can close, a line each."""
        bars = [bar for bar in self.window.findChildren(StandingBar) if bar.isVisible()]
        return "\n".join(label.text() for bar in bars for label in bar.findChildren(QLabel) if label.text())


@contextmanager
def shift(
    twin: VirtualPlant, folder: Path, endpoints: Mapping[str, Endpoint] | None = None, page: str = "river-pumps"
) -> Iterator[Shift]:
    """Open a window on a running station; a problem in it fails the test."""
    with (
        whole_line(twin, folder, endpoints) as line,
        open_control_room(line.station, OPERATOR, theme_name="light", language="en") as room,
    ):
        room.window.resize(1920, 1080)
        room.window.show()
        room.window.open_page(page)
        shift = Shift(room, line)
        wait_until(lambda: line.is_good("RPS_PLC"), 30, "good values of the river pumps")
        yield shift
        assert not room.window.problem, room.window.problem
