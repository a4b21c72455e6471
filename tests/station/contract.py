"""What every fulfilment of `station.protocol.Station` must do. Subclasses give the `bench` fixture."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.changing import AlarmChanges
from alarms.definitions import alarms_of
from alarms.journal_query import JournalQuery
from alarms.kpi.report import AlarmReportQuery
from alarms.snapshot import PriorityCount
from alarms.states import AlarmState
from analytics.backtest import BackTest, BackTestRequest
from analytics.basis import Basis
from drivers.address_space import ROOT
from drivers.frames import TraceView
from drivers.health import LinkState
from drivers.once import OnceState
from history.aggregates.results import Aggregate
from history.queries.aggregates import AggregateQuery
from history.queries.instants import InstantQuery
from history.queries.intervals import Intervals
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.totals import TotalQuery
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from plant_models.alarm_definition import AlarmKind
from plant_models.message import Message
from plant_models.project.new_tags import NewTag
from plant_models.quality import Quality
from plant_models.tag import DataType
from station.protocol import (
    ActResult,
    AddressRequest,
    CertificateDecision,
    CommandRequest,
    CommandState,
    ManualRequest,
    NewTags,
    Station,
)
from station.seat_note import SeatAct, SeatNote
from station.session import Session
from tests.fakes.waiting import wait_until

ENGINEER = Session(user="eve", roles=frozenset({"engineer"}), seat="desk 2", is_logged_on=True)
OPERATOR = Session(user="ada", roles=frozenset({"operator"}), seat="desk 1", is_logged_on=True)


@dataclass(frozen=True, slots=True)
class Bench:
    """A running station of the pump plant, and what a test does to the plant behind it.

    `put` returns when the table shows the values. `put_frame` makes a device be sent bytes (True) or send some.
    `refuse` makes commands to a tag fail a check. `hold` makes the device of the plant wait before it answers, `let_go`
    lets it answer.
    """

    station: Station
    put: Callable[[dict[str, float], int], None]
    put_link: Callable[[str, LinkState], None]
    put_frame: Callable[[str, bool, bytes], None]
    refuse: Callable[[str], None]
    hold: Callable[[], None]
    let_go: Callable[[], None]


class StationContract:
    """Inherit, and give the fixture `bench`."""

    def test_table_is_of_the_plant(self, bench: Bench) -> None:
        assert bench.station.table.tags == bench.station.plant.tags

    def test_nothing_is_good_before_its_first_sample(self, bench: Bench) -> None:
        sample = bench.station.table.sample("LEVEL")
        assert math.isnan(sample.value)
        assert sample.quality == Quality.BAD_WAITING_FOR_INITIAL_DATA

    def test_values_come_with_quality(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.UNCERTAIN)
        sample = bench.station.table.sample("LEVEL")
        assert (sample.value, sample.quality) == (3.5, Quality.UNCERTAIN)

    def test_health_names_every_device(self, bench: Bench) -> None:
        bench.put_link("PLC", LinkState.DOWN)
        assert [(health.device, health.state) for health in bench.station.health.devices] == [("PLC", LinkState.DOWN)]
        assert bench.station.health.is_evaluated
        assert bench.station.is_evaluated

    def test_no_command_yet(self, bench: Bench) -> None:
        assert bench.station.last_command("P1.SPEED_SP") is None

    async def test_a_command_ends_verified_and_is_remembered(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        request = CommandRequest(tag="P1.SPEED_SP", value=45.0)
        assert bench.station.refusals(request, OPERATOR) == ()
        status = await bench.station.command(request, OPERATOR)
        assert (status.state, status.readback, status.user) == (CommandState.VERIFIED, 45.0, "ada")
        assert status.request == request
        assert bench.station.last_command("P1.SPEED_SP") == status

    async def test_a_refusal_is_a_result_with_the_same_words(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        bench.refuse("P1.SPEED_SP")
        request = CommandRequest(tag="P1.SPEED_SP", value=45.0)
        reasons = bench.station.refusals(request, OPERATOR)
        status = await bench.station.command(request, OPERATOR)
        assert status.state is CommandState.REJECTED
        assert reasons
        assert isinstance(status.message, Message)
        assert all(reason in status.message for reason in reasons)

    async def test_an_unknown_tag_is_a_refusal_too(self, bench: Bench) -> None:
        request = CommandRequest(tag="NOWHERE", value=1.0)
        assert "NOWHERE" in bench.station.refusals(request, OPERATOR)[0]
        status = await bench.station.command(request, OPERATOR)
        assert (status.state, status.readback) == (CommandState.REJECTED, None)
        assert "NOWHERE" in status.message

    async def test_a_command_under_way_blocks_nobody_and_can_be_seen(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        bench.hold()
        running = asyncio.ensure_future(bench.station.command(CommandRequest(tag="P1.SPEED_SP", value=45.0), OPERATOR))
        await asyncio.to_thread(wait_until, lambda: bench.station.last_command("P1.SPEED_SP"))
        seen = bench.station.last_command("P1.SPEED_SP")
        assert seen is not None
        assert not seen.state.is_end
        assert not running.done()
        bench.let_go()
        assert (await running).state is CommandState.VERIFIED

    async def test_a_manual_value_stands_in_for_the_device_until_it_is_taken_back(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        assert bench.station.manual_values == ()
        assert (
            await bench.station.set_manual(ManualRequest(tag="LEVEL", value=2.0, reason="sensor out"), OPERATOR) == ""
        )
        await asyncio.to_thread(wait_until, lambda: bench.station.table.sample("LEVEL").value == 2.0)
        assert bench.station.table.sample("LEVEL").quality == Quality.GOOD_LOCAL_OVERRIDE
        (manual,) = bench.station.manual_values
        assert (manual.tag, manual.value, manual.user, manual.reason) == ("LEVEL", 2.0, "ada", "sensor out")
        assert bench.station.manual_values is bench.station.manual_values
        assert await bench.station.set_manual(ManualRequest(tag="LEVEL", value=None), OPERATOR) == ""
        await asyncio.to_thread(wait_until, lambda: bench.station.table.sample("LEVEL").value == 3.5)
        assert bench.station.table.sample("LEVEL").quality == Quality.GOOD
        assert bench.station.manual_values == ()

    @pytest.mark.parametrize(
        ("tag", "value", "reason", "words"),
        [
            ("NOWHERE", 1.0, "because", "no tag NOWHERE"),
            ("LEVEL", 2.0, "", "needs a reason"),
            ("LEVEL", None, "", "has no manual value"),
        ],
    )
    async def test_a_manual_value_is_refused_in_words(
        self, bench: Bench, tag: str, value: float | None, reason: str, words: str
    ) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        refusal = await bench.station.set_manual(ManualRequest(tag=tag, value=value, reason=reason), OPERATOR)
        assert words in refusal
        assert isinstance(refusal, Message)
        assert bench.station.manual_values == ()

    async def test_a_device_is_taken_out_of_service_and_put_back(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        assert await bench.station.switch_device("PLC", False, OPERATOR, "new card") == ActResult(True)
        assert [health.state for health in bench.station.health.devices] == [LinkState.DISABLED]
        out = Quality.BAD_OUT_OF_SERVICE
        await asyncio.to_thread(wait_until, lambda: bench.station.table.sample("LEVEL").quality == out)
        assert bench.station.refusals(CommandRequest(tag="P1.SPEED_SP", value=45.0), OPERATOR)
        again = await bench.station.switch_device("PLC", False, OPERATOR)
        assert again == ActResult(False, "PLC is out of service already")
        assert await bench.station.switch_device("PLC", True, OPERATOR) == ActResult(True)
        assert [health.state for health in bench.station.health.devices] == [LinkState.CONNECTED]

    def test_whoever_looks_at_tags_may_say_so(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        bench.station.lease(np.array([bench.station.table.index["LEVEL"]]))
        assert bench.station.table.sample("LEVEL").quality == Quality.GOOD

    async def test_an_unknown_device_is_refused_in_words(self, bench: Bench) -> None:
        refused = await bench.station.switch_device("NOWHERE", False, OPERATOR)
        assert refused == ActResult(False, "There is no device NOWHERE")
        assert isinstance(refused.message, Message)

    async def test_an_address_is_written_by_an_engineer_with_a_reason_and_read_back(self, bench: Bench) -> None:
        asked = AddressRequest(device="PLC", address="hr:500", type=DataType.U16)
        before = await bench.station.ask_address(asked, OPERATOR)
        assert (before.state, before.value) == (OnceState.DONE, 0.0)
        written = await bench.station.ask_address(replace(asked, value=7.0, reason="loop test"), ENGINEER)
        assert (written.state, written.value, written.raw) == (OnceState.DONE, 7.0, (7,))
        after = await bench.station.ask_address(asked, OPERATOR)
        assert after.value == 7.0

    @pytest.mark.parametrize(
        ("device", "reason", "is_engineer", "words"),
        [
            ("NOWHERE", "test", True, "no device"),
            ("PLC", "", True, "reason"),
            ("PLC", "test", False, "Only an engineer"),
        ],
    )
    async def test_a_write_to_an_address_is_refused_in_words(
        self, bench: Bench, device: str, reason: str, is_engineer: bool, words: str
    ) -> None:
        request = AddressRequest(device=device, address="hr:500", type=DataType.U16, value=7.0, reason=reason)
        answer = await bench.station.ask_address(request, ENGINEER if is_engineer else OPERATOR)
        assert answer.state is OnceState.NOT_SENT
        assert words in answer.message
        assert isinstance(answer.message, Message)

    async def test_certificates_and_new_tags_of_no_device_are_refused_in_words(self, bench: Bench) -> None:
        decision = CertificateDecision(device="NOWHERE", sha256="AB", is_trusted=True, reason="seen")
        tags = NewTags(device="NOWHERE", tags=(NewTag(name="A", device="NOWHERE", address="x", type=DataType.F64),))
        for refused in (
            await bench.station.decide_certificate(decision, ENGINEER), await bench.station.add_tags(tags, ENGINEER),
        ):  # fmt: skip
            assert refused == ActResult(False, "There is no device NOWHERE")
            assert isinstance(refused.message, Message)
        browsed = await bench.station.browse("NOWHERE", [ROOT], ENGINEER)
        assert (browsed.levels, browsed.problem) == ((), "There is no device NOWHERE")

    async def test_alarms_are_changed_only_by_an_engineer_who_says_why(self, bench: Bench) -> None:
        asked = AlarmChanges(version="", reason="trial")
        for refused, words in (
            (await bench.station.change_alarms(asked, OPERATOR), "Only an engineer or an administrator may"),
            (await bench.station.change_alarms(replace(asked, reason=""), ENGINEER), "needs a reason"),
            (await bench.station.reload_alarms(OPERATOR, "trial"), "Only an engineer or an administrator may"),
            (await bench.station.reload_alarms(ENGINEER, ""), "needs a reason"),
        ):
            assert not refused.is_done
            assert words in refused.message
            assert isinstance(refused.message, Message)

    async def test_what_is_done_at_a_seat_is_taken_from_a_person_and_else_refused_in_words(self, bench: Bench) -> None:
        assert await bench.station.note_seat(SeatNote(SeatAct.SILENCE), OPERATOR) == ""
        refusal = await bench.station.note_seat(SeatNote(SeatAct.SILENCE), replace(OPERATOR, user=""))
        assert "needs a user" in refusal
        assert isinstance(refusal, Message)

    async def test_frames_are_kept_only_while_a_device_is_traced(self, bench: Bench) -> None:
        bench.put_frame("PLC", True, b"unseen")
        assert await bench.station.frames("PLC") == TraceView(False, ())
        await bench.station.trace("PLC", True)
        bench.put_frame("PLC", True, b"ask")
        bench.put_frame("PLC", False, b"answer")
        seen = await bench.station.frames("PLC")
        assert seen.is_on
        assert [(frame.is_sent, frame.data) for frame in seen.frames] == [(True, b"ask"), (False, b"answer")]
        newer = await bench.station.frames("PLC", after=seen.frames[0].number)
        assert newer.frames == seen.frames[1:]
        await bench.station.trace("PLC", False)
        bench.put_frame("PLC", True, b"unseen")
        assert await bench.station.frames("PLC") == TraceView(False, seen.frames)
        await bench.station.trace("PLC", True)
        assert (await bench.station.frames("PLC")).frames == (), "a trace begins empty"

    async def test_a_device_that_does_not_exist_has_no_trace(self, bench: Bench) -> None:
        with pytest.raises(KeyError, match="NOWHERE"):
            await bench.station.trace("NOWHERE", True)
        with pytest.raises(KeyError, match="NOWHERE"):
            await bench.station.frames("NOWHERE")

    def test_no_alarm_before_the_first_sample(self, bench: Bench) -> None:
        snapshot = bench.station.alarms
        assert (snapshot.rows, snapshot.is_evaluated) == ((), True)
        assert set(snapshot.counts) == {1, 2, 3, 4, 5}

    async def test_an_alarm_is_raised_acknowledged_and_returns_to_normal(self, bench: Bench) -> None:
        bench.put({"LEVEL": 8.1}, Quality.GOOD)
        (row,) = bench.station.alarms.rows
        assert (row.name, row.state, row.trip_value, row.priority) == ("LEVEL.H", AlarmState.UNACK, 8.1, 2)
        assert bench.station.alarms.counts[2] == PriorityCount(active=1, unacknowledged=1)
        results = await bench.station.acknowledge([AlarmSeen(row.name, row.occurrence, row.priority)], OPERATOR, "seen")
        assert results == (AckResult("LEVEL.H", True),)
        (row,) = bench.station.alarms.rows
        assert (row.state, row.acked_by) == (AlarmState.ACKED, "ada")
        assert bench.station.alarms is bench.station.alarms
        bench.put({"LEVEL": 7.0}, Quality.GOOD)
        assert bench.station.alarms.rows == ()
        await asyncio.to_thread(wait_until, lambda: not bench.station.health.journal.depth)
        page = await bench.station.journal(JournalQuery())
        assert [(each.event, each.to_state, each.comment) for each in page.rows] == [
            ("RTN", "NORM", ""),
            ("ACK", "ACKED", "seen"),
            ("ALM", "UNACK", ""),
        ]
        assert page.total == 3

    async def test_what_changed_since_it_was_seen_is_not_acknowledged(self, bench: Bench) -> None:
        bench.put({"LEVEL": 8.1}, Quality.GOOD)
        (row,) = bench.station.alarms.rows
        seen = [
            AlarmSeen("LEVEL.H", row.occurrence - 1, row.priority),
            AlarmSeen("LEVEL.H", row.occurrence, 3),
            AlarmSeen("NOWHERE.H", row.occurrence, row.priority),
        ]
        results = await bench.station.acknowledge(seen, OPERATOR)
        assert [(each.name, each.is_done) for each in results] == [(each.name, False) for each in seen]
        assert all(isinstance(each.message, Message) for each in results)
        assert bench.station.alarms.rows[0].state is AlarmState.UNACK

    async def test_the_journal_is_filtered_and_counted(self, bench: Bench) -> None:
        bench.put({"LEVEL": 8.1, "P1.FLT": 1}, Quality.GOOD)
        bench.put({"LEVEL": 8.1, "P1.FLT": 0}, Quality.GOOD)
        await asyncio.to_thread(wait_until, lambda: not bench.station.health.journal.depth)
        newest = await bench.station.journal(JournalQuery(limit=1))
        assert ([row.alarm for row in newest.rows], newest.total) == (["P1.FLT.state"], 3)
        tripped = await bench.station.journal(JournalQuery(text="TRIPPED"))
        assert [row.event for row in tripped.rows] == ["RTN", "ALM"]
        high = await bench.station.journal(JournalQuery(kinds=frozenset({AlarmKind.HIGH})))
        assert [(row.alarm, row.value, row.unit) for row in high.rows] == [("LEVEL.H", 8.1, "m")]
        at_us = high.rows[0].at_us
        assert (await bench.station.journal(JournalQuery(start_us=at_us + 10**9))).total == 0
        assert (await bench.station.journal(JournalQuery(end_us=at_us))).total == 0
        first = await bench.station.journal(JournalQuery(priorities=frozenset({1}), events=frozenset({"ALM"})))
        assert [row.alarm for row in first.rows] == ["P1.FLT.state"]

    async def test_the_load_of_the_alarms_and_a_report_on_them_count_what_called(self, bench: Bench) -> None:
        assert [load.today for load in bench.station.alarm_loads] == [0]
        bench.put({"LEVEL": 8.1, "P1.FLT": 1}, Quality.GOOD)
        await asyncio.to_thread(wait_until, lambda: bench.station.alarm_loads[0].today == 2)
        load = bench.station.alarm_loads[0]
        assert (load.last_10_min, load.last_hour, load.standing, load.is_flood) == (2, 2, 2, False)
        await asyncio.to_thread(wait_until, lambda: not bench.station.health.journal.depth)
        at_us = bench.station.alarms.rows[0].active_us
        query = AlarmReportQuery(at_us - 600_000_000, at_us + 60_000_000)
        report = await bench.station.alarm_report(query)
        assert (report.query, report.annunciated, report.by_priority[1]) == (query, 2, 1)
        assert {actor.alarm for actor in report.top} == {"P1.FLT.state", "LEVEL.H"}
        named = bench.station.plant.positions[0].name
        assert (await bench.station.alarm_report(replace(query, position=named))).annunciated == 2

    async def test_a_report_on_no_time_or_an_unknown_position_is_refused(self, bench: Bench) -> None:
        with pytest.raises(ValueError, match="must end after it begins"):
            await bench.station.alarm_report(AlarmReportQuery(5, 5))
        with pytest.raises(KeyError):
            await bench.station.alarm_report(AlarmReportQuery(5, 6, "nowhere"))

    async def test_history_knows_what_was_put_and_holds_it_until_something_else_comes(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        at_us = bench.station.table.sample("LEVEL").source_us
        query = HistoryQuery(("P1.FLT", "LEVEL"), at_us - 1_000, at_us + 1, 7)
        loop = asyncio.get_running_loop()

        def ask() -> tuple[HistorySeries, ...]:
            return asyncio.run_coroutine_threadsafe(bench.station.history(query), loop).result(20.0)

        await asyncio.to_thread(wait_until, lambda: ask()[1].last[-1] == 3.5)
        fault, level = await bench.station.history(query)
        assert [fault.tag, level.tag] == ["P1.FLT", "LEVEL"]
        assert level.gaps == (Gap(at_us - 1_000, at_us, NO_DATA),)
        assert fault.gaps == (Gap(at_us - 1_000, at_us + 1, NO_DATA),)

    async def test_history_answers_every_kind_of_question(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.GOOD)
        at_us = bench.station.table.sample("LEVEL").source_us
        loop = asyncio.get_running_loop()
        query = SampleQuery(("LEVEL",), at_us, at_us + 1)

        def ask() -> tuple[SampleSeries, ...]:
            return asyncio.run_coroutine_threadsafe(bench.station.samples(query), loop).result(20.0)

        await asyncio.to_thread(wait_until, lambda: len(ask()[0].values) == 1)
        (page,) = await bench.station.samples(query)
        assert (page.values.tolist(), page.times_us.tolist(), page.more_from_us) == ([3.5], [at_us], None)
        instant = await bench.station.at(InstantQuery(at_us))
        assert instant.tags == tuple(tag.name for tag in bench.station.plant.tags)
        assert instant.values[instant.tags.index("LEVEL")] == 3.5
        second = Intervals(at_us, at_us + 1_000_000, width_us=500_000)
        (series,) = await bench.station.aggregates(AggregateQuery(("LEVEL",), second, (Aggregate.COUNT,)))
        assert series.results[Aggregate.COUNT].values.tolist()[0] == 1
        with pytest.raises(ValueError, match="LEVEL in m is neither a flow nor a counter"):
            await bench.station.totals(TotalQuery(("LEVEL",), second))
        with pytest.raises(KeyError, match="NOWHERE"):
            await bench.station.samples(SampleQuery(("NOWHERE",), 0, 1))

    async def test_a_setting_is_tested_beside_the_present_one(self, bench: Bench) -> None:
        bench.put({"LEVEL": 8.1}, Quality.GOOD)
        at_us = bench.station.table.sample("LEVEL").source_us
        present = next(each for each in bench.station.plant.alarms if each.name == "LEVEL.H")
        request = BackTestRequest(replace(present, limit=9.0), at_us - 1_000_000, at_us + 1)
        loop = asyncio.get_running_loop()

        def ask() -> BackTest:
            return asyncio.run_coroutine_threadsafe(bench.station.back_test(request), loop).result(20.0)

        await asyncio.to_thread(wait_until, lambda: ask().coverage.usable_us == 1)
        found = await bench.station.back_test(request)
        assert found.present is not None
        assert (found.present.definition, found.present.count, found.proposed.count) == (present, 1, 0)
        assert found.words().startswith("0 instead of 1 alarms in 1 s")
        refused = replace(present, kind=AlarmKind.STUCK)
        with pytest.raises(ValueError, match="needs a window of some seconds"):
            await bench.station.back_test(BackTestRequest(refused, at_us, at_us + 1))

    async def test_what_history_can_t_tell_is_said_by_the_journal(self, bench: Bench) -> None:
        device = next(iter(bench.station.plant.devices))
        present = next(each for each in alarms_of(bench.station.plant) if each.name == f"{device}.comm").definition
        now_us = bench.station.table.sample("LEVEL").source_us or 10**15
        request = BackTestRequest(
            replace(present, on_delay_s=60.0), now_us - 1_000_000, now_us, present, alarm=f"{device}.comm"
        )
        found = await bench.station.back_test(request)
        assert (found.basis, found.proposed.count) == (Basis.JOURNAL, 0)
        with pytest.raises(ValueError, match="Shorter delays than today's can't be tried"):
            await bench.station.back_test(replace(request, definition=replace(present, on_delay_s=1.0)))

    async def test_a_setting_is_proposed_or_it_is_said_why_not(self, bench: Bench) -> None:
        bench.put({"LEVEL": 8.1}, Quality.GOOD)
        found = await bench.station.propose("LEVEL.H")
        assert (found.definition, isinstance(found.words, Message)) == (None, True)
        with pytest.raises(KeyError, match="NOWHERE"):
            await bench.station.propose("NOWHERE.H")

    def test_consequences_are_there_at_once(self, bench: Bench) -> None:
        assert bench.station.consequences == {}
        assert bench.station.consequences is bench.station.consequences

    def test_measures_of_alarms_are_there_at_once(self, bench: Bench) -> None:
        assert bench.station.alarm_measures == {}
        assert bench.station.alarm_measures is bench.station.alarm_measures

    async def test_history_of_a_tag_that_does_not_exist(self, bench: Bench) -> None:
        with pytest.raises(KeyError, match="NOWHERE"):
            await bench.station.history(HistoryQuery(("NOWHERE",), 0, 1, 1))
