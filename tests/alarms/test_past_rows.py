"""What the journal has of one alarm, read for studies of what it did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alarms.config_words import NEW_ALARM, changes_of, is_about_condition
from alarms.past_row import PastRow
from alarms.states import Bits
from alarms.store.journal import Journal
from alarms.store.kpi_rows import EARLY_US, LATE_US
from alarms.store.past_rows import read_nature, read_past_rows
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from tests.alarms.test_kpi_rows import entry
from tests.fakes.clock import ManualClock
from tests.fakes.kpi_journal import HOUR_S


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "station.sqlite", clock)
    yield journal
    journal.close()


def read(journal: Journal, start_us: int, end_us: int, alarm: str = "A.H") -> list[PastRow]:
    with journal.reading() as connection:
        return read_past_rows(connection, alarm, start_us, end_us)


def test_an_empty_journal_has_no_rows(journal: Journal, clock: ManualClock) -> None:
    assert read(journal, 0, clock.wall_us()) == []
    with journal.reading() as connection:
        assert read_nature(connection, "A.H") == ("", "")


def test_rows_come_back_as_they_were_written(journal: Journal, clock: ManualClock) -> None:
    more = {
        "bits": int(Bits.ACTIVE),
        "is_time_suspect": 1,
        "condensed": 4,
        "comment": "why",
        "kind": "H",
        "text": "High",
    }
    journal.append([entry(clock, "ALM", "A.H", "UNACK", **more)])
    now_us = clock.wall_us()
    (row,) = read(journal, now_us, now_us + 1)
    assert row == PastRow("A.H", now_us, now_us, "ALM", 1, "why", 1, 4)
    assert (row.is_active, row.time_us) == (True, now_us)
    with journal.reading() as connection:
        assert read_nature(connection, "A.H") == ("H", "High")


def test_only_the_newest_row_before_a_time_and_those_after_it_are_read(journal: Journal, clock: ManualClock) -> None:
    journal.append(
        [entry(clock, "ALM", "A.H", "UNACK"), entry(clock, "RTN", "A.H", "NORM"), entry(clock, "ALM", "B.H", "UNACK")]
    )
    clock.advance(2 * HOUR_S)
    start_us = clock.wall_us()
    journal.append([entry(clock, "ALM", "A.H", "UNACK"), entry(clock, "LOST", "", ""), entry(clock, "ROOM", "", "")])
    clock.advance(30 * HOUR_S)
    journal.append([entry(clock, "RTN", "A.H", "NORM")])
    assert [(row.alarm, row.event) for row in read(journal, start_us, start_us + 1)] == [
        ("A.H", "RTN"), ("A.H", "ALM"), ("", "LOST"),
    ]  # fmt: skip
    assert [row.event for row in read(journal, start_us, start_us + 1, "B.H")] == ["ALM", "LOST"]
    assert len(read(journal, start_us + EARLY_US, clock.wall_us() - LATE_US + 1)) == 4


def test_a_change_is_about_the_condition_if_it_may_come_otherwise() -> None:
    old = AlarmDefinition(tag="A", kind=AlarmKind.COMMUNICATION)
    assert is_about_condition(changes_of(old, AlarmDefinition(tag="A", kind=AlarmKind.COMMUNICATION, on_delay_s=5.0)))
    assert is_about_condition(f"{NEW_ALARM}. As ordered")
    assert not is_about_condition(changes_of(old, AlarmDefinition(tag="A", kind=AlarmKind.COMMUNICATION, priority=1)))
    assert not is_about_condition("")
