"""The journal and the audit as one view: by the time of recording, filtered alike, each row once."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alarms.entry import JournalEntry
from alarms.journal_query import Category, JournalPage, JournalQuery, Source
from alarms.store.journal import Journal
from database.errors import DatabaseError
from plant_models.message import Message
from station.chain import AuditEntry
from station.journal_view import JournalView
from station.store import audit_view
from station.store.audit import DATABASE_NAME, Audit
from tests.fakes.clock import ManualClock
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_station import RunningStation

BOTH = frozenset(Source)


class Desk:
    """Both chains, and what is written into them a second apart: "A" an alarm, else a kind of the audit."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.journal, self.audit = Journal(folder / DATABASE_NAME, self.clock), Audit(folder, self.clock)
        self.audit.open()
        plant = pump_plant()
        plant = replace(plant, equipment={"P1": replace(plant.equipment["P1"], area="A")})
        self.view = JournalView(self.journal, self.audit, plant, self.clock)
        self.numbers = 0

    def happen(self, *kinds: str, tag: str = "LEVEL", **more: object) -> None:
        for kind in kinds:
            self.clock.advance(1)
            self.numbers += 1
            if kind == "A":
                stamps = self.clock.wall_us(), self.clock.mono_ns()
                self.journal.append(
                    [
                        JournalEntry(
                            at_us=stamps[0], mono_ns=stamps[1], event="ALM", tag=tag, text=f"alarm {self.numbers}"
                        )
                    ]
                )
            else:
                fields = {"kind": kind, "user": "ada", "seat": "desk 1", "tag": tag, "reason": f"alarm {self.numbers}"}
                self.audit.append(AuditEntry(**(fields | more)))  # type: ignore[arg-type]

    def read(self, **query: object) -> JournalPage:
        return self.view.read(JournalQuery(**({"sources": BOTH} | query)))  # type: ignore[arg-type]

    def down(self, **query: object) -> list[tuple[str, int, int]]:
        """Return the places of all rows that match, page by page."""
        page = self.read(**query)
        places = self.places(page)
        while not page.is_end:
            page = self.read(before=page.older, **query)
            places += self.places(page)
        return places

    def places(self, page: JournalPage) -> list[tuple[str, int, int]]:
        return [(row.source.value, row.epoch, row.seq) for row in page.rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.journal.close()
    desk.audit.close()


def test_rows_of_both_stand_in_the_order_of_their_recording(desk: Desk) -> None:
    desk.happen("command", "A", "manual", "A", "A", "log on")
    page = desk.read()
    assert [row.event for row in page.rows] == ["log on", "ALM", "ALM", "manual", "ALM", "command", "start"]
    assert page.total == 7
    assert page.is_end
    assert [row.source.value for row in desk.view.read(JournalQuery()).rows] == ["alarms"] * 3, "as it was"
    assert [row.event for row in desk.read(sources=frozenset({Source.AUDIT}), limit=2).rows] == ["log on", "manual"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_go_on_where_the_last_one_ended_in_both_directions(desk: Desk, limit: int) -> None:
    desk.happen(*("A", "command", "A", "A", "manual", "device", "A") * 3)
    whole = desk.places(desk.read())
    assert len(whole) == 22
    assert desk.down(limit=limit) == whole
    page, up = desk.read(limit=limit, at_us=0), []
    while True:
        page = desk.read(limit=limit, after=page.newer)
        up += desk.places(page)[::-1]
        if page.is_end:
            break
    assert up == whole[::-1]


def test_a_clock_that_was_set_back_loses_and_doubles_no_row(desk: Desk) -> None:
    desk.happen("A", "command", "A")
    desk.clock.step_wall(-3_600)
    desk.happen("A", "command", "A", "command")
    desk.clock.step_wall(7_200)
    desk.happen("command", "A")
    places = desk.down(limit=2)
    assert sorted(places) == sorted(desk.places(desk.read()))
    assert len(set(places)) == 10
    for source in ("alarms", "audit"):
        chain = [place for place in places if place[0] == source]
        assert chain == sorted(chain, reverse=True), "each chain in its own order"


def test_what_arrives_is_newer_than_a_cut(desk: Desk) -> None:
    desk.happen("A", "command")
    page = desk.read(limit=2)
    desk.happen("A", "manual")
    assert [row.event for row in desk.read(after=page.newer).rows] == ["manual", "ALM"]
    assert [row.event for row in desk.read(before=page.older).rows] == ["start"]


def test_a_jump_goes_to_the_same_time_in_both(desk: Desk) -> None:
    desk.happen("A", "command", "A", "command")
    at_us = desk.clock.wall_us() - 1_000_000
    assert [row.event for row in desk.read(at_us=at_us).rows] == ["command", "ALM", "start"]
    assert [row.event for row in desk.read(start_us=at_us).rows] == ["command", "ALM"]
    assert [row.event for row in desk.read(end_us=at_us).rows] == ["command", "ALM", "start"]


def test_rows_of_the_audit_say_who_did_what_and_how_it_went(desk: Desk) -> None:
    more = {"title": "Speed setpoint", "value_old": 30.0, "value_new": 43.0, "unit": "%", "state": "verified"}
    desk.happen("command", tag="P1.SPEED_SP", readback=43.0, message="read back 43", roles="operator", **more)
    (row,) = desk.read(limit=1).rows
    assert (row.event, row.category, row.tag, row.area) == ("command", Category.OPERATOR, "P1.SPEED_SP", "A")
    assert (row.value_old, row.value, row.readback, row.unit) == (30.0, 43.0, 43.0, "%")
    assert (row.title, row.state, row.text, row.comment) == ("Speed setpoint", "verified", "read back 43", "alarm 1")
    assert (row.user, row.seat, row.roles, row.priority, row.alarm) == ("ada", "desk 1", "operator", 0, "")
    assert len(row.hash) == 64
    desk.happen("acknowledge", tag="LEVEL.H", state="rejected")
    assert desk.read(limit=1).rows[0].alarm == "LEVEL.H"


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ({"categories": frozenset({Category.OPERATOR})}, ["a kind of later", "command"]),
        ({"categories": frozenset({Category.ACCESS})}, ["log on"]),
        ({"categories": frozenset({Category.SYSTEM, Category.CONFIGURATION})}, ["tags", "start"]),
        ({"categories": frozenset({Category.ALARM})}, ["ALM"]),
        ({"events": frozenset({"command", "ALM"})}, ["command", "ALM"]),
        ({"priorities": frozenset({0})}, ["a kind of later", "tags", "log on", "command", "ALM", "start"]),
        ({"priorities": frozenset({1})}, []),
        ({"tags": frozenset({"PLC"})}, ["tags"]),
        ({"areas": frozenset({"A"})}, ["command"]),
        ({"text": "ada alarm"}, ["a kind of later", "tags", "log on", "command"]),
        ({"text": "p1.speed COMMAND"}, ["command"]),
        ({"text": "nowhere"}, []),
    ],
)
def test_filters_mean_the_same_in_both(desk: Desk, query: dict[str, object], events: list[str]) -> None:
    desk.happen("A")
    desk.happen("command", tag="P1.SPEED_SP")
    desk.happen("log on", tag="")
    desk.happen("tags", tag="PLC")
    desk.happen("a kind of later", tag="")
    page = desk.read(**query)
    assert [row.event for row in page.rows] == events
    assert page.total == len(events)


