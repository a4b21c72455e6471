"""Laboratory values: every mistake is told with its place, nothing is entered twice, and nothing is ever changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from history.lab_file import LabValue, read_lab_file
from history.site_time import SiteTime
from history.store.plain.lab import Entered, enter_lab_values
from history.store.plain.place import TablesFile, tables_beside, tables_on_server
from history.store.plain.schema import TABLES_NAME
from plant_models.project.finding import Finding
from tests.fakes.clock import ManualClock
from tests.fakes.tables_bench import tables_plant

NOW_US = 1_764_576_000_000_000  # 2025-12-01 08:00 UTC
SITE = SiteTime(ZoneInfo("Europe/Berlin"))
HEADER = "sampled_at,parameter,tag,equipment,location,value,unit,qualifier,method,note\n"


def read(folder: Path, text: str | bytes) -> tuple[list[LabValue], list[str]]:
    path = folder / "Läb values.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    findings: list[Finding] = []
    values = read_lab_file(path, tables_plant(), NOW_US, findings)
    return values, [str(finding).removeprefix("Läb values.csv:") for finding in sorted(findings)]


def enter(folder: Path, *values: LabValue, at_us: int = NOW_US) -> Entered:
    with tables_beside(folder) as connection:
        return enter_lab_values(connection, values, "ada", at_us, SITE)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / TABLES_NAME)) as connection:
        return connection.execute(query).fetchall()


def test_a_file_of_a_laboratory_is_read_with_local_times_and_decimal_commas(tmp_path: Path) -> None:
    text = (
        "\ufeffsampled_at;parameter;tag;equipment;location;value;unit;qualifier;method;note\r\n"
        "2025-11-28 07:30;Coliforms;;LAKE;tap 3;0,3;MPN/100 mL;<;ISO 9308-2;\r\n"
        '2025-11-28T06:30Z;;A;;;"12,5";;;;"cloudy; cold"\r\n'
    )
    values, findings = read(tmp_path, text)
    assert findings == []
    at_us = 1_764_311_400_000_000
    coliforms = LabValue(
        sampled_at_us=at_us,
        parameter="Coliforms",
        equipment="LAKE",
        location="tap 3",
        value=0.3,
        unit="MPN/100 mL",
        qualifier="<",
        method="ISO 9308-2",
    )
    flow = LabValue(sampled_at_us=at_us, parameter="A", tag="A", value=12.5, unit="m³/h", note="cloudy; cold")
    assert values == [coliforms, flow]


def test_all_mistakes_are_told_with_line_and_column(tmp_path: Path) -> None:
    rows_ = [
        "2025-11-28,pH,,LAKE,,7.1,,,,",
        "2025-10-26T02:30,pH,,LAKE,,7.1,,,,",
        "2025-03-30T02:30,pH,,LAKE,,7.1,,,,",
        "2025-12-01T10:00,pH,,LAKE,,7.1,,,,",
        "28.11.2025 07:30,pH,,LAKE,,7.1,,,,",
        "2025-11-28T07:30,pH,Z,,,7.1,,,,",
        "2025-11-28T07:30,pH,,LAKES,,7.1,,,,",
        "2025-11-28T07:30,pH,,LAKE,,<7.1,,,,",
        "2025-11-28T07:30,pH,,LAKE,,nan,,,,",
        "2025-11-28T07:30,pH,,LAKE,,7.1,,about,,",
        "2025-11-28T07:30,,,LAKE,,,,,,",
        "2025-11-28T07:30,pH,,,,7.1,,,,",
        "2025-11-28T07:30,pH,,LAKE,,7.1,,,,",
        "2025-11-28T07:30,pH,,LAKE,,7.2,,,,",
    ]
    _, findings = read(tmp_path, HEADER + "\n".join(rows_))
    told = [finding.split(";")[0] for finding in findings]
    assert told == [
        "2:1: sampled_at: '2025-11-28' has no time of day",
        "3:1: sampled_at: 2025-10-26T02:30:00 comes twice that night, when clocks were moved",
        "4:1: sampled_at: 2025-03-30T02:30:00 was left out that night, when clocks were moved",
        "5:1: sampled_at: '2025-12-01T10:00' is still to come",
        "6:1: sampled_at: '28.11.2025 07:30' is not a time",
        "7:21: tag: unknown 'Z'",
        "8:22: equipment: unknown 'LAKES'",
        "9:28: value: '<7.1' is not a number",
        "10:28: value: 'nan' is not a finite number",
        "11:33: qualifier: 'about' is no qualifier",
        "12:18: neither parameter nor tag",
        "12:26: no value",
        "13:23: no place",
        "15:28: line 14 has another value of this sample",
    ]


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"\xff\xfe\x00s",
        b"value\n1\n",
        b"sampled_at,valeu\n2025-11-28T07:30,1\n",
        HEADER.encode() + b'"2025-11-28T07:30,pH,,LAKE,,7.1\n' * 3,
        HEADER.encode() + b"9999-12-31T23:59-23:00,pH,,LAKE,,1,,,,\n",
        HEADER.encode() + b"0001-01-01T00:00+23:00,pH,,LAKE,,1,,,,\n",
        HEADER.encode() + b"1969-12-31T00:00,pH,,LAKE,,1,,,,\n",
        HEADER.encode() + b"2025-11-28T07:30,pH,,LAKE,,1e999,,,,\n",
        HEADER.encode() + b"2025-11-28T07:30,p\x00H,,LAKE,,1,,,,\n",
    ],
)
def test_a_file_that_makes_no_sense_is_a_finding_and_no_crash(tmp_path: Path, spoilt: bytes) -> None:
    _, findings = read(tmp_path, spoilt)
    assert findings


VALUE = LabValue(sampled_at_us=1_764_311_400_000_000, parameter="pH", equipment="LAKE", value=7.1)


def test_entering_twice_changes_nothing_and_a_correction_keeps_what_was_before(tmp_path: Path) -> None:
    corrected = LabValue(sampled_at_us=VALUE.sampled_at_us, parameter="pH", equipment="LAKE", value=7.3)
    assert enter(tmp_path, VALUE) == Entered(1, 0, 0)
    assert enter(tmp_path, VALUE, at_us=NOW_US + 5) == Entered(0, 0, 1)
    assert enter(tmp_path, corrected, at_us=NOW_US - 10) == Entered(1, 1, 0)  # the clock was set back meanwhile
    assert enter(tmp_path, VALUE) == Entered(0, 0, 1)
    assert rows(tmp_path, "SELECT value, entered_at_us FROM lab_value ORDER BY value") == [
        (7.1, NOW_US),
        (7.3, NOW_US + 1),
    ]
    newest = rows(tmp_path, 'SELECT value, sampled_at_local, "user" FROM lab_value_newest')
    assert newest == [(7.3, "2025-11-28T07:30:00+01:00", "ada")]


def test_the_server_takes_the_same_values(pg_database: str) -> None:
    for entered in (Entered(1, 0, 0), Entered(0, 0, 1)):
        with tables_on_server(pg_database) as connection:
            assert enter_lab_values(connection, [VALUE], "ada", NOW_US, SITE) == entered


def test_what_a_person_entered_is_taken_over_from_damaged_tables(tmp_path: Path, clock: ManualClock) -> None:
    enter(tmp_path, VALUE)
    path = tmp_path / TABLES_NAME
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    spoilt = bytearray(path.read_bytes())
    spoilt[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(spoilt)
    place = TablesFile(tmp_path, clock)
    with place.writing():
        pass
    place.close()
    assert rows(tmp_path, "SELECT parameter, value FROM lab_value") == [("pH", 7.1)]
    assert len(place.files_aside) == 1
