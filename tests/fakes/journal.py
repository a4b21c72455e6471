"""A journal without thread and file: what is offered is written."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from alarms.entry import JournalEntry
from alarms.journal_query import JournalPage, JournalQuery, JournalRow
from plant_models.clock import Clock


class FakeJournal:
    """Takes the place of `alarms.journal_thread.JournalThread` and of the table behind it; `entries` remembers all.

    While `error` says something, nothing is written. `rows` are what a journal shows of it, newest first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[JournalEntry] = []
        self.rows: list[JournalRow] = []
        self.error = ""

    def offer(self, entries: Iterable[JournalEntry]) -> int | None:
        for entry in entries:
            self.entries.append(entry)
            fields = {name: value for name, value in asdict(entry).items() if name in JournalRow.__slots__}
            stamps = {"seq": len(self.rows) + 1, "recorded_us": self._clock.wall_us()}
            self.rows.insert(0, JournalRow(**fields, **stamps))
        return len(self.entries)

    def wait_written(self, ticket: int | None, timeout_s: float) -> str:
        return self.error

    def note_error(self, words: str) -> None:
        self.error = words


def page_of(rows: Sequence[JournalRow], query: JournalQuery) -> JournalPage:
    """Return the page of `rows` (newest first) that a query asks for."""
    found = [row for row in rows if _matches(row, query)]
    return JournalPage(tuple(found[query.offset : query.offset + query.limit]), len(found))


def _matches(row: JournalRow, query: JournalQuery) -> bool:
    words = " ".join((row.alarm, row.text, row.area, row.user, row.comment)).lower()
    return (
        (query.start_us is None or row.recorded_us >= query.start_us)
        and (query.end_us is None or row.recorded_us < query.end_us)
        and (query.last_seq is None or row.seq <= query.last_seq)
        and (not query.tags or row.tag in query.tags)
        and (not query.kinds or row.kind in query.kinds)
        and (not query.priorities or row.priority in query.priorities)
        and (not query.events or row.event in query.events)
        and query.text.lower() in words
    )
