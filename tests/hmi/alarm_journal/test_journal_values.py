"""Value and limit of a journal row are the same quantity, in the unit that people have chosen."""

from dataclasses import replace

import pytest

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import limit_text, value_text
from hmi.units.choice import units
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk

TEMPERATURE = "RPS.P1.TEMP.HH"
NB = "\u00a0"


def _row(desk: Desk, **fields: object) -> JournalRow:
    (row,) = journal([alarm(desk.station.plant, TEMPERATURE)])
    return replace(row, **({"value": 20.0, "limit": 10.0} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "unit", "value", "limit"),
    [
        ("HH", "°C", f"68{NB}°F", "50"),
        ("rate", "°C/min", f"36{NB}°F/min", "18"),
        ("dev", "°C", f"36{NB}°F", "18"),
        ("stuck", "°C", f"36{NB}°F", "18"),
        ("rate", "K/min", f"20{NB}K/min", "10"),  # the tag had another unit then: only the row knows
        ("calc", "°C", f"68{NB}°F", "—"),
    ],
)
def test_value_and_limit_are_shown_as_what_they_are(desk: Desk, kind: str, unit: str, value: str, limit: str) -> None:
    row = _row(desk, kind=kind, unit=unit)
    units().choose({"temperature": "°F"})
    try:
        assert value_text(desk.window.context, row, row.value) == value
        assert limit_text(desk.window.context, row) == limit
    finally:
        units().choose({})
