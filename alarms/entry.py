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

    The newest entry of each alarm restores it after a restart. `value` is what is compared with `limit`, both in
    `unit`: of a rate, a deviation or what is stuck not the tag's value. `config` marks the definitions in force. The
    journal adds place, time of recording and hash.

    What is None isn't known or doesn't apply. `aside_*` say who shelved it or took it out of service, when and why;
    `until_us` is when the shelf ends, or the service is to be looked at again (µs UTC). `shelvings` counts since it was
    last normal, `rule` suppresses it by design, `note` is the newest comment. `first_out` is 1 for the first of its
    group, 2 for one of several that came first together. `is_time_suspect`: the source's clock was not believed.
    `condensed` is the number of events that this one, the newest of them, stands for.
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
    alarm_class: str | None = None
    until_us: int | None = None
    aside_by: str | None = None
    aside_us: int | None = None
    aside_why: str | None = None
    is_one_shot: int | None = None
    shelvings: int | None = None
    rule: str | None = None
    note: str | None = None
    first_out: int | None = None
    is_time_suspect: int | None = None
    condensed: int | None = None
