"""When consequences of active alarms come, as the station finds out beside everything else."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.states import AlarmState
from analytics.consequence import ConsequenceTime
from database.errors import DatabaseError
from history.queries.limits import PATIENT, Patience
from history.queries.samples import SampleQuery, SampleSeries
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import failure, samples
from plant_models.quality import Quality
from plant_models.tag_table import TagTable
from station import consequence_watch
from station.consequence_watch import ConsequenceWatch
from tests.analytics.past import Past
from tests.fakes.clock import ManualClock
from tests.fakes.pump_plant import pump_plant
from tests.fakes.waiting import wait_until

SPILL: Final = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit=8.0, consequence_at=10.0)
PLAIN: Final = AlarmDefinition(tag="FREE", kind=AlarmKind.HIGH, limit=8.0)
ROW: Final = AlarmRow(name="LEVEL.H", tag="LEVEL", kind=AlarmKind.HIGH, priority=2, state=AlarmState.UNACK)
STEP_S: Final = 5


class Bench:
    """A watch over LEVEL, which rises by 1 mm each second; `look` lets 5 s pass and looks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(consequence_watch, "PERIOD_S", 0.001)
        self.clock = ManualClock()
        plant = pump_plant()
        self.table = TagTable(plant.tags, plant.scan_s, self.clock)
        self.past = Past()
        self.rows: tuple[AlarmRow, ...] = (ROW,)
        self.is_evaluated = True
        self.level = 8.0
        self.fails: Exception | None = None
        self.n_failed = 0
        self.configured = {each.name: Alarm(name=each.name, definition=each) for each in (SPILL, PLAIN)}
        self.watch = ConsequenceWatch(self.table, self, self.snapshot, self.clock)  # type: ignore[arg-type]

    def samples(self, query: SampleQuery, patience: Patience = PATIENT) -> tuple[SampleSeries, ...]:
        if self.fails is not None:
            self.n_failed += 1
            raise self.fails
        return self.past.samples(query, patience)

    def snapshot(self) -> AlarmSnapshot:
        return AlarmSnapshot(rows=self.rows, is_evaluated=self.is_evaluated, configured=self.configured)

    def put_past(self, minutes: int) -> None:
        """Let the level have risen until now."""
        now_us = self.clock.wall_us()
        ago = np.arange(minutes * 60, 0, -STEP_S)
        self.past.write("LEVEL", now_us - ago * 1_000_000, self.level - ago * 0.001, np.zeros(len(ago), np.uint16))

    def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.put()
            self.watch.look()
            self.clock.advance(STEP_S)
            self.level += STEP_S * 0.001

    def put(self) -> None:
        row = self.table.index["LEVEL"]
        self.table.apply(samples(row, self.level, Quality.GOOD, self.clock.wall_us(), self.clock.mono_ns()))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_a_trend_is_known_at_once_from_history(bench: Bench) -> None:
    bench.put_past(15)
    spills_us = bench.clock.wall_us() + 2_000 * 1_000_000
    bench.look()
    assert bench.watch.present == {"LEVEL.H": ConsequenceTime(spills_us, spills_us, spills_us)}
    assert len(bench.past.asked) == 1
    known = bench.watch.present
    bench.look(3)
    assert bench.watch.present is known, "nothing changed"
    assert len(bench.past.asked) == 1, "history is asked once"


def test_without_history_it_is_known_after_a_minute_or_so(bench: Bench) -> None:
    bench.fails = DatabaseError("it is away")
    spills_us = bench.clock.wall_us() + 2_000 * 1_000_000
    bench.look(12)
    assert bench.watch.present == {}
    bench.look()
    assert bench.watch.present["LEVEL.H"].at_us == spills_us


def test_a_clock_that_is_set_moves_the_answer_and_spoils_no_trend(bench: Bench) -> None:
    bench.put_past(15)
    bench.look(20)
    (before,) = bench.watch.present.values()
    bench.clock.step_wall(3_600.0)
    bench.look()
    (after,) = bench.watch.present.values()
    assert after.at_us == before.at_us + 3_600 * 1_000_000


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, state=AlarmState.RTNUN),
        replace(ROW, state=AlarmState.SHLVD),
        replace(ROW, is_frozen=True),
        replace(ROW, is_masked=True),
        replace(ROW, name="FREE.H", tag="FREE"),
        replace(ROW, name="PLC.comm", tag=""),
    ],
)
def test_only_active_alarms_with_a_consequence_and_a_known_input_count(bench: Bench, row: AlarmRow) -> None:
    bench.put_past(15)
    bench.look()
    assert bench.watch.present
    bench.rows = (row,)
    bench.look()
    assert bench.watch.present == {}


def test_while_nothing_is_evaluated_nothing_is_said(bench: Bench) -> None:
    bench.put_past(15)
    bench.look()
    bench.is_evaluated = False
    bench.look()
    assert bench.watch.present == {}


def test_a_value_that_turns_bad_without_a_new_reading_ends_it(bench: Bench) -> None:
    bench.put_past(15)
    bench.look()
    row = bench.table.index["LEVEL"]
    bench.table.apply(failure(row, Quality.BAD_TIMEOUT, bench.clock.wall_us(), bench.clock.mono_ns()))
    bench.watch.look()
    assert bench.watch.present == {}


def test_a_tag_that_nobody_asks_for_any_more_is_forgotten(bench: Bench) -> None:
    bench.put_past(15)
    bench.look()
    bench.rows = ()
    bench.look()
    bench.rows = (ROW,)
    bench.look()
    assert len(bench.past.asked) == 2, "it comes from history again"


def test_a_value_that_nobody_read_again_counts_once(bench: Bench) -> None:
    bench.put_past(15)
    bench.put()
    for _ in range(20):
        bench.watch.look()
    assert len(bench.watch._courses["LEVEL"].times_us) == 15 * 12 + 1


def test_the_thread_looks_by_itself_and_an_error_claims_nothing(bench: Bench) -> None:
    bench.put_past(15)
    bench.put()
    bench.watch.start()
    try:
        wait_until(lambda: bench.watch.present)
        bench.fails, bench.rows = RuntimeError("unexpected"), ()
        wait_until(lambda: not bench.watch.present)
        bench.rows = (ROW,)
        wait_until(lambda: bench.n_failed > 2)
        assert bench.watch.present == {}
        bench.fails = None
        wait_until(lambda: bench.watch.present)
    finally:
        bench.watch.stop()
