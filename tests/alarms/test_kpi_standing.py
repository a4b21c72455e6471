"""What stays: stale alarms from before, through and after a window, and what is put aside."""

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from tests.fakes.kpi_journal import DAY_S, HOUR_S, KpiJournal, report_of


@pytest.mark.parametrize(("hours", "count"), [(24.0, 0), (24.001, 1)])
def test_an_alarm_that_is_active_for_more_than_a_day_is_stale(hours: float, count: int) -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.put("RTN", hours * HOUR_S)
    assert len(report_of(journal, end_s=3 * DAY_S).stale) == count


def test_one_that_began_before_the_window_and_still_stands_is_stale() -> None:
    journal = KpiJournal()
    journal.put("ALM", -30 * DAY_S)
    journal.put("ACK", -29 * DAY_S, user="ada")
    (stale,) = report_of(journal).stale
    assert (stale.since_us, stale.until_us) == (journal.start_us - round(30 * DAY_S * 1e6), None)
    assert report_of(journal).figure(FigureKey.STALE).value == 1.0


def test_one_that_was_over_before_the_window_is_not() -> None:
    journal = KpiJournal()
    journal.put("ALM", -30 * DAY_S)
    journal.put("RTN", -1.0)
    report = report_of(journal)
    assert (report.stale, report.figure(FigureKey.STALE).value) == ((), 0.0)


def test_a_journal_that_begins_in_the_middle_knows_since_when_it_is_active() -> None:
    journal = KpiJournal()
    states = {"from_state": "UNACK", "to_state": "ACKED", "occurrence": 7}
    journal.add("ACK", 10.0, active_us=journal.start_us - round(DAY_S * 1e6), user="ada", **states)
    (stale,) = report_of(journal).stale
    assert stale.since_us == journal.start_us - round(DAY_S * 1e6)
    unknown = KpiJournal()
    unknown.add("ACK", 10.0, user="ada", **states)
    (stale,) = report_of(unknown, end_s=2 * DAY_S).stale
    assert stale.since_us == unknown.start_us + 10_000_000, "as far as the journal goes back"


def test_one_that_is_removed_while_it_is_active_is_stale_until_then() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.add("REMOVED", 2 * DAY_S, from_state="UNACK", to_state="NORM", occurrence=1)
    report = report_of(journal, end_s=5 * DAY_S)
    (stale,) = report.stale
    assert stale.until_us == journal.start_us + round(2 * DAY_S * 1e6)
    assert [day.stale for day in report.days] == [0, 1, 0, 0, 0]


def test_a_new_occurrence_without_a_return_begins_anew() -> None:
    journal = KpiJournal()
    journal.add("ALM", 0.0, from_state="NORM", to_state="UNACK", occurrence=1)
    journal.add("ALM", 20 * HOUR_S, from_state="NORM", to_state="UNACK", occurrence=2)
    journal.add("ESC", 30 * HOUR_S, from_state="UNACK", to_state="UNACK", occurrence=2)
    assert report_of(journal, end_s=40 * HOUR_S).stale == ()
    assert len(report_of(journal, end_s=45 * HOUR_S).stale) == 1


def test_what_is_put_aside_is_not_stale_and_is_so_at_once_when_it_comes_back() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.put("SHELVE", 20 * HOUR_S)
    assert report_of(journal, end_s=47 * HOUR_S).stale == ()
    journal.put("UNSHELVE", 48 * HOUR_S)
    (stale,) = report_of(journal, end_s=49 * HOUR_S).stale
    assert stale.since_us == journal.start_us


def test_diagnostics_are_not_stale_for_an_operator() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0, priority=5)
    assert report_of(journal, end_s=5 * DAY_S).stale == ()


def test_five_stale_alarms_on_a_day_are_too_many() -> None:
    for count, verdict in ((4, Verdict.GOOD), (5, Verdict.ACTION)):
        journal = KpiJournal()
        journal.calls(0.0, count)
        report = report_of(journal, end_s=2 * DAY_S)
        assert (report.figure(FigureKey.STALE).value, report.figure(FigureKey.STALE).verdict) == (count, verdict)
        assert [day.stale for day in report.days] == [0, count]


def test_what_still_stands_comes_first() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0, "A.H")
    journal.put("ALM", 60.0, "B.H")
    journal.put("RTN", 1.5 * DAY_S, "A.H")
    assert [stale.alarm for stale in report_of(journal, end_s=2 * DAY_S).stale] == ["B.H", "A.H"]


def test_what_is_aside_is_listed_and_overdue_is_said() -> None:
    journal = KpiJournal()
    journal.put("SHELVE", -10.0, "A.H", user="ada", until_us=journal.start_us + 1, aside_by="ada", aside_us=7)
    journal.put("OOS", 10.0, "B.H", user="bob", until_us=journal.start_us + round(2 * DAY_S * 1e6))
    journal.put("DS+", 20.0, "C.H")
    journal.put("SHELVE", 30.0, "D.H")
    journal.put("UNSHELVE", 40.0, "D.H")
    report = report_of(journal)
    assert [(each.alarm, each.state, each.by, each.is_overdue) for each in report.aside] == [
        ("A.H", "SHLVD", "ada", True),
        ("C.H", "DSUPR", "", False),
        ("B.H", "OOSRV", "bob", False),
    ]
    assert report.aside[0].since_us == 7
    overdue = report.figure(FigureKey.OVERDUE)
    assert (overdue.value, overdue.verdict) == (1.0, Verdict.ACTION)


def test_what_came_after_the_window_changes_nothing_in_it() -> None:
    journal = KpiJournal()
    journal.put("SHELVE", 10.0, "A.H")
    journal.put("UNSHELVE", DAY_S, "A.H")
    assert [each.alarm for each in report_of(journal).aside] == ["A.H"]


def test_what_is_known_late_to_stand_for_longer_is_as_stale_as_it_is() -> None:
    journal = KpiJournal()
    journal.put("ALM", -3 * DAY_S)
    journal.epoch += 1
    journal.add("UNREAD", 100.0, from_state="UNACK", to_state="NORM")
    states = {"from_state": "UNACK", "to_state": "UNACK", "occurrence": 2}
    journal.add("ALM", 105.0, **(states | {"from_state": "NORM"}), active_us=journal.start_us + 105_000_000)
    journal.add("RECALL", 130.0, **states)
    journal.add("ACK", 140.0, **(states | {"to_state": "ACKED"}), user="ada")
    *_, newest = sorted(report_of(journal).stale, key=lambda each: each.until_us is None)
    assert (newest.since_us, newest.until_us) == (journal.start_us - round(3 * DAY_S * 1e6), None)
