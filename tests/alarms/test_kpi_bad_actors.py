"""Bad actors: the top ten, chattering and fleeting alarms, also over restarts and set clocks."""

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from tests.fakes.kpi_journal import HOUR_S, KpiJournal, report_of


def _chatter(last_s: float, at_s: float = 0.0, journal: KpiJournal | None = None) -> KpiJournal:
    journal = journal or KpiJournal()
    for raised_s in (at_s, at_s + 30.0, at_s + last_s):
        journal.put("ALM", raised_s)
        journal.put("RTN", raised_s + 5.0)
    return journal


@pytest.mark.parametrize(("last_s", "count"), [(59.0, 1), (60.0, 1), (61.0, 0)])
def test_three_in_a_minute_chatter(last_s: float, count: int) -> None:
    report = report_of(_chatter(last_s))
    assert len(report.chattering) == count
    figure = report.figure(FigureKey.CHATTERING)
    assert figure.verdict is (Verdict.ACTION if count else Verdict.GOOD)


def test_what_chatters_says_how_often_and_how_badly() -> None:
    journal = _chatter(59.0)
    for number in range(5):
        journal.put("ALM", HOUR_S + 10.0 * number)
        journal.put("RTN", HOUR_S + 10.0 * number + 1.0)
    journal.put("ALM", 2 * HOUR_S)
    _add_other(journal)
    (actor,) = report_of(journal).chattering
    assert (actor.alarm, actor.tag, actor.count, actor.worst) == ("T1.H", "T1", 8, 5)
    assert actor.last_us == journal.start_us + round((HOUR_S + 40.0) * 1e6)


def _add_other(journal: KpiJournal) -> None:
    for number in range(3):  # three different alarms within a minute are none that chatters
        journal.put("ALM", 3 * HOUR_S + number, f"B{number}.H")


def test_three_alarms_and_two_activations_are_no_chatter() -> None:
    journal = KpiJournal()
    _add_other(journal)
    for raised_s in (0.0, 1.0):
        journal.put("ALM", raised_s, "C.H")
        journal.put("RTN", raised_s + 0.5, "C.H")
    assert report_of(journal).chattering == ()
    few = KpiJournal()
    few.put("ALM", 0.0)
    assert report_of(few).chattering == ()


def test_the_shelf_hides_chatter_and_escalations_are_none() -> None:
    journal = KpiJournal()
    journal.put("SHELVE", 0.0)
    _chatter(59.0, 1.0, journal)
    journal.put("ALM", 0.0, "E.H")
    for number in range(4):
        journal.put("ESC", 1.0 + number, "E.H")
    report = report_of(journal)
    assert (report.chattering, report.fleeting) == ((), ())
    assert report.annunciated == 5


def test_a_clock_that_was_set_neither_makes_nor_hides_chatter() -> None:
    hidden = KpiJournal()
    for number, step_s in enumerate((0.0, 0.0, 7200.0)):
        hidden.step_s = step_s
        hidden.put("ALM", 20.0 * number)
        hidden.put("RTN", 20.0 * number + 1.0)
    assert len(report_of(hidden).chattering) == 1
    made = KpiJournal()
    for number in range(3):
        made.step_s = -number * HOUR_S + number
        made.put("ALM", 100_000.0 + number * HOUR_S)
        made.put("RTN", 100_000.0 + number * HOUR_S + 100.0)
    assert report_of(made, end_s=200_000.0).chattering == ()


def test_over_a_restart_wall_time_counts() -> None:
    journal = KpiJournal()
    for number in range(3):
        journal.epoch = number + 1
        journal.put("ALM", number * 20.0, mono_ns=0)
        journal.put("RTN", number * 20.0 + 1.0, mono_ns=0)
    assert len(report_of(journal).chattering) == 1


@pytest.mark.parametrize(("life_s", "count"), [(59.9, 1), (60.0, 0)])
def test_an_alarm_that_is_over_before_anybody_could_act_is_fleeting(life_s: float, count: int) -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.put("RTN", life_s)
    report = report_of(journal)
    assert len(report.fleeting) == count
    if count:
        (actor,) = report.fleeting
        assert (actor.count, actor.shortest_s) == (1, pytest.approx(life_s))


