"""What figures read of the journal on the disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alarms.entry import JournalEntry
from alarms.kpi.rows import KpiRow
from alarms.store.journal import Journal
from alarms.store.kpi_rows import EARLY_US, LATE_US, read_calls, read_journal_runs, read_kpi_rows
from tests.fakes.clock import ManualClock
from tests.fakes.kpi_journal import HOUR_S, kpi_row


def entry(clock: ManualClock, event: str, alarm: str, to_state: str, **more: Any) -> JournalEntry:
    stamps = {"at_us": clock.wall_us(), "mono_ns": clock.mono_ns()}
    return JournalEntry(**(stamps | {"event": event, "alarm": alarm, "to_state": to_state} | more))


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "station.sqlite", clock)
    yield journal
    journal.close()


def read(journal: Journal, start_us: int, end_us: int) -> list[KpiRow]:
    with journal.reading() as connection:
        return read_kpi_rows(connection, start_us, end_us)


def test_an_empty_journal_has_no_rows(journal: Journal, clock: ManualClock) -> None:
    assert read(journal, 0, clock.wall_us()) == []
    with journal.reading() as connection:
        assert read_journal_runs(connection, 0, clock.wall_us()) == []


def test_rows_come_back_as_they_were_written(journal: Journal, clock: ManualClock) -> None:
    written = entry(
        clock, "SHELVE", "A.H", "SHLVD", tag="A", kind="H", priority=2, area="north", from_state="UNACK", occurrence=7,
        active_us=3, user="ada", text="A is high", until_us=9, aside_by="ada", aside_us=8, is_time_suspect=1,
    )  # fmt: skip
    journal.append([written])
    assert read(journal, clock.wall_us(), clock.wall_us() + 1) == [kpi_row(written, 1, clock.wall_us())]


def test_before_the_rows_of_a_time_stands_how_each_alarm_was_then(journal: Journal, clock: ManualClock) -> None:
    journal.append([entry(clock, "ALM", "A.H", "UNACK"), entry(clock, "ALM", "B.H", "UNACK")])
    journal.append([entry(clock, "ACK", "A.H", "ACKED"), entry(clock, "RTN", "B.H", "NORM")])
    clock.advance(2 * HOUR_S)
    start_us = clock.wall_us()
    journal.append([entry(clock, "ALM", "C.H", "UNACK"), entry(clock, "RTN", "A.H", "NORM")])
    rows = read(journal, start_us, start_us + 1_000_000)
    assert [(row.event, row.alarm) for row in rows] == [("ACK", "A.H"), ("ALM", "C.H"), ("RTN", "A.H")]
    clock.advance(2 * HOUR_S)
    later = read(journal, clock.wall_us(), clock.wall_us() + 1)
    assert [(row.event, row.alarm) for row in later] == [("ALM", "C.H")]


def test_rows_that_waited_for_the_disk_are_found(journal: Journal, clock: ManualClock) -> None:
    early = entry(clock, "ALM", "A.H", "UNACK")
    clock.advance(HOUR_S)
    journal.append([early])
    assert len(read(journal, early.at_us, early.at_us + 60_000_000)) == 1
    assert read(journal, early.at_us - LATE_US, early.at_us - LATE_US + HOUR_S * 1_000_000) == []  # type: ignore[arg-type]
    assert len(read(journal, clock.wall_us() + EARLY_US, clock.wall_us() + EARLY_US + 1)) == 1


def test_only_rows_that_may_call_are_read_for_the_load(journal: Journal, clock: ManualClock) -> None:
    journal.append([entry(clock, "ALM", "OLD.H", "UNACK")])
    clock.advance(HOUR_S)
    journal.append([entry(clock, "ALM", "A.H", "UNACK"), entry(clock, "ACK", "A.H", "ACKED")])
    journal.append([entry(clock, "RTN", "B.H", "RTNUN", condensed=9), entry(clock, "RTN", "A.H", "NORM")])
    with journal.reading() as connection:
        assert [(row.alarm, row.condensed) for row in read_calls(connection, clock.wall_us())] == [
            ("A.H", None),
            ("B.H", 9),
        ]


def test_runs_are_known_by_their_first_and_last_rows(tmp_path: Path, clock: ManualClock) -> None:
    edges = []
    for start in range(3):
        journal = Journal(tmp_path / "station.sqlite", clock)
        journal.append([entry(clock, "ALM", "A.H", "UNACK")])
        begun = clock.wall_us()
        clock.advance(10.0)
        journal.append([entry(clock, "RTN", "A.H", "NORM")])
        edges.append((begun, clock.wall_us()))
        clock.advance(100.0 * (start + 1))
        journal.close()
    journal = Journal(tmp_path / "station.sqlite", clock)
    with journal.reading() as connection:
        assert read_journal_runs(connection, 0, clock.wall_us()) == edges
        assert read_journal_runs(connection, edges[1][0], edges[2][0]) == [edges[1]]
    journal.close()
