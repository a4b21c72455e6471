"""The live load of each operator position: rates, floods, chatter and stale alarms as they happen and after a start."""

from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alarms.entry import JournalEntry, Moment
from alarms.kpi.loads import AlarmLoads, PositionLoad
from alarms.kpi.minutes import Minutes
from alarms.kpi.positions import Watch
from plant_models.alarm_philosophy import EVERYWHERE, KpiTargets, Position
from plant_models.plant import Area
from tests.fakes.clock import ManualClock
from tests.fakes.kpi_journal import HOUR_S, MONDAY_US, kpi_row

AREAS = (
    Area("works", "Works"),
    Area("filters", "Filters", parent="works"),
    Area("tanks", "Tanks"),
    Area("gate", "Gate"),
)
NORTH, SOUTH = Position("north", "North desk", ("works",)), Position("south", "South desk", ("tanks",))
LOOP = (Area("a", "A", parent="b"), Area("b", "B", parent="a"))


class Bench:
    """Live loads under a test's hand."""

    def __init__(self, positions: tuple[Position, ...] = (EVERYWHERE,), zone: tzinfo = UTC) -> None:
        self.clock = ManualClock(MONDAY_US, mono_ns=5_000_000_000_000)
        self.loads = AlarmLoads(Watch(positions, AREAS), KpiTargets(), zone)
        self.entries: list[JournalEntry] = []

    @property
    def now(self) -> Moment:
        return Moment(self.clock.wall_us(), self.clock.mono_ns())

    def put(self, event: str, before: str, after: str, alarm: str = "T1.H", **more: Any) -> None:
        now = self.now
        fields = {"priority": 3, "occurrence": now.wall_us if event == "ALM" else 0, "active_us": now.wall_us}
        entry = JournalEntry(
            at_us=now.wall_us, mono_ns=now.mono_ns, event=event, alarm=alarm, from_state=before, to_state=after,
            **(fields | more),
        )  # fmt: skip
        self.entries.append(entry)
        self.loads.note([entry], now)

    def calls(self, count: int, **more: Any) -> None:
        for number in range(count):
            self.put("ALM", "NORM", "UNACK", f"F{len(self.entries)}-{number}.H", **more)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def load(self, place: int = 0) -> PositionLoad:
        """Return the load at this moment."""
        self.loads.renew(self.now)
        return self.loads.shown[place]

    def restarted(self) -> "Bench":
        """Return a bench that takes up what this one wrote, on a machine that started anew."""
        again = Bench()
        again.clock = ManualClock(self.clock.wall_us(), mono_ns=1)
        rows = [kpi_row(entry, seq, entry.at_us) for seq, entry in enumerate(self.entries, 1)]
        again.loads.restore({entry.alarm: entry for entry in self.entries}.values(), rows, again.now)
        return again


def test_nothing_has_happened_yet() -> None:
    bench = Bench()
    assert bench.loads.shown == (PositionLoad(position=EVERYWHERE),)
    before = bench.loads.shown
    bench.wait(100.0)
    bench.load()
    assert bench.loads.shown is before
    assert not bench.load().is_flood


def test_ten_are_no_flood_eleven_are_and_four_end_it() -> None:
    bench = Bench()
    bench.calls(10)
    assert (bench.load().last_10_min, bench.load().is_flood) == (10, False)
    bench.calls(1)
    load = bench.load()
    assert (load.last_10_min, load.flood_since_us) == (11, bench.clock.wall_us())
    began_us = load.flood_since_us
    bench.wait(540.0)
    bench.calls(5)
    bench.wait(120.0)
    assert (bench.load().last_10_min, bench.load().flood_since_us) == (5, began_us)
    bench.wait(600.0)
    assert (bench.load().last_10_min, bench.load().is_flood) == (0, False)
    assert bench.load().last_hour == 16


def test_minutes_slide_and_an_hour_ends() -> None:
    bench = Bench()
    for _ in range(20):
        bench.calls(1)
        bench.wait(60.0)
    assert (bench.load().last_10_min, bench.load().last_hour) == (9, 20)
    bench.wait(2 * HOUR_S)
    assert (bench.load().last_hour, bench.load().today) == (0, 20)


