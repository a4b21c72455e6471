"""What a person did at their seat, told to the station once it has happened. Immutable, any thread."""

from dataclasses import dataclass
from enum import StrEnum


class SeatAct(StrEnum):
    """The kinds of these rows of the audit. "log on" and "log off" stand beside them, for who is at an open window."""

    OPEN = "seat open"
    CLOSE = "seat close"
    SILENCE = "silence"
    MUTE = "mute"
    UNMUTE = "unmute"


@dataclass(frozen=True, slots=True)
class SeatNote:
    """An act; of a mute also until when (µs UTC) alarms are not heard, and those of priority 1 (None: they are)."""

    act: SeatAct
    until_us: int | None = None
    urgent_until_us: int | None = None
