"""What a person acknowledges, and what became of it. Immutable, any thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """An alarm as the user saw it: its name, occurrence and priority. What changed since then is not acknowledged."""

    name: str
    occurrence: int
    priority: int


@dataclass(frozen=True, slots=True)
class AckResult:
    """Whether an alarm is acknowledged now; `message` says why not, or that it could not be recorded yet."""

    name: str
    is_done: bool
    message: str = ""
