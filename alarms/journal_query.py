"""What can be asked of the journal, and the answer. Immutable, any thread."""

from dataclasses import dataclass

from plant_models.alarm_definition import AlarmKind


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuery:
    """Which rows are wanted, newest first. Empty filters let everything through.

    `start_us` is included, `end_us` is not (µs UTC, when the row was written: no wrong clock hides it). `text` is
    looked for in alarm name, text, area, user and comment, whatever its case; `tags` are whole names. `limit` and
    `offset` cut the page.
    `last_seq` is the newest row that counts (None: all do), so that pages stay where they are while events arrive.
    """

    start_us: int | None = None
    end_us: int | None = None
    text: str = ""
    tags: frozenset[str] = frozenset()
    kinds: frozenset[AlarmKind] = frozenset()
    priorities: frozenset[int] = frozenset()
    events: frozenset[str] = frozenset()
    limit: int = 500
    offset: int = 0
    last_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One event as it was recorded: `at_us` is when it happened, `recorded_us` when it was written (µs UTC)."""

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


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The newest rows that fit, and how many there are in all."""

    rows: tuple[JournalRow, ...]
    total: int
