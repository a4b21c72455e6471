"""How often operators are called: what counts, in which hours and days, and what is said of time nobody knows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from alarms.kpi.rows import annunciations, is_annunciation
from alarms.kpi.window import Window, local_midnight_us, within
from plant_models.alarm_definition import DIAGNOSTIC
from tests.fakes.kpi_journal import DAY_S, HOUR_S, MINUTE_S, KpiJournal, report_of, window_of


@pytest.mark.parametrize(
    ("event", "before", "after", "is_call"),
    [
        ("ALM", "NORM", "UNACK", True),
        ("ALM", "RTNUN", "UNACK", True),
        ("ESC", "ACKED", "UNACK", True),
        ("REALM", "ACKED", "UNACK", True),
        ("UNSHELVE", "SHLVD", "UNACK", True),
        ("DS-", "DSUPR", "UNACK", True),
        ("RTS", "OOSRV", "UNACK", True),
        ("UNSHELVE", "SHLVD", "NORM", False),
        ("ALM", "SHLVD", "SHLVD", False),
        ("ALM", "DSUPR", "DSUPR", False),
        ("ALM", "OOSRV", "OOSRV", False),
        ("ACK", "UNACK", "ACKED", False),
        ("RTN", "UNACK", "RTNUN", False),
        ("BADQ", "UNACK", "UNACK", False),
        ("CONFIG", "UNACK", "UNACK", False),
    ],
)
def test_an_annunciation_is_a_row_that_leads_to_unack(event: str, before: str, after: str, is_call: bool) -> None:
    assert is_annunciation(event, before, after, 3) is is_call
    assert not is_annunciation(event, before, after, DIAGNOSTIC)


@pytest.mark.parametrize(
    ("event", "to_state", "condensed", "count"),
    [
        ("ALM", "UNACK", 81, 41),
        ("ALM", "UNACK", 80, 40),
        ("RTN", "RTNUN", 81, 40),
        ("RTN", "RTNUN", 80, 40),
        ("RTN", "RTNUN", 1, 0),
        ("ALM", "UNACK", 1, 1),
        ("ALM", "SHLVD", 81, 0),
    ],
)
def test_a_row_of_a_chattering_alarm_stands_for_many(event: str, to_state: str, condensed: int, count: int) -> None:
    journal = KpiJournal()
    row = journal.add(event, 5.0, to_state=to_state, condensed=condensed)
    assert annunciations(row) == count
    assert annunciations(row._replace(priority=DIAGNOSTIC)) == 0
    report = report_of(journal)
    assert (report.annunciated, sum(report.per_10_min)) == (count, count)


def test_an_empty_journal_of_a_station_that_ran_is_good_and_its_mix_unknown() -> None:
    report = report_of(KpiJournal())
    assert (report.annunciated, report.coverage) == (0, 1.0)
    verdicts = {figure.key: (figure.value, figure.verdict) for figure in report.figures}
    assert verdicts[FigureKey.PER_DAY] == (0.0, Verdict.GOOD)
    assert verdicts[FigureKey.FLOOD_SHARE] == (0.0, Verdict.GOOD)
    assert verdicts[FigureKey.CHATTERING] == (0.0, Verdict.GOOD)
    assert verdicts[FigureKey.STALE] == (0.0, Verdict.GOOD)
    assert verdicts[FigureKey.URGENT_ANSWER] == (None, Verdict.UNKNOWN)
    assert verdicts[FigureKey.TOP_SHARE] == verdicts[FigureKey.LOW_SHARE] == (None, Verdict.UNKNOWN)
    assert (report.top, report.chattering, report.fleeting, report.floods, report.stale) == ((),) * 5
    assert report.per_10_min == (0,) * 144


def test_of_a_time_in_which_the_station_was_off_nothing_is_known() -> None:
    report = report_of(KpiJournal(), known=[])
    assert report.coverage == 0.0
    assert {figure.verdict for figure in report.figures} == {Verdict.UNKNOWN}
    assert {figure.value for figure in report.figures} == {None}


def test_rates_are_those_of_the_time_that_is_known() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 60)
    report = report_of(journal, known=[(0.0, 6 * HOUR_S), (6 * HOUR_S, 12 * HOUR_S)])
    assert report.coverage == 0.5
    assert report.known == ((journal.start_us, journal.start_us + round(12 * HOUR_S * 1e6)),)
    assert report.figure(FigureKey.PER_DAY).value == 120.0
    assert report.figure(FigureKey.PER_HOUR).value == 5.0
    assert report.figure(FigureKey.PER_10_MIN).value == pytest.approx(5 / 6)
    assert report.figure(FigureKey.PER_DAY).verdict is Verdict.UNKNOWN, "half a day is not enough to be good"


def test_what_is_too_much_even_if_the_rest_was_silent_is_said() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 301)
    report = report_of(journal, known=[(0.0, 2 * HOUR_S)])
    assert report.figure(FigureKey.PER_DAY).value == 301 * 12
    assert report.figure(FigureKey.PER_DAY).verdict is Verdict.ACTION
    assert report.figure(FigureKey.PEAK_10_MIN).verdict is Verdict.ACTION


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(150, Verdict.GOOD), (151, Verdict.MANAGEABLE), (300, Verdict.MANAGEABLE), (301, Verdict.ACTION)],
)
def test_a_day_is_judged_by_the_targets_of_the_site(count: int, verdict: Verdict) -> None:
    journal = KpiJournal()
    for number in range(count):
        journal.put("ALM", number * 60.0, f"A{number}.H")
    figure = report_of(journal).figure(FigureKey.PER_DAY)
    assert (figure.value, figure.target, figure.most, figure.verdict) == (count, 150.0, 300.0, verdict)


def test_a_busy_hour_has_more_than_thirty_and_a_peak_is_that_of_ten_minutes() -> None:
    journal = KpiJournal()
    journal.calls(0.0, 30)
    journal.calls(5 * HOUR_S, 31)
    report = report_of(journal)
    assert report.figure(FigureKey.BUSY_HOURS).value == pytest.approx(1 / 24)
    assert report.figure(FigureKey.BUSY_HOURS).verdict is Verdict.ACTION
    assert report.figure(FigureKey.BUSY_10_MIN).value == pytest.approx(2 / 144)
    assert report.figure(FigureKey.BUSY_10_MIN).verdict is Verdict.MANAGEABLE
    assert report.figure(FigureKey.PEAK_10_MIN).value == 31.0
    assert report.figure(FigureKey.PEAK_10_MIN).verdict is Verdict.MANAGEABLE


def test_the_start_of_a_window_belongs_to_it_and_its_end_does_not() -> None:
    journal = KpiJournal()
    for number, at_s in enumerate((-0.001, 0.0, DAY_S - 0.001, DAY_S)):
        journal.put("ALM", at_s, f"A{number}.H")
    assert report_of(journal).annunciated == 2


def test_a_clock_whose_source_was_not_believed_counts_when_it_was_written() -> None:
    journal = KpiJournal()
    row = journal.put("ALM", 10.0, at_us=0, is_time_suspect=1)
    assert row.time_us == journal.start_us + 10_000_000
    assert report_of(journal).annunciated == 1


def test_a_window_needs_a_length() -> None:
    with pytest.raises(ValueError, match="must end after it begins"):
        Window(5, 5, UTC, ())


def test_spans_are_cut_to_the_window_and_joined() -> None:
    assert within([(50, 70), (0, 20), (20, 30), (25, 28), (90, 200), (300, 400)], 10, 100) == (
        (10, 30),
        (50, 70),
        (90, 100),
    )


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(day: tuple[int, int, int], hours: int) -> None:
    start_us = round(datetime(*day, tzinfo=BERLIN).timestamp() * 1e6)
    journal = KpiJournal(start_us)
    for hour in range(hours):
        journal.put("ALM", hour * HOUR_S, f"A{hour}.H")
    report = report_of(journal, end_s=hours * HOUR_S, zone="Europe/Berlin")
    assert [(load.count, load.known) for load in report.days] == [(hours, 1.0)]
    assert report.days[0].end_us - report.days[0].start_us == round(hours * HOUR_S * 1e6)
    assert len(report.per_10_min) == hours * 6
    assert report.figure(FigureKey.PER_DAY).value == pytest.approx(24.0), "a rate is that of 24 hours"
    assert report.figure(FigureKey.PER_HOUR).value == pytest.approx(1.0)


@pytest.mark.parametrize("day", [(2026, 3, 28), (2026, 10, 24)])
def test_a_window_over_a_change_of_clocks_counts_each_annunciation_on_its_day(day: tuple[int, int, int]) -> None:
    start_us = round(datetime(*day, 12, tzinfo=BERLIN).timestamp() * 1e6)
    journal = KpiJournal(start_us)
    end_s = (round(datetime(*day[:2], day[2] + 2, 12, tzinfo=BERLIN).timestamp() * 1e6) - start_us) / 1e6
    for hour in range(round(end_s / HOUR_S)):
        journal.put("ALM", hour * HOUR_S, f"A{hour}.H")
    report = report_of(journal, end_s=end_s, zone="Europe/Berlin")
    assert [load.count for load in report.days] == [12, round(end_s / HOUR_S) - 24, 12]
    assert sum(load.count for load in report.days) == report.annunciated
    assert report.days[0].known == pytest.approx(0.5)


def test_midnight_of_the_site_is_found_also_where_it_does_not_exist() -> None:
    noon = round(datetime(2026, 3, 29, 12, tzinfo=BERLIN).timestamp() * 1e6)
    assert local_midnight_us(noon, BERLIN, days=1) - local_midnight_us(noon, BERLIN) == 23 * 3_600_000_000
    cairo = ZoneInfo("Africa/Cairo")  # clocks went from 24:00 to 01:00
    noon = round(datetime(2026, 4, 24, 12, tzinfo=cairo).timestamp() * 1e6)
    assert datetime.fromtimestamp(local_midnight_us(noon, cairo) / 1e6, cairo).hour == 1
    assert local_midnight_us(noon, cairo, days=1) - local_midnight_us(noon, cairo) == 23 * 3_600_000_000


def test_a_wall_clock_that_was_set_back_counts_rows_where_they_are_stamped() -> None:
    journal = KpiJournal()
    journal.put("ALM", 2 * HOUR_S, "A.H")
    journal.step_s = -HOUR_S
    journal.put("ALM", 2 * HOUR_S + 60, "B.H")
    report = report_of(journal)
    assert report.annunciated == 2
    assert [at for at, count in enumerate(report.per_10_min) if count] == [6, 12]


def test_a_last_period_that_is_cut_off_counts_as_well() -> None:
    journal = KpiJournal()
    journal.put("ALM", 12 * MINUTE_S)
    report = report_of(journal, end_s=15 * MINUTE_S)
    assert report.per_10_min == (0, 1)


def test_lost_events_are_said() -> None:
    journal = KpiJournal()
    journal.add("LOST", 5.0, "")
    assert report_of(journal).lost == 1


def test_shelvings_and_refused_acts_are_counted() -> None:
    journal = KpiJournal()
    journal.put("ALM", 1.0)
    journal.put("SHELVE", 2.0, user="ada")
    report = report_of(journal, refused=2)
    assert report.shelvings == 1
    assert (report.figure(FigureKey.REFUSED).value, report.figure(FigureKey.REFUSED).verdict) == (2.0, Verdict.ACTION)
    unknown = report_of(journal, refused=None)
    assert unknown.figure(FigureKey.REFUSED).verdict is Verdict.UNKNOWN


def test_the_known_share_of_a_span() -> None:
    window = window_of(KpiJournal(), known=[(0.0, 30.0), (60.0, 90.0)])
    assert window.known_of(window.start_us, window.start_us + 120_000_000) == 0.5
