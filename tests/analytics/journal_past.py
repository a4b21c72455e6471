"""What the journal has of one alarm, written by hand: times are seconds after START_US."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from alarms.past_row import PastRow
from alarms.states import Bits
from analytics.alarm_past import AlarmPast
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from tests.analytics.past import at_us

LINK: Final = "PLC.comm"


@dataclass
class Kept:
    """Rows of the alarm LINK, and when the station ran; `asked` are the spans that were read."""

    known: Sequence[tuple[float, float]] = ((-1e6, 1e9),)
    rows: list[PastRow] = field(default_factory=list)
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    def put(self, event: str, at_s: float, is_active: bool, **more: Any) -> "Kept":
        bits = Bits.ACTIVE if is_active else Bits.ACKED
        fields = {"alarm": LINK, "recorded_us": at_us(at_s)} | more
        self.rows.append(PastRow(at_us=at_us(at_s), event=event, bits=int(bits), **fields))
        return self

    def active(self, *spans: tuple[float, float]) -> "Kept":
        """Let the alarm be active from a time to another, again and again."""
        for start_s, end_s in spans:
            self.put("ALM", start_s, True).put("RTN", end_s, False)
        return self

    def read(self, alarm: str, start_us: int, end_us: int) -> AlarmPast:
        self.asked.append((alarm, start_us, end_us))
        return AlarmPast(tuple(self.rows), tuple((at_us(start), at_us(end)) for start, end in self.known))


def link(**more: Any) -> AlarmDefinition:
    """Return the communication alarm that the program makes for a device."""
    return AlarmDefinition(
        **{"tag": "", "kind": AlarmKind.COMMUNICATION, "on_delay_s": 5.0, "off_delay_s": 5.0, **more}
    )
