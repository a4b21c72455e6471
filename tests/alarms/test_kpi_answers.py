"""How long alarms wait for an acknowledgement, and which never get one."""

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from tests.fakes.kpi_journal import HOUR_S, KpiJournal, report_of


def test_half_and_most_are_told_for_each_priority() -> None:
    journal = KpiJournal()
    for number in range(20):
        journal.put("ALM", number * 1000.0, f"A{number}.H", priority=1)
        journal.put("ACK", number * 1000.0 + 10.0 * (number + 1), f"A{number}.H", priority=1, user="ada")
    report = report_of(journal)
    urgent = report.answers[0]
    assert (urgent.priority, urgent.count, urgent.half_s, urgent.most_s) == (1, 20, 100.0, 190.0)
    assert (urgent.late, urgent.never, urgent.late_share) == (0, 0, 0.0)
    assert report.figure(FigureKey.URGENT_ANSWER).verdict is Verdict.MANAGEABLE
    assert [each.count for each in report.answers[1:]] == [0, 0, 0]
    assert (report.answers[1].half_s, report.answers[1].late_share) == (None, None)


@pytest.mark.parametrize(("wait_s", "late"), [(600.0, 0), (601.0, 1)])
def test_more_than_ten_minutes_are_late(wait_s: float, late: int) -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0, priority=1)
    journal.put("ACK", wait_s, priority=1, user="ada")
    report = report_of(journal)
    assert report.answers[0].late == late
    assert report.figure(FigureKey.URGENT_LATE).verdict is (Verdict.ACTION if late else Verdict.GOOD)


def test_a_wait_begins_with_the_first_call_since_the_last_acknowledgement() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.put("RTN", 5.0)
    journal.put("ALM", 100.0)
    journal.put("ACK", 130.0, user="ada")
    journal.put("REALM", 1000.0)
    journal.put("ACK", 1010.0, user="ada")
    answers = report_of(journal).answers[2]
    assert (answers.count, answers.half_s, answers.most_s) == (2, 10.0, 130.0)


def test_a_clock_that_was_set_changes_no_wait() -> None:
    journal = KpiJournal()
    journal.put("ALM", HOUR_S)
    journal.step_s = 2 * HOUR_S
    journal.put("ACK", HOUR_S + 20.0, user="ada")
    assert report_of(journal).answers[2].most_s == 20.0


def test_one_that_waits_at_the_end_was_never_acknowledged_after_ten_minutes() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0, "A.H")
    journal.put("RTN", 10.0, "A.H")
    assert report_of(journal, end_s=600.0).answers[2].never == 0
    report = report_of(journal, end_s=601.0)
    assert (report.answers[2].never, report.answers[2].late_share) == (1, 1.0)
    assert report.figure(FigureKey.UNANSWERED).verdict is Verdict.ACTION


def test_who_puts_an_alarm_aside_has_seen_it_but_a_rule_or_a_removal_has_not() -> None:
    journal = KpiJournal()
    for at, event in enumerate(("SHELVE", "OOS", "DS+")):
        journal.put("ALM", at * 10.0, f"{at}.H")
        journal.put(event, at * 10.0 + 1.0, f"{at}.H")
    journal.put("ALM", 50.0, "R.H")
    journal.add("REMOVED", 51.0, "R.H", from_state="UNACK", to_state="NORM")
    answers = report_of(journal).answers[2]
    assert (answers.count, answers.never) == (0, 2)


def test_an_acknowledgement_without_its_alarm_is_no_answer() -> None:
    journal = KpiJournal()
    journal.add("ACK", 5.0, from_state="UNACK", to_state="ACKED", user="ada")
    journal.put("ALM", -5.0, "B.H")
    journal.put("ACK", 6.0, "B.H", user="ada")
    assert [each.count for each in report_of(journal).answers] == [0, 0, 0, 0]


def started_blind(journal: KpiJournal, at_s: float) -> None:
    """Let the station start while the journal can't be read: it says later that nobody knew how the alarm stood."""
    journal.epoch += 1
    journal.add("UNREAD", at_s, from_state="UNACK", to_state="NORM")


def test_a_wait_goes_on_while_nobody_knew_after_a_start_that_there_was_one() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    started_blind(journal, 100.0)
    journal.add("ALM", 105.0, from_state="NORM", to_state="UNACK")
    journal.add("RECALL", 130.0, from_state="UNACK", to_state="UNACK")
    journal.add("ACK", 160.0, from_state="UNACK", to_state="ACKED", user="ada")
    answers = report_of(journal).answers[2]
    assert (answers.count, answers.half_s, answers.never) == (1, 160.0, 0)


def test_a_wait_that_nobody_knew_of_goes_on_though_nothing_called_again() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    started_blind(journal, 100.0)
    journal.add("COMMENT", 105.0, from_state="NORM", to_state="NORM", user="ada")
    journal.add("RECALL", 130.0, from_state="NORM", to_state="UNACK")
    assert report_of(journal, end_s=HOUR_S).answers[2].never == 1
    journal.add("ACK", 160.0, from_state="UNACK", to_state="ACKED", user="ada")
    assert report_of(journal, end_s=HOUR_S).answers[2].never == 0


def test_what_was_acknowledged_before_the_start_is_not_left_without_an_answer() -> None:
    journal = KpiJournal()
    journal.put("ALM", 0.0)
    journal.put("ACK", 10.0, user="ada")
    started_blind(journal, 100.0)
    journal.add("ALM", 105.0, from_state="NORM", to_state="UNACK")
    journal.add("RECALL", 130.0, from_state="UNACK", to_state="ACKED")
    answers = report_of(journal, end_s=HOUR_S).answers[2]
    assert (answers.count, answers.half_s, answers.never) == (1, 10.0, 0)
