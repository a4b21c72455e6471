"""The report as a CSV file: one row for each figure, day, flood and listed alarm. Pure, any thread.

Numbers are plain: shares from 0 to 1, times in seconds, moments in UTC. UTF-8 with a byte order mark, so that
spreadsheets read it as it is.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from alarms.kpi.report import AlarmReport
from plant_models.spreadsheet import neutral

COLUMNS: Final = ("part", "name", "value", "target", "verdict", "before", "start_utc", "end_utc", "tag", "detail")
Row = tuple[str, ...]


def report_csv(report: AlarmReport, before: AlarmReport | None) -> bytes:
    """Return the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows(report, before):
        writer.writerow([neutral(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def rows(report: AlarmReport, before: AlarmReport | None) -> Iterator[Row]:
    """Yield the rows, as many cells as COLUMNS."""
    span = _time(report.query.start_us), _time(report.query.end_us)
    yield ("report", report.query.position, _number(report.annunciated), "", "", "", *span, "", "annunciated")
    yield ("report", "coverage", _number(report.coverage), "", "", "", *span, "", "share of the time that is known")
    for each in report.figures:
        past = None if before is None else before.figure(each.key).value
        numbers = _number(each.value), _number(each.target), each.verdict.value, _number(past)
        yield ("figure", each.key.value, *numbers, *span, "", "")
    for day in report.days:
        yield (
            "day",
            "",
            _number(day.count),
            "",
            "",
            "",
            _time(day.start_us),
            _time(day.end_us),
            "",
            f"stale {day.stale}",
        )
    for priority, count in report.by_priority.items():
        yield ("priority", str(priority), _number(count), "", "", "", *span, "", "")
    for answer in report.answers:
        detail = f"half {_number(answer.half_s)} s, late {answer.late}, never {answer.never}"
        yield ("answer", str(answer.priority), _number(answer.most_s), "", "", "", *span, "", detail)
    for flood in report.floods:
        detail = f"peak {flood.peak}, first {flood.first}"
        yield ("flood", "", _number(flood.count), "", "", "", _time(flood.start_us), _time(flood.end_us), "", detail)
    yield from _alarms(report)


def _alarms(report: AlarmReport) -> Iterator[Row]:
    for part, actors in (("top", report.top), ("chattering", report.chattering), ("fleeting", report.fleeting)):
        for actor in actors:
            detail = " ".join(filter(None, (actor.text, actor.proposal)))
            times = "", _time(actor.last_us)
            yield (part, actor.alarm, _number(actor.count), "", "", "", *times, actor.tag, detail)
    for stale in report.stale:
        until = "" if stale.until_us is None else _time(stale.until_us)
        yield ("stale", stale.alarm, "", "", "", "", _time(stale.since_us), until, stale.tag, stale.text)
    for aside in report.aside:
        until = "" if aside.until_us is None else _time(aside.until_us)
        detail = f"{aside.state} {aside.by}".strip() + (" overdue" if aside.is_overdue else "")
        yield ("aside", aside.alarm, "", "", "", "", _time(aside.since_us), until, aside.tag, detail)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _time(at_us: int) -> str:
    return f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y-%m-%dT%H:%M:%SZ}"