def test_a_clock_that_is_set_changes_no_rate() -> None:
    bench = Bench()
    bench.calls(11)
    bench.clock.step_wall(-HOUR_S)
    assert bench.load().last_10_min == 11
    bench.clock.step_wall(3 * HOUR_S)
    assert bench.load().is_flood


def test_what_changed_is_shown_at_once_and_what_only_time_changes_once_a_second() -> None:
    bench = Bench()
    bench.calls(3)
    assert (bench.load().today, bench.load().last_10_min) == (3, 3)
    bench.wait(600.0)
    assert bench.load().last_10_min == 0
    bench.wait(0.9)
    before = bench.loads.shown
    assert bench.load() is before[0]


@pytest.mark.parametrize(
    ("area", "north", "south"),
    [("works", 1, 0), ("filters", 1, 0), ("tanks", 0, 1), ("gate", 1, 1), ("", 1, 1), ("unknown", 1, 1)],
)
def test_each_position_has_its_areas_and_what_is_nobodys_is_everybodys(area: str, north: int, south: int) -> None:
    bench = Bench((NORTH, SOUTH))
    bench.calls(1, area=area)
    assert (bench.load(0).today, bench.load(1).today) == (north, south)
    assert (bench.load(0).standing, bench.load(1).standing) == (north, south)


def test_areas_in_a_circle_end() -> None:
    watch = Watch((Position("p", "P", ("c",)),), LOOP)
    assert watch.of_area("a") == (0,), "nobody watches it, so everybody does"


def test_today_begins_at_midnight_of_the_site() -> None:
    bench = Bench(zone=ZoneInfo("Europe/Berlin"))  # two in the morning
    bench.calls(2)
    bench.wait(21 * HOUR_S)
    assert bench.load().today == 2
    bench.wait(HOUR_S)
    assert bench.load().today == 0
    bench.calls(1)
    assert bench.load().today == 1


def test_standing_and_aside_follow_the_states() -> None:
    bench = Bench()
    bench.put("ALM", "NORM", "UNACK")
    bench.put("ACK", "UNACK", "ACKED", occurrence=bench.entries[0].occurrence)
    bench.put("ALM", "NORM", "UNACK", "B.H", priority=5)
    assert (bench.load().standing, bench.load().aside) == (1, 0)
    bench.put("SHELVE", "ACKED", "SHLVD")
    assert (bench.load().standing, bench.load().aside) == (0, 1)
    bench.put("UNSHELVE", "SHLVD", "UNACK")
    assert (bench.load().standing, bench.load().aside, bench.load().today) == (1, 0, 2)
    bench.put("REMOVED", "UNACK", "NORM")
    assert (bench.load().standing, bench.load().today) == (0, 2)


@pytest.mark.parametrize(("last_s", "is_chattering"), [(59.0, True), (61.0, False)])
def test_three_in_a_minute_chatter_until_the_minute_is_over(last_s: float, is_chattering: bool) -> None:
    bench = Bench()
    for wait_s in (0.0, 30.0, last_s - 30.0):
        bench.wait(wait_s)
        bench.put("ALM", "NORM", "UNACK")
        bench.put("RTN", "UNACK", "RTNUN")
    assert bench.load().chattering == (("T1.H",) if is_chattering else ())
    bench.wait(4.0)
    assert bench.load().chattering == ()


def test_an_escalation_is_no_activation() -> None:
    bench = Bench()
    for _ in range(3):
        bench.put("ESC", "ACKED", "UNACK")
    assert (bench.load().chattering, bench.load().today) == ((), 3)


def test_an_alarm_that_stands_for_a_day_is_stale_until_it_is_over() -> None:
    bench = Bench()
    bench.put("ALM", "NORM", "UNACK")
    bench.wait(24 * HOUR_S - 1.0)
    bench.clock.step_wall(9 * HOUR_S)
    assert bench.load().stale == ()
    bench.wait(60.0)
    assert bench.load().stale == ("T1.H",)
    bench.put("ACK", "UNACK", "ACKED", occurrence=bench.entries[0].occurrence)
    assert bench.load().stale == ("T1.H",)
    bench.put("RTN", "ACKED", "NORM")
    assert bench.load().stale == ()