def test_a_long_audit_is_searched_chunk_by_chunk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_view, "CHUNK", 3)
    desk.happen(*("command", "manual", "A") * 7)
    assert len(desk.down(limit=4, text='"alarm 1"')) == 11
    assert desk.read(text="alarm 2").total == 4
    page = desk.read(limit=5, at_us=0)
    assert len(desk.places(desk.read(limit=5, after=page.newer))) == 5
    assert len(desk.places(desk.read(limit=50, after=page.newer, text="manual"))) == 7


def test_an_impatient_search_shows_nothing_older_than_what_was_searched_in_both(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alarms are searched to their end; of the audit only the newest rows, and no older alarm is shown yet."""
    monkeypatch.setattr(audit_view, "CHUNK", 2)
    desk.happen("A", "command", "manual", "command", "manual", "A", "command", "manual")
    query = {"text": "alarm", "limit": 20, "patience_s": 0.0}
    page = desk.read(**query)
    assert [row.event for row in page.rows] == ["manual", "command", "ALM"]
    assert page.searched_us is not None
    assert not page.is_end
    assert page.is_more
    assert len(desk.down(**query)) == 8
    up = desk.read(after=desk.read(at_us=0).newer, **query)
    assert [row.event for row in up.rows] == ["command", "ALM"][: len(up.rows)]


def test_counting_the_audit_ends_when_it_is_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_view, "CHUNK", 2)
    monkeypatch.setattr("alarms.journal_parts.MOST_COUNTED", 3)
    desk.happen(*("command",) * 9)
    page = desk.read(text="ada", patience_s=1.0)
    assert (page.total, page.is_more) == (4, True)


def test_without_the_audit_the_alarms_are_shown_and_it_is_said(tmp_path: Path) -> None:
    clock = ManualClock()
    journal, audit = Journal(tmp_path / DATABASE_NAME, clock), Audit(tmp_path, clock)
    journal.append([JournalEntry(at_us=1, mono_ns=1, event="ALM")])
    page = JournalView(journal, audit, pump_plant(), clock).read(JournalQuery(sources=BOTH))
    assert [row.event for row in page.rows] == ["ALM"]
    assert isinstance(page.problem, Message)
    assert "not open" in page.problem
    journal.close()


def test_a_running_station_shows_commands_between_alarms(tmp_path: Path) -> None:
    running = RunningStation(tmp_path)
    running.start()
    running.put_ready()
    running.command("P1.SPEED_SP", 43.0, reason="more flow")
    page = asyncio.run(running.station.journal(JournalQuery(sources=BOTH, events=frozenset({"command"}))))
    running.stop()
    assert [row.state for row in page.rows][-1] == "pending"
    assert {row.comment for row in page.rows} == {"more flow"}
    with pytest.raises(DatabaseError):
        asyncio.run(running.station.journal(JournalQuery(sources=BOTH)))
