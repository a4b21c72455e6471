"""One event of an alarm on its way to the journal, with all that is needed to know the alarm after it. Immutable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times of one instant: wall (µs UTC) and monotonic (ns)."""

    wall_us: int
    mono_ns: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, and from where; all empty if nobody did."""

    user: str = ""
    seat: str = ""
    roles: str = ""


NOBODY = Actor()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What happened to `alarm` at `at_us`, and how it stands afterwards (`to_state`, `bits` and what follows).

    The newest entry of each alarm restores it after a restart. `value` is in `unit`; `config` marks the definitions in
    force. The journal adds place, time of recording and hash.
    """

    at_us: int
    mono_ns: int
    event: str
    alarm: str = ""
    tag: str = ""
    kind: str = ""
    priority: int = 0
    from_state: str = ""
    to_state: str = ""
    bits: int = 0
    occurrence: int = 0
    count: int = 0
    active_us: int = 0
    trip_value: float | None = None
    acked_by: str = ""
    acked_us: int | None = None
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    quality: int = 0
    text: str = ""
    area: str = ""
    user: str = ""
    seat: str = ""
    roles: str = ""
    comment: str = ""
    config: str = ""