def test_a_new_occurrence_is_young_again() -> None:
    bench = Bench()
    bench.put("ALM", "NORM", "UNACK", occurrence=1)
    bench.wait(25 * HOUR_S)
    assert bench.load().stale == ("T1.H",)
    bench.put("ALM", "RTNUN", "UNACK", occurrence=2)
    assert bench.load().stale == ()


def test_an_alarm_that_is_given_to_another_area_changes_its_position() -> None:
    bench = Bench((NORTH, SOUTH))
    bench.put("ALM", "NORM", "UNACK", area="works", occurrence=1)
    bench.put("CONFIG", "UNACK", "UNACK", area="tanks", occurrence=1)
    assert (bench.load(0).standing, bench.load(1).standing) == (0, 1)


def test_a_row_that_stands_for_many_counts_as_many_after_a_start() -> None:
    bench = Bench()
    bench.put("RTN", "UNACK", "RTNUN", condensed=81)
    assert bench.restarted().loads.shown[0].last_10_min == 40


def test_a_loss_of_events_is_no_alarm() -> None:
    bench = Bench()
    bench.put("LOST", "", "", "")
    assert (bench.load().today, bench.load().standing, bench.load().aside) == (0, 0, 0)


def test_a_start_takes_up_what_was_before() -> None:
    bench = Bench()
    bench.wait(4 * HOUR_S)
    bench.calls(2)
    bench.wait(30 * 60.0)
    bench.calls(12)
    bench.put("SHELVE", "NORM", "SHLVD", "S.H")
    bench.put("ALM", "NORM", "UNACK", "OLD.H", active_us=MONDAY_US - round(25 * HOUR_S * 1e6))
    again = bench.restarted()
    load = again.loads.shown[0]
    assert (load.last_10_min, load.last_hour, load.today) == (13, 15, 15)
    assert (load.standing, load.aside, load.stale) == (15, 1, ("OLD.H",))
    assert load.is_flood


def test_rows_of_yesterday_and_of_a_clock_that_was_ahead_are_not_of_today() -> None:
    bench = Bench()
    bench.calls(1)
    bench.wait(23 * HOUR_S + 3590.0)
    bench.calls(1)
    bench.wait(20.0)
    assert bench.restarted().loads.shown[0].today == 0
    assert bench.restarted().loads.shown[0].last_10_min == 1
    bench.clock.step_wall(-2 * HOUR_S)
    load = bench.restarted().loads.shown[0]
    assert (load.today, load.last_10_min) == (1, 0)


def test_a_flood_of_ten_thousand_is_counted_to_the_last() -> None:
    bench = Bench()
    now = bench.now
    entries = [
        JournalEntry(
            at_us=now.wall_us, mono_ns=now.mono_ns, event="ALM", alarm=f"A{number}.H", priority=2,
            from_state="NORM", to_state="UNACK", occurrence=1, active_us=now.wall_us,
        )
        for number in range(10_000)
    ]  # fmt: skip
    bench.loads.note(entries, now)
    load = bench.load()
    assert (load.last_10_min, load.standing, load.today) == (10_000,) * 3


def test_minutes_forget_what_is_older_than_an_hour() -> None:
    minutes = Minutes()
    minutes.add(3_600_000_000_000, 1)
    minutes.add(1, 1)
    assert minutes.last(60, 3_600_000_000_000) == 1
    minutes.add(60_000_000_000, 1)
    assert minutes.last(60, 3_600_000_000_000) == 2


def test_names_that_come_once_are_forgotten() -> None:
    bench = Bench()
    bench.calls(5)
    bench.load()
    assert len(bench.loads._activations) == 5
    bench.wait(61)
    bench.calls(1)
    bench.load()
    assert len(bench.loads._activations) == 1


def test_what_is_known_late_to_stand_for_longer_is_stale_and_stands_once() -> None:
    bench = Bench()
    now_us = bench.now.wall_us
    bench.put("ALM", "NORM", "UNACK", occurrence=2)
    bench.loads.renew(bench.now)
    assert bench.loads.shown[0].stale == ()
    bench.put("RECALL", "UNACK", "ACKED", occurrence=2, active_us=now_us - round(25 * HOUR_S * 1e6))
    bench.loads.renew(bench.now)
    load = bench.loads.shown[0]
    assert (load.stale, load.standing, load.last_hour) == (("T1.H",), 1, 1)
