"""Months of an ordinary plant's alarms, made up: quiet days, a few floods, bad actors, an outage of the station."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from alarms.kpi.make import make_report
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.kpi.window import Window, within
from plant_models.alarm_definition import AlarmDefinition
from plant_models.plant import Plant
from tests.fakes.kpi_journal import DAY_S, HOUR_S, KpiJournal

DAYS = 62
FLOODS = ((-2.0, 46), (-9.4, 88), (-21.7, 23), (-40.0, 61))
"""When (days before now), and how many alarms in half an hour."""


def month_journal(plant: Plant, now_us: int) -> KpiJournal:
    """Return the journal of two months until now."""
    journal = KpiJournal(now_us - round(DAYS * DAY_S * 1e6))
    free_s: dict[str, float] = {}
    events: list[tuple[float, str, str, dict[str, Any]]] = []
    for at_s, at, life_s, wait_s in sorted(_blips(random.Random(7))):
        definition = plant.alarms[at]
        if at_s < free_s.get(definition.name, 0.0) or at_s + life_s >= DAYS * DAY_S:
            continue  # it stands already, or would go on
        free_s[definition.name] = at_s + life_s + 1.0
        more = _facts(definition)
        events.append((at_s, "ALM", definition.name, more))
        events.append((at_s + min(wait_s, life_s * 0.9), "ACK", definition.name, {**more, "user": "ada"}))
        events.append((at_s + life_s, "RTN", definition.name, more))
    for at_s, event, name, more in sorted(events, key=lambda each: each[0]):
        journal.put(event, at_s, name, **more)
    _put_what_stays(journal, plant, now_us)
    return journal


def _blips(chance: random.Random) -> Iterator[tuple[float, int, float, float]]:
    """Yield when an alarm comes, its number, how long it lasts, and after what time it is acknowledged (s)."""
    numbers = range(60)
    weights = [1.0 / (1 + at) for at in numbers]
    for day in range(DAYS):
        for at in chance.choices(numbers, weights, k=chance.randint(60, 140)):
            life_s = 30.0 + chance.expovariate(1 / 700.0)
            yield (day + chance.random()) * DAY_S, at, life_s, chance.expovariate(1 / 100.0)
    for back, count in FLOODS:
        for number in range(count):
            at_s = (DAYS + back) * DAY_S + number / count * HOUR_S / 2
            yield at_s, number % 60, 900.0, 300.0 + number
    for number in range(7):
        yield (DAYS - 5) * DAY_S + number * 15.0, 65, 6.0, 2.0


def _put_what_stays(journal: KpiJournal, plant: Plant, now_us: int) -> None:
    """Let three alarms stand for days, and put two on the shelf, one of them for too long."""
    for definition, days in zip(plant.alarms[70:73], (40.0, 12.0, 2.0), strict=True):
        journal.put("ALM", (DAYS - days) * DAY_S, definition.name, **_facts(definition))
    for definition, left_us in zip(plant.alarms[80:82], (7_200_000_000, -60_000_000), strict=True):
        aside = {"aside_by": "ada", "user": "ada", "until_us": now_us + left_us}
        journal.put("SHELVE", DAYS * DAY_S - 2 * HOUR_S, definition.name, **aside, **_facts(definition))


def _facts(definition: AlarmDefinition) -> dict[str, Any]:
    return {"tag": definition.tag, "text": definition.text, "priority": definition.priority}


def month_reports(plant: Plant, now_us: int, proposal: str = "") -> Callable[[AlarmReportQuery], AlarmReport]:
    """Return what makes reports of it; the station was off for a day and a half, fifteen days ago."""
    journal = month_journal(plant, now_us)
    rows = sorted(journal.rows, key=lambda row: row.at_us)
    off_us = now_us - round(15 * DAY_S * 1e6)
    spans = ((0, off_us), (off_us + round(1.5 * DAY_S * 1e6), now_us))
    kept = [row for row in rows if any(start <= row.at_us < end for start, end in spans)]

    def made(query: AlarmReportQuery) -> AlarmReport:
        known = within(spans, query.start_us, query.end_us)
        window = Window(query.start_us, query.end_us, ZoneInfo(plant.time_zone), known)
        report = make_report(query, kept, window, plant.philosophy.targets, 1)
        top = tuple(replace(actor, proposal=proposal) if at == 0 else actor for at, actor in enumerate(report.top))
        return replace(report, top=top)

    return made
