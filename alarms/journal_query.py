"""What can be asked of the journal, and the answer. Immutable, any thread."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plant_models.alarm_definition import AlarmKind


class Source(StrEnum):
    """Where a row was recorded: two chains, shown as one."""

    ALARMS = "alarms"
    """What happened to alarms: table `journal`."""
    AUDIT = "audit"
    """What people did, and what became of the station: table `audit`."""


class Category(StrEnum):
    """What a row is about; each has exactly one."""

    ALARM = "alarm"
    OPERATOR = "operator"
    """What a person did to the plant or to the sound of alarms, or was refused."""
    ACCESS = "access"
    """Who sat where: windows and log-ons."""
    CONFIGURATION = "configuration"
    SYSTEM = "system"
    """What became of the station itself: starts, losses, damages."""


CATEGORY_OF_EVENT: Final = {
    "CONFIG": Category.CONFIGURATION,
    "REMOVED": Category.CONFIGURATION,
    "LOST": Category.SYSTEM,
    "DAMAGE": Category.SYSTEM,
    "ROOM": Category.SYSTEM,
}
"""Those of the events of alarms; any other is about an alarm."""


@dataclass(frozen=True, slots=True)
class JournalCut:
    """A place between two rows of the view: row `seq` of the journal and row `audit` (epoch and number) are older.

    It stays where it is while rows arrive. 0 lies before all.
    """

    seq: int
    audit: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuery:
    """Which rows are wanted, newest first. Empty filters let everything through.

    `start_us` is included, `end_us` is not (µs UTC, when the row was written: no wrong clock hides it). `text` is
    looked for in names, texts, area, user and comments, whatever its case; `alarms.journal_words` says how. `tags` and
    `areas` are whole names. What is in the audit has priority 0, no kind, and its own kind as its event.

    `limit` rows are wanted: the newest; with `before` the newest that are older than a cut; with `after` the oldest
    that are newer; with `at_us` the newest that were written before this time. However far back that is, it costs
    the same. Without `wants_total` nothing is counted.

    `patience_s` is how long may be searched: then the page says how far it came, and counting ends too.
    """

    start_us: int | None = None
    end_us: int | None = None
    text: str = ""
    tags: frozenset[str] = frozenset()
    kinds: frozenset[AlarmKind] = frozenset()
    priorities: frozenset[int] = frozenset()
    events: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    sources: frozenset[Source] = frozenset({Source.ALARMS})
    limit: int = 500
    before: JournalCut | None = None
    after: JournalCut | None = None
    at_us: int | None = None
    wants_total: bool = True
    patience_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One event as it was recorded: `at_us` is when it happened, `recorded_us` when it was written (µs UTC).

    A row of an alarm has what `alarms.entry.JournalEntry` says. One of the audit has its kind as `event`, what was
    asked for as `value`, what the station had as `value_old`, and what was found as `readback`; `title` is what was
    asked for in words, `state` how it went, `text` what was said of it and `comment` the reason.
    """

    seq: int
    at_us: int
    recorded_us: int
    event: str
    alarm: str
    tag: str
    kind: str
    priority: int
    from_state: str
    to_state: str
    occurrence: int
    value: float | None
    limit: float | None
    unit: str
    quality: int
    text: str
    area: str
    user: str
    seat: str
    comment: str
    epoch: int = 0
    roles: str = ""
    count: int = 0
    config: str = ""
    hash: str = ""
    alarm_class: str | None = None
    until_us: int | None = None
    aside_by: str | None = None
    aside_us: int | None = None
    aside_why: str | None = None
    rule: str | None = None
    note: str | None = None
    first_out: int | None = None
    is_time_suspect: int | None = None
    source: Source = Source.ALARMS
    category: Category = Category.ALARM
    title: str = ""
    state: str = ""
    value_old: float | None = None
    readback: float | None = None


NOWHERE: Final = JournalCut(0, (0, 0))


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The rows that fit, newest first, and how many match in all: `total`, or more if it `is_more`.

    The page lies between `newer` and `older`, where others go on. `is_end`: in the direction that was asked for nothing
    follows. If patience ended first, `searched_us` says back to when (or up to when) was searched. `problem` says why
    the rows of the audit are missing.
    """

    rows: tuple[JournalRow, ...]
    total: int
    is_more: bool = False
    newer: JournalCut = NOWHERE
    older: JournalCut = NOWHERE
    is_end: bool = True
    searched_us: int | None = None
    problem: str = ""
