"""The CSV of a trend: both times, quality in words, and nothing that a spreadsheet could run."""

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hmi.trends.export import COLUMNS, write_csv
from hmi.trends.trace import Trace, trace_of_samples
from plant_models.quality import Quality
from plant_models.spreadsheet import neutral
from plant_models.tag import Tag

ZONE = ZoneInfo("Europe/London")
SUMMER_US = 1_782_864_000_000_000  # 2026-07-01T00:00:00Z


def _trace(*rows: tuple[float, int]) -> Trace:
    times = SUMMER_US + np.arange(len(rows), dtype=np.int64) * 1_000_000
    values, quality = zip(*rows, strict=True)
    return trace_of_samples(times, np.array(values), np.array(quality, np.uint16), int(times[-1]) + 1)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_has_both_times_the_value_and_its_quality(tmp_path: Path) -> None:
    tag = Tag(name="TK1.LEVEL", description="Level", unit="%")
    assert write_csv(tmp_path / "a.csv", [(tag, _trace((61.25, 0)))], ZONE) == 1
    assert _read(tmp_path / "a.csv") == [
        {
            "time_utc": "2026-07-01T00:00:00.000Z",
            "time_local": "2026-07-01T01:00:00.000+01:00",
            "tag": "TK1.LEVEL",
            "description": "Level",
            "unit": "%",
            "last": "61.25",
            "min": "61.25",
            "max": "61.25",
            "mean": "61.25",
            "state": "",
            "quality": "good",
        }
    ]


def test_a_gap_has_no_numbers_but_says_why(tmp_path: Path) -> None:
    bad = int(Quality.BAD_NO_COMMUNICATION)
    write_csv(tmp_path / "a.csv", [(Tag(name="A"), _trace((1.0, 0), (1.0, bad), (float("nan"), 0)))], ZONE)
    found = _read(tmp_path / "a.csv")
    assert [row["last"] for row in found] == ["1.0", "", ""]
    assert found[1]["quality"] == "no communication"


def test_a_state_has_its_word(tmp_path: Path) -> None:
    tag = Tag(name="P1.RUN", states=("Stopped", "Running"))
    write_csv(tmp_path / "a.csv", [(tag, _trace((1.0, 0), (7.0, 0)))], ZONE)
    assert [row["state"] for row in _read(tmp_path / "a.csv")] == ["Running", ""]


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(text: str, tmp_path: Path) -> None:
    assert neutral(text) == f"'{text}"
    tag = Tag(name="A", description=text, unit=text)
    write_csv(tmp_path / "a.csv", [(tag, _trace((-5.0, 0)))], ZONE)
    row = _read(tmp_path / "a.csv")[0]
    assert row["description"].startswith("'")
    assert row["unit"].startswith("'")
    assert row["last"] == "-5.0"


def test_ordinary_texts_stay_as_they_are() -> None:
    assert [neutral(text) for text in ("", "m³/h", "Flow = in - out")] == ["", "m³/h", "Flow = in - out"]


def test_tags_follow_one_another(tmp_path: Path) -> None:
    traces = [(Tag(name=name), _trace((1.0, 0), (2.0, 0))) for name in ("A", "B")]
    assert write_csv(tmp_path / "a.csv", traces, ZONE) == 4
    assert [row["tag"] for row in _read(tmp_path / "a.csv")] == ["A", "A", "B", "B"]
    assert tuple(_read(tmp_path / "a.csv")[0]) == COLUMNS


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "folder.csv"
    target.mkdir()
    with pytest.raises(OSError, match=r"folder\.csv"):
        write_csv(target, [(Tag(name="A"), _trace((1.0, 0)))], ZONE)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]
