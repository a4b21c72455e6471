"""What a person acknowledges, and what became of it. Immutable, any thread."""

from dataclasses import dataclass, field

from alarms.states import AlarmState


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """An alarm as the user saw it: its name, occurrence and priority. What changed since then is not acknowledged.

    `state` and `aside_us` (when it was put aside, µs UTC) are needed by who puts it aside, or back: whether somebody
    else has done so meanwhile.
    """

    name: str
    occurrence: int
    priority: int
    state: AlarmState | None = field(default=None, compare=False)
    aside_us: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AckResult:
    """Whether what a person wanted of an alarm is done; `message` says why not, or that it isn't recorded yet."""

    name: str
    is_done: bool
    message: str = ""
