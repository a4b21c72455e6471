"""A journal without thread and file: what is offered is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

from alarms.entry import JournalEntry
from alarms.journal_merge import read_page
from alarms.journal_query import NOWHERE, JournalCut, JournalPage, JournalQuery, JournalRow, Source
from alarms.journal_words import Words
from alarms.store.journal import Journal
from alarms.store.reading import JournalReader
from plant_models.clock import Clock
from tests.fakes.clock import ManualClock


class FakeJournal:
    """Takes the place of `alarms.journal_thread.JournalThread` and of the table behind it; `entries` remembers all.

    While `error` says something, nothing is written. `rows` are what a journal shows of it, newest first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[JournalEntry] = []
        self.rows: list[JournalRow] = []
        self.error = ""

    def offer(self, entries: Iterable[JournalEntry], is_needed: bool = False) -> int | None:
        for entry in entries:
            self.entries.append(entry)
            fields = {name: value for name, value in asdict(entry).items() if name in JournalRow.__slots__}
            stamps = {"seq": len(self.rows) + 1, "recorded_us": self._clock.wall_us()}
            self.rows.insert(0, JournalRow(**fields, **stamps))
        return len(self.entries)

    def wait_written(self, ticket: int | None, timeout_s: float) -> str:
        return self.error

    def read_first(self, read: Callable[[], list[JournalEntry]], forget: Callable[[], None], why: str) -> None:
        raise AssertionError(f"nothing is read late here: {why}")


def page_of(rows: Sequence[JournalRow], query: JournalQuery) -> JournalPage:
    """Return the page of `rows` (newest first) that a query asks for."""
    found = [row for row in rows if _matches(row, query)]
    newer = query.before or _top(
        rows if query.at_us is None else [row for row in rows if row.recorded_us < query.at_us]
    )
    if query.after is not None:
        fresh = [row for row in found if not _is_older(row, query.after)][::-1]
        taken = fresh[: query.limit][::-1]
        end = _top([row for row in rows if row in taken or _is_older(row, query.after)])
        return JournalPage(tuple(taken), len(found), newer=end, older=query.after, is_end=len(taken) == len(fresh))
    left = [row for row in found if _is_older(row, newer)]
    taken = left[: query.limit]
    is_end = len(taken) == len(left)
    older = NOWHERE if is_end else _top(left[len(taken) :])
    return JournalPage(tuple(taken), len(found), newer=newer, older=older, is_end=is_end)


def read_journal(journal: Journal, query: JournalQuery | None = None) -> JournalPage:
    """Return what a journal on the disk holds of a question."""
    query = query or JournalQuery()
    with journal.reading() as connection:
        return read_page(query, JournalReader(connection, query), None, ManualClock())


def _top(rows: Sequence[JournalRow]) -> JournalCut:
    """Return the cut above rows that are in order."""
    seq = max((row.seq for row in rows if row.source is Source.ALARMS), default=0)
    return JournalCut(seq, max(((row.epoch, row.seq) for row in rows if row.source is Source.AUDIT), default=(0, 0)))


def _is_older(row: JournalRow, cut: JournalCut) -> bool:
    return row.seq <= cut.seq if row.source is Source.ALARMS else (row.epoch, row.seq) <= cut.audit


def _matches(row: JournalRow, query: JournalQuery) -> bool:
    texts = (row.alarm, row.tag, row.text, row.area, row.user, row.comment, row.title, row.event)
    return (
        row.source in query.sources
        and (query.start_us is None or row.recorded_us >= query.start_us)
        and (query.end_us is None or row.recorded_us < query.end_us)
        and (not query.tags or row.tag in query.tags)
        and (not query.areas or row.area in query.areas)
        and (not query.kinds or row.kind in query.kinds)
        and (not query.priorities or row.priority in query.priorities)
        and (not query.events or row.event in query.events)
        and (not query.categories or row.category in query.categories)
        and Words(query.text).are_in(texts)
    )
