"""Who sat where, and who made the alarms quiet: rows of the audit that say all of it, or words why there are none."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from alarms.journal_query import Category, JournalQuery, Source
from plant_models.message import Message
from station.chain import AuditEntry
from station.commands import STOPPED
from station.seat_note import SeatAct, SeatNote
from station.seats import LONGEST_US
from station.session import Session, operating_system_session
from station.store.audit import Audit
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows
from tests.fakes.clock import ManualClock
from tests.fakes.running_station import OPERATOR, RunningStation

NOW_US = 1_700_000_000_000_000
MINUTE_US = 60_000_000
NOBODY = Session(user="win-user", roles=frozenset({"viewer", "operator"}), seat="desk 3", is_logged_on=False)
STARTED = AuditEntry(kind="start", user="ada", seat="desk 1", message="process 4711")


def told(running: RunningStation, note: SeatNote, session: Session = OPERATOR) -> str:
    return asyncio.run(running.station.note_seat(note, session))


def starts(folder: Path) -> list[str]:
    return [row["message"] for row in audit_rows(folder, kind="start")]


def test_a_sitting_is_told_from_the_opening_to_the_closing_of_the_window(running: RunningStation) -> None:
    mute = SeatNote(SeatAct.MUTE, NOW_US + 15 * MINUTE_US, NOW_US + 5 * MINUTE_US)
    notes = [SeatNote(SeatAct.OPEN), SeatNote(SeatAct.SILENCE), mute, SeatNote(SeatAct.UNMUTE), SeatNote(SeatAct.CLOSE)]
    assert [told(running, note, NOBODY) for note in notes] == [""] * 5
    rows = audit_rows(running.folder, kind="")[1:]
    assert [row["kind"] for row in rows] == ["seat open", "silence", "mute", "unmute", "seat close"]
    assert {(row["user"], row["seat"], row["roles"]) for row in rows} == {("win-user", "desk 3", "operator,viewer")}
    assert {row["state"] for row in rows} == {"no log-on"}
    assert verify_folder(running.folder).bad is None


def test_who_is_logged_on_is_said_to_be(running: RunningStation) -> None:
    assert told(running, SeatNote(SeatAct.OPEN), OPERATOR) == ""
    assert audit_rows(running.folder, kind="seat open")[0]["state"] == "logged on"


@pytest.mark.parametrize(
    ("urgent_min", "words"),
    [
        (15, "Until 2023-11-14 22:28:20+00:00"),
        (5, "Until 2023-11-14 22:28:20+00:00, for priority 1 until 2023-11-14 22:18:20+00:00"),
        (None, "Until 2023-11-14 22:28:20+00:00, but not for priority 1"),
    ],
)
def test_a_mute_says_until_when_for_each(running: RunningStation, urgent_min: int | None, words: str) -> None:
    urgent_us = None if urgent_min is None else NOW_US + urgent_min * MINUTE_US
    assert told(running, SeatNote(SeatAct.MUTE, NOW_US + 15 * MINUTE_US, urgent_us)) == ""
    assert audit_rows(running.folder, kind="mute")[0]["message"] == words


@pytest.mark.parametrize(
    ("note", "session", "words"),
    [
        (SeatNote(SeatAct.OPEN), replace(OPERATOR, user=""), "needs a user and a seat"),
        (SeatNote(SeatAct.OPEN), replace(OPERATOR, seat=""), "needs a user and a seat"),
        (SeatNote("dance"), OPERATOR, "'dance' is nothing that is done at a seat"),  # type: ignore[arg-type]
        (SeatNote(SeatAct.SILENCE, NOW_US), OPERATOR, "Only a mute has an end"),
        (SeatNote(SeatAct.MUTE), OPERATOR, "A mute needs an end"),
        (SeatNote(SeatAct.MUTE, None, NOW_US), OPERATOR, "A mute needs an end"),
        (SeatNote(SeatAct.MUTE, "soon", 5), OPERATOR, "'soon' is not the end of a mute"),  # type: ignore[arg-type]
        (SeatNote(SeatAct.MUTE, NOW_US, True), OPERATOR, "True is not the end of a mute"),
        (SeatNote(SeatAct.MUTE, NOW_US, NOW_US + 1), OPERATOR, "1700000000000001 is not the end of a mute"),
        (SeatNote(SeatAct.MUTE, NOW_US + LONGEST_US + 1), OPERATOR, "1700086400000001 is not the end of a mute"),
        (SeatNote(SeatAct.MUTE, 0), OPERATOR, "0 is not the end of a mute"),
    ],
)
def test_what_makes_no_sense_is_said_and_not_recorded(
    running: RunningStation, note: SeatNote, session: Session, words: str
) -> None:
    problem = told(running, note, session)
    assert words in problem
    assert isinstance(problem, Message)
    assert [row["kind"] for row in audit_rows(running.folder, kind="")] == ["start"]


def test_what_cannot_be_recorded_is_said_and_the_station_knows_of_it(running: RunningStation) -> None:
    with closing(sqlite3.connect(running.folder / "station.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        problem = told(running, SeatNote(SeatAct.SILENCE))
        other.execute("ROLLBACK")
    assert "It can't be recorded" in problem
    assert isinstance(problem, Message)
    assert "locked by another program" in running.station.health.audit_error
    assert told(running, SeatNote(SeatAct.MUTE, NOW_US + MINUTE_US)) == ""
    assert running.station.health.audit_error == ""
    assert audit_rows(running.folder, kind="silence") == []


def test_a_station_that_has_stopped_says_so(running: RunningStation) -> None:
    running.stop()
    assert told(running, SeatNote(SeatAct.CLOSE)) == STOPPED


def test_each_start_and_stop_says_whose_program_it_is_and_how_the_last_run_ended(tmp_path: Path) -> None:
    for _ in range(2):
        running = RunningStation(tmp_path)
        running.start()
        running.stop()
    rows = audit_rows(tmp_path, kind="")
    assert [row["kind"] for row in rows] == ["start", "stop"] * 2
    assert starts(tmp_path) == ["", "The last run ended in order"]
    session = operating_system_session()
    everything = ",".join(sorted(session.roles))
    assert {(row["user"], row["seat"], row["roles"], row["state"]) for row in rows} == {
        (session.user, session.seat, everything, "no log-on")
    }


def test_a_run_that_could_not_record_its_end_is_not_said_to_have_ended_in_order(tmp_path: Path) -> None:
    running = RunningStation(tmp_path)
    running.start()
    with closing(sqlite3.connect(tmp_path / "station.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        running.stop()
        other.execute("ROLLBACK")
    second = RunningStation(tmp_path)
    second.start()
    second.stop()
    assert "has no recorded end" in starts(tmp_path)[1]


@pytest.mark.parametrize(("end", "words"), [("stop", "ended in order"), ("command", "has no recorded end")])
def test_an_audit_of_an_earlier_version_is_understood_and_goes_on(tmp_path: Path, end: str, words: str) -> None:
    audit = Audit(tmp_path, ManualClock())
    audit.open()
    audit.append(STARTED, replace(STARTED, kind=end, message=""))
    audit.close()
    running = RunningStation(tmp_path)
    running.start()
    assert told(running, SeatNote(SeatAct.OPEN)) == ""
    running.stop()
    assert words in starts(tmp_path)[-1]
    assert verify_folder(tmp_path).bad is None


@pytest.mark.parametrize(
    ("category", "events"),
    [
        (Category.ACCESS, ["seat close", "seat open"]),
        (Category.OPERATOR, ["unmute", "mute", "silence"]),
        (Category.SYSTEM, ["start"]),
    ],
)
def test_the_journal_has_them_in_their_categories(
    running: RunningStation, category: Category, events: list[str]
) -> None:
    for act in SeatAct:
        if act is not SeatAct.CLOSE:
            told(running, SeatNote(act, NOW_US + MINUTE_US if act is SeatAct.MUTE else None))
    told(running, SeatNote(SeatAct.CLOSE))
    query = JournalQuery(sources=frozenset(Source), categories=frozenset({category}))
    page = asyncio.run(running.station.journal(query))
    assert [row.event for row in page.rows] == events
    named = replace(query, categories=frozenset(), events=frozenset({events[0]}))
    assert asyncio.run(running.station.journal(named)).total == 1
