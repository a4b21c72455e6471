"""What the journal costs: rows a second to the disk, and how soon a page of a million rows is there, however filtered.

The baseline of writing is the same chained rows through SQLAlchemy's own way of inserting. The journal that is asked
holds what a plant of 2,000 alarms brings in some years.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from alarms.entry import JournalEntry
from alarms.journal_merge import read_page
from alarms.journal_parts import Patience
from alarms.journal_query import Category, JournalQuery
from alarms.states import AlarmEvent
from alarms.store.blocks import SIZE
from alarms.store.journal import Journal
from alarms.store.reading import JournalReader
from alarms.store.rows import ENTRY_FIELDS
from alarms.store.tables import JOURNAL
from alarms.store.verify import verify_journal
from benchmarks.figure import Figure
from database.chain import GENESIS, digest, storable
from database.engine import open_database
from plant_models.clock import SystemClock

ROWS: Final = 1_000_000
MEASURED: Final = 20_000
CHUNK: Final = 5_000
ALARMS: Final = 2_000
PATIENCE_S: Final = 0.15
CLOCK: Final = SystemClock()
_ENDLESS: Final = Patience(CLOCK, None)
_PAGE: Final = {"limit": 200, "patience_s": PATIENCE_S}
QUESTIONS: Final = {
    "all": JournalQuery(**_PAGE),
    "priority": JournalQuery(priorities=frozenset({1}), **_PAGE),
    "area": JournalQuery(areas=frozenset({"AREA7"}), **_PAGE),
    "event": JournalQuery(events=frozenset({"SHELVE"}), **_PAGE),
    "several": JournalQuery(priorities=frozenset({1}), areas=frozenset({"AREA7"}), events=frozenset({"ACK"}), **_PAGE),
    "system": JournalQuery(categories=frozenset({Category.SYSTEM}), **_PAGE),
    "tag": JournalQuery(tags=frozenset({"AREA7.P1327.LEVEL"}), **_PAGE),
    "usual_text": JournalQuery(text="level high", **_PAGE),
    "rare_text": JournalQuery(text="seal broken", **_PAGE),
    "scattered_text": JournalQuery(text="p1327 acknowledged", **_PAGE),
    "no_such_text": JournalQuery(text="no such words", **_PAGE),
    "wildcards": JournalQuery(text="area7*p13?7 no*words", **_PAGE),
}


def run() -> list[Figure]:
    """Return the figures; `open_…` is the slowest of three readings of the newest page with its number of rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "station.sqlite"
        journal = Journal(path, CLOCK)
        rate = _fill(journal)
        for _ in range(ROWS // SIZE):
            journal.append([])
        times_ms = {name: _ask_ms(journal, query) for name, query in QUESTIONS.items()}
        deep_ms = _deep_ms(journal)
        journal.close()
        begun = CLOCK.mono_ns()
        verdict = verify_journal(path)
        verified = ROWS / ((CLOCK.mono_ns() - begun) / 1e9)
        assert (verdict.rows, verdict.bad) == (ROWS, None)
    slowest_ms = max(times_ms.values())
    return [
        Figure("journal_rows_per_s", rate, "rows/s", ">= 50000"),
        Figure("journal_rows_vs_sqlalchemy", rate, "rows/s", ">= 2", baseline=_plain_rate()),
        Figure("open_journal_1M_rows_ms", slowest_ms, "ms", "<= 500"),
        *(Figure(f"open_journal_{name}_ms", taken, "ms", "<= 500") for name, taken in times_ms.items()),
        Figure("journal_page_1000_vs_page_1", deep_ms[1], "ms", "<= 2", baseline=deep_ms[0]),
        Figure("verify_journal_rows_per_s", verified, "rows/s", ">= 30000"),
    ]


def _fill(journal: Journal) -> float:
    """Write the rows; return how many a second reach the disk, in the best of the first five spans."""
    rates, taken_ns = [], 0
    for start in range(0, ROWS, CHUNK):
        entries = list(_entries(start, start + CHUNK))
        begun = CLOCK.mono_ns()
        journal.append(entries)
        taken_ns += CLOCK.mono_ns() - begun
        if (start + CHUNK) % MEASURED == 0:
            rates.append(MEASURED / (taken_ns / 1e9))
            taken_ns = 0
    return max(rates[:5])


def _entries(start: int, end: int) -> Iterator[JournalEntry]:
    events = (AlarmEvent.ALM.value, AlarmEvent.ACK.value, AlarmEvent.RTN.value)
    for number in range(start, end):
        alarm = number // 3 * 7 % ALARMS
        area = f"AREA{alarm % 20}"
        event = "SHELVE" if number % 9_973 == 0 else "LOST" if number % 99_991 == 0 else events[number % 3]
        is_acked = event == "ACK"
        yield JournalEntry(
            at_us=1_700_000_000_000_000 + number * 1_000,
            mono_ns=number,
            event=event,
            alarm=f"{area}.P{alarm}.LEVEL.H",
            tag=f"{area}.P{alarm}.LEVEL",
            kind="H",
            priority=1 if alarm % 97 == 0 else 2 + alarm % 3,
            from_state="NORM",
            to_state="UNACK",
            bits=5,
            occurrence=1_700_000_000_000_000 + number,
            count=1,
            active_us=1_700_000_000_000_000 + number,
            trip_value=8.1,
            value=8.1,
            limit=8.0,
            unit="m",
            text=f"Level high in tank {alarm}",
            area=area,
            user=f"operator{number % 12}" if is_acked else "",
            comment="seal broken" if number % 300_007 == 1 else f"acknowledged on round {number}" if is_acked else "",
            config="0123456789abcdef",
            alarm_class="process",
        )


def _ask_ms(journal: Journal, query: JournalQuery) -> float:
    taken = []
    for _ in range(3):
        begun = CLOCK.mono_ns()
        with journal.reading() as connection:
            read_page(query, JournalReader(connection, query), None, CLOCK)
        taken.append((CLOCK.mono_ns() - begun) / 1e6)
    return max(taken)


def _deep_ms(journal: Journal) -> tuple[float, float]:
    """Return what the first page takes, and what one takes after a thousand others, without counting."""
    query = JournalQuery(limit=200, wants_total=False)
    taken = []
    for at_seq in (ROWS, ROWS - 1_000 * 200):
        times = []
        for _ in range(5):
            begun = CLOCK.mono_ns()
            with journal.reading() as connection:
                JournalReader(connection, query).older(at_seq, _ENDLESS)
            times.append((CLOCK.mono_ns() - begun) / 1e6)
        taken.append(sorted(times)[2])
    return taken[0], taken[1]


def _plain_rate() -> float:
    """Return how many rows a second SQLAlchemy inserts when each is a dictionary, in the best of three times."""
    entries = list(_entries(0, MEASURED))
    return max(_plain(entries) for _ in range(3))


def _plain(entries: list[JournalEntry]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "station.sqlite")
        begun, mark = CLOCK.mono_ns(), GENESIS
        for start in range(0, len(entries), CHUNK):
            rows: list[dict[str, Any]] = []
            for place, entry in enumerate(entries[start : start + CHUNK], start + 1):
                row = {name: storable(getattr(entry, name)) for name in ENTRY_FIELDS} | {"seq": place, "epoch": 1}
                row["recorded_us"] = CLOCK.wall_us()
                before, mark = mark, digest(mark, {name: value for name, value in row.items() if value is not None})
                rows.append(row | {"prev_hash": before, "hash": mark})
            with engine.begin() as connection:
                connection.execute(insert(JOURNAL), rows)
        seconds = (CLOCK.mono_ns() - begun) / 1e9
        engine.dispose()
    return len(entries) / seconds