def test_an_acknowledgement_between_does_not_matter_and_the_shortest_life_is_told() -> None:
    journal = KpiJournal()
    journal.blip(0.0, life_s=30.0)
    journal.blip(100.0, life_s=10.0)
    journal.blip(200.0, "B.H", life_s=90.0)
    (actor,) = report_of(journal).fleeting
    assert (actor.alarm, actor.count, actor.shortest_s) == ("T1.H", 2, pytest.approx(10.0))


def test_what_was_condensed_chatters_and_is_fleeting() -> None:
    journal = KpiJournal()
    for number in range(10):
        journal.put("ALM", number * 0.2)
        journal.put("RTN", number * 0.2 + 0.1)
    journal.add("RTN", 59.0, from_state="RTNUN", to_state="RTNUN", occurrence=40, condensed=60)
    report = report_of(journal)
    (actor,) = report.chattering
    assert (report.annunciated, actor.count, actor.worst) == (40, 40, 40)
    (actor,) = report.fleeting
    assert (actor.count, actor.shortest_s) == (40, pytest.approx(0.1))


def test_a_return_that_ends_a_condensed_row_is_counted_once() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.add("RTN", 30.0, from_state="UNACK", to_state="RTNUN", occurrence=10, condensed=31)
    (actor,) = report_of(journal).fleeting
    assert (actor.count, actor.shortest_s) == (16, pytest.approx(60 / 31))


def test_a_clock_step_makes_no_alarm_fleeting_and_none_negative() -> None:
    journal = KpiJournal()
    journal.put("ALM", HOUR_S)
    journal.step_s = -HOUR_S
    journal.put("RTN", HOUR_S + 600.0)
    assert report_of(journal).fleeting == ()
    restarted = KpiJournal()
    restarted.put("ALM", HOUR_S)
    restarted.epoch, restarted.step_s = 2, -HOUR_S
    restarted.put("RTN", HOUR_S + 600.0, mono_ns=0)
    (actor,) = report_of(restarted).fleeting
    assert actor.shortest_s == 0.0, "nobody knows better: the clock was set back while the station was off"


def test_a_return_without_its_alarm_and_a_removal_are_not_fleeting() -> None:
    journal = KpiJournal()
    journal.add("RTN", 1.0, from_state="UNACK", to_state="RTNUN", occurrence=4, active_us=journal.start_us - 5)
    journal.put("ALM", 2.0, "B.H")
    journal.add("REMOVED", 3.0, "B.H", from_state="UNACK", to_state="NORM")
    assert report_of(journal).fleeting == ()


def test_the_top_ten_have_their_share() -> None:
    journal = KpiJournal()
    for number in range(12):
        for blip in range(20 - number):
            journal.blip(number * 4000.0 + blip * 200.0, f"A{number:02d}.H", life_s=100.0)
    report = report_of(journal)
    assert [actor.alarm for actor in report.top] == [f"A{number:02d}.H" for number in range(10)]
    assert report.top[0].share == pytest.approx(20 / 174)
    figure = report.figure(FigureKey.TOP_SHARE)
    assert (figure.value, figure.verdict) == (pytest.approx(155 / 174), Verdict.ACTION)


def test_few_annunciations_say_nothing_about_shares() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 99)
    report = report_of(journal)
    assert len(report.top) == 10
    assert report.figure(FigureKey.TOP_SHARE).verdict is Verdict.UNKNOWN
    assert report.figure(FigureKey.URGENT_SHARE).verdict is Verdict.UNKNOWN
    assert report.figure(FigureKey.LOW_SHARE).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("counts", "verdicts"),
    [
        ((5, 15, 40, 40), (Verdict.GOOD, Verdict.GOOD, Verdict.GOOD)),
        ((10, 30, 30, 30), (Verdict.MANAGEABLE, Verdict.MANAGEABLE, Verdict.MANAGEABLE)),
        ((20, 35, 25, 20), (Verdict.ACTION, Verdict.ACTION, Verdict.ACTION)),
    ],
)
def test_the_mix_of_priorities_is_that_of_what_was_annunciated(
    counts: tuple[int, ...], verdicts: tuple[Verdict, ...]
) -> None:
    journal = KpiJournal()
    for priority, count in enumerate(counts, 1):
        journal.calls(priority * HOUR_S, count, priority=priority)
    report = report_of(journal)
    assert report.by_priority == dict(enumerate(counts, 1))
    keys = (FigureKey.URGENT_SHARE, FigureKey.HIGH_SHARE, FigureKey.LOW_SHARE)
    assert tuple(report.figure(key).verdict for key in keys) == verdicts
