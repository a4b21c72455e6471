"""Floods: when they begin and end, and what the report of one says."""

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from alarms.kpi.floods import Called
from tests.fakes.kpi_journal import HOUR_S, KpiJournal, report_of

TEN = 600.0


def test_exactly_ten_are_no_flood_and_eleven_are() -> None:
    for count, floods in ((10, 0), (11, 1)):
        journal = KpiJournal()
        journal.calls(0.0, count)
        assert len(report_of(journal).floods) == floods


def test_a_flood_goes_on_at_five_and_ends_at_four() -> None:
    journal = KpiJournal()
    for period, count in enumerate((11, 5, 9, 4, 10)):
        journal.calls(period * TEN, count)
    (flood,) = report_of(journal).floods
    assert (flood.start_us, flood.end_us) == (journal.start_us, journal.start_us + round(3 * TEN * 1e6))
    assert (flood.count, flood.peak, flood.is_over, flood.calm_s) == (25, 11, True, 2 * TEN)


def test_a_flood_that_was_calm_at_once_took_no_time_to_calm() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 11)
    (flood,) = report_of(journal).floods
    assert (flood.calm_s, flood.end_us - flood.start_us) == (0.0, round(TEN * 1e6))


def test_each_flood_is_one_of_its_own() -> None:
    journal = KpiJournal()
    for hour in range(3):
        journal.calls(hour * HOUR_S, 12)
    report = report_of(journal)
    assert [flood.start_us for flood in report.floods] == [journal.start_us + hour * 3_600_000_000 for hour in range(3)]
    assert report.figure(FigureKey.FLOOD_SHARE).value == pytest.approx(30 / 1440)
    assert report.figure(FigureKey.FLOOD_SHARE).verdict is Verdict.ACTION


def test_a_flood_that_is_not_over_ends_with_the_window_and_says_so() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 11)
    journal.calls(TEN, 7)
    (flood,) = report_of(journal, end_s=TEN + 300.0).floods
    assert (flood.is_over, flood.calm_s) == (False, None)
    assert flood.end_us == journal.start_us + round((TEN + 300.0) * 1e6)


def test_the_report_of_a_flood_says_what_came_first_most_and_who_acknowledged() -> None:
    journal = KpiJournal()
    journal.put("ALM", 5.0, "PLC.comm", priority=1, text="No communication")
    for blip in range(4):
        journal.blip(10.0 + blip * 60, "P1.H", life_s=40.0, priority=2)
    journal.calls(250.0, 8)
    journal.put("ACK", 300.0, "PLC.comm", user="bob", priority=1)
    journal.add("ACK", 310.0, "X.H", user="", from_state="UNACK", to_state="ACKED")
    journal.add("ACK", 10_000.0, "Y.H", user="eve", from_state="UNACK", to_state="ACKED")
    (flood,) = report_of(journal).floods
    assert (flood.first, flood.first_text, flood.first_us) == (
        "PLC.comm",
        "No communication",
        journal.start_us + 5_000_000,
    )
    assert flood.most[0] == Called("P1.H", "P1.H is high", 4)
    assert len(flood.most) == 5
    assert flood.by_priority == ((3, 8), (2, 4), (1, 1))
    assert flood.acknowledged == (("ada", 4), ("bob", 1), ("", 1))


def test_shelved_and_diagnostic_alarms_make_no_flood() -> None:
    journal = KpiJournal()
    for number in range(20):
        journal.put("SHELVE", 0.0, f"S{number}.H")
        journal.put("ALM", 1.0, f"S{number}.H")
    journal.calls(2.0, 20, priority=5)
    report = report_of(journal)
    assert (report.floods, report.annunciated) == ((), 0)


def test_what_comes_back_from_the_shelf_at_once_is_a_flood() -> None:
    journal = KpiJournal()
    for number in range(11):
        journal.put("SHELVE", 0.0, f"S{number}.H")
        journal.put("ALM", 1.0, f"S{number}.H")
        journal.put("UNSHELVE", 2.0, f"S{number}.H")
    assert len(report_of(journal).floods) == 1
