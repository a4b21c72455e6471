"""What was exported comes back to the bit, and a file with a mistake changes nothing."""

import csv
from datetime import UTC, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from history.chunks.cells import Rule
from history.chunks.texts import Texts
from history.columns import Columns
from history.exchange.csv_sink import CsvStyle
from history.exchange.csv_source import CsvSource
from history.exchange.errors import ExchangeError
from history.exchange.export import Wanted, export
from history.exchange.importing import Checked, check, write
from history.exchange.intervals import Every
from history.exchange.kept import opened
from history.exchange.layout import Layout
from history.exchange.parquet_source import ParquetSource
from history.exchange.pieces import Pieces
from history.packer import Packer
from history.store.frames import FrameStore
from history.store.kinds import NUMBER, TEXT
from history.store.series import Series
from tests.fakes.clock import ManualClock
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, Bench, bench

LONDON = ZoneInfo("Europe/London")
LATEST = LAST_HOUR + 10**15
HOUR_US = 3_600_000_000
Found = dict[str, tuple[list[int], list[int], list[int]]]


def _export(data: Path, file: Path, every: Every | None = None, *, tags: str = "*", excel: bool = False) -> int:
    wanted = Wanted(tags, 0, LATEST, every, lambda tag: HOLD_US)
    with opened(data, "", ManualClock()) as kept:
        return export(kept, wanted, file, CsvStyle(LONDON, excel), lambda rows, until_us: None)


def _pieces(file: Path, layout: Layout | None = None) -> Pieces:
    used = layout or Layout()
    return ParquetSource(file, used, LATEST) if file.suffix == ".parquet" else CsvSource(file, used, LONDON, LATEST)


def _import(file: Path, data: Path, layout: Layout | None = None) -> Checked:
    pieces = _pieces(file, layout)
    checked = check(pieces, (), accepts_new=True)
    assert not checked.mistakes
    write(pieces, checked, data, LAST_HOUR, lambda done, total: None)
    return checked


def _all(data: Path) -> Found:
    with opened(data, "", ManualClock()) as kept:
        found = {}
        for row, name in enumerate(kept.names):
            columns = kept.measured.read([row], 0, LATEST, LATEST)
            rows = {int(at): i for i, at in enumerate(columns.time_us)}  # of equal times the last counts
            order = [rows[at] for at in sorted(rows)]
            bits = columns.values.view(np.uint64)[order].tolist()
            found[name] = sorted(rows), bits, columns.qualities[order].tolist()
        return found


def _alike(found: Found) -> Found:
    """Return the same with one NaN for all."""
    return {
        name: (times, np.where(np.isnan(np.array(bits, np.uint64).view(np.float64)), 0, bits).tolist(), qualities)
        for name, (times, bits, qualities) in found.items()
    }


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_exported_and_imported_is_the_same_to_the_bit(recorded: Bench, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"a.{ending}"
    assert _export(tmp_path / "data", file) == len(recorded.expected)
    _import(file, tmp_path / "new")
    wanted, found = _all(tmp_path / "data"), _all(tmp_path / "new")
    if ending == "csv":  # a text can't tell one NaN from another
        wanted, found = _alike(wanted), _alike(found)
    assert found == wanted


def test_importing_again_changes_nothing(recorded: Bench, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    _export(tmp_path / "data", file)
    before = _all(tmp_path / "data")
    _import(file, tmp_path / "data")
    assert _all(tmp_path / "data") == before
    recorded.pack()
    assert _all(tmp_path / "data") == before


def test_a_spreadsheet_gets_semicolons_and_decimal_commas_which_can_be_imported(
    recorded: Bench, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    _export(tmp_path / "data", file, tags="C", excel=True)
    assert file.read_bytes().startswith(b"\xef\xbb\xbftag;time_utc")
    _import(file, tmp_path / "new")
    assert _all(tmp_path / "new")["C"] == _all(tmp_path / "data")["C"]


def test_hours_are_what_their_samples_come_to_packed_or_not(recorded: Bench, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    _export(tmp_path / "data", file, Every.of("1h", UTC, time(0)), tags="C")
    with file.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["n"] != "0"]
    mine = sorted((at, value) for (row, at), (value, _) in recorded.expected.items() if row == 2)
    hours = sorted({at // HOUR_US for at, _ in mine})
    assert [int(row["n"]) for row in rows] == [sum(at // HOUR_US == hour for at, _ in mine) for hour in hours]
    assert [float(row["first"]) for row in rows] == [
        next(value for at, value in mine if at // HOUR_US == hour) for hour in hours
    ]
    assert [float(row["max"]) for row in rows] == [
        max(value for at, value in mine if at // HOUR_US == hour) for hour in hours
    ]


def test_a_day_of_the_site_has_23_or_25_hours_when_clocks_change() -> None:
    day = Every.of("1d", LONDON, time(0))
    spring, autumn = 1_711_843_200_000_000, 1_729_987_200_000_000  # 2024-03-31, 2024-10-27, 00:00 UTC
    assert np.diff(day.edges_us(spring, spring + 1)).tolist() == [23 * HOUR_US]
    assert np.diff(day.edges_us(autumn, autumn + 1)).tolist() == [25 * HOUR_US]


@pytest.mark.parametrize("text", ["7min", "0min", "2h", "min", "", "1.5min", "x"])
def test_an_interval_that_divides_no_hour_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError):
        Every.of(text, UTC, time(0))


def test_a_file_is_never_replaced_unless_that_is_asked_for_and_never_half_written(
    recorded: Bench, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")
    with pytest.raises(ExchangeError, match="--force"):
        _export(tmp_path / "data", file)
    assert file.read_text() == "mine"

    def cancel(rows: int, until_us: int) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path / "data", "", ManualClock()) as kept, pytest.raises(KeyboardInterrupt):
        export(kept, Wanted("*", 0, LATEST, None, lambda tag: 0), file, CsvStyle(UTC), cancel, force=True)
    assert file.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def _mistakes(tmp_path: Path, text: str, layout: Layout | None = None, known: tuple[str, ...] = ("A",)) -> list[str]:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return [str(each) for each in check(_pieces(tmp_path / "a.csv", layout), known, accepts_new=False).mistakes]


def test_every_mistake_is_told_with_line_and_column(tmp_path: Path) -> None:
    text = (
        "tag,time_utc,value,quality\n"
        "A,2023-01-01T00:00:00Z,1.5,good\n"
        "B,2023-01-01T00:00:00Z,1.5,good\n"
        "A,yesterday,1.5,good\n"
        'A,2023-01-01T00:00:00Z,"1,5",good\n'
        "A,2023-01-01T00:00:00Z,1.5,perfect\n"
        "A,2023-01-01T00:00:00Z,1.5\n"
        ",2023-01-01T00:00:00Z,1.5,good\n"
        "A,1969-12-31T23:00:00Z,1.5,good\n"
        "A,2023-10-29T01:30:00,1.5,good\n"
        "A,2023-03-26T01:30:00,1.5,good\n"
    )
    found = _mistakes(tmp_path, text)
    places = [each.split(":")[0] for each in found]
    assert places == [
        "line 3, column 1",
        "line 4, column 2",
        "line 5, column 3",
        "line 6, column 4",
        "line 7, column 3",
        "line 8, column 1",
        "line 9, column 2",
        "line 10, column 2",
        "line 11, column 2",
    ]
    assert "comes twice" in found[7]
    assert "doesn't exist" in found[8]


def test_at_most_a_hundred_mistakes_are_told_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("tag,time_utc,value\n" + "A,never,1\n" * 500)
    checked = check(_pieces(tmp_path / "a.csv"), ("A",), accepts_new=False)
    assert (len(checked.mistakes), checked.n_bad, checked.n) == (100, 500, 0)


def test_a_value_that_is_no_number_is_never_good(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "tag,time_utc,value,quality\nA,2023-01-01T00:00:00Z,nan,0\nA,2023-01-01T00:00:01Z,inf,good\n"
        "A,2023-01-01T00:00:02Z,,good\nA,2023-01-01T00:00:03Z,1e999,\n"
    )
    _import(file, tmp_path / "new")
    assert all(quality >= 0x8000 for quality in _all(tmp_path / "new")["A"][2])


def test_a_column_for_each_tag_with_local_times_and_decimal_commas(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("When;Level;Flow\n2023-07-01 12:00:00;1,5;\n2023-07-01 12:01:00;2;-3e-2\n")
    layout = Layout(time="When", is_wide=True, renamed={"Level": "A"})
    _import(file, tmp_path / "new", layout)
    noon_us = 1_688_209_200_000_000  # 11:00 UTC
    found = _all(tmp_path / "new")
    assert found["A"][0] == [noon_us, noon_us + 60_000_000]
    assert found["Flow"][0] == [noon_us + 60_000_000]
    assert np.array(found["A"][1], np.uint64).view(np.float64).tolist() == [1.5, 2.0]


def test_of_a_file_cut_short_what_was_told_is_there_and_the_rest_can_follow(tmp_path: Path) -> None:
    file, begin = tmp_path / "a.csv", 1_688_209_200
    lines = (f"A,{np.datetime64(begin + second, 's')}Z,{second}" for second in range(40_000))
    file.write_text("\n".join(["tag,time_utc,value", *lines]) + "\n")
    pieces, told = _pieces(file), list[int]()
    checked = check(pieces, (), accepts_new=True)

    def cancel(done: int, total: int) -> None:
        told.append(done)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(pieces, checked, tmp_path / "new", LAST_HOUR, cancel)
    assert len(_all(tmp_path / "new")["A"][0]) == told[-1] < 40_000
    _import(file, tmp_path / "new")
    assert len(_all(tmp_path / "new")["A"][0]) == 40_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"tag,time_utc\nA,1\n", "no column value"),
        (b"tag,tag,time_utc,value\n", "twice"),
        (b"tag,time_utc,value\nA,\xff,1\n", "UTF-8"),
        (b"", "no column"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ExchangeError, match=words):
        check(_pieces(tmp_path / "a.csv"), (), accepts_new=True)


def test_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(ExchangeError, match="can't be read"):
        check(_pieces(tmp_path / "a.parquet"), (), accepts_new=True)


def test_of_a_thinned_hour_a_file_has_what_was_measured_and_its_import_changes_nothing(tmp_path: Path) -> None:
    with bench(tmp_path / "data") as one:
        rule = Rule(is_stepped=False, hold_us=HOLD_US, deviation=0.5)
        one.packer = Packer(one.segments, one.parts, lambda tag: rule, HOLD_US, one.clock)
        begin = one.clock.wall_us()
        for number in range(360):
            one.record((0, begin + number * 10_000_000, 20 * np.sin(number / 60), 0))
            one.clock.advance(10)
        one.clock.advance(3700)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        before = one.samples(0)
        file = tmp_path / "a.parquet"
        assert 2 < _export(tmp_path / "data", file, tags="A") < 180
        found = _all(tmp_path / "data")["A"]
        values = np.array(found[1], np.uint64).view(np.float64).tolist()
        assert all(one.expected[0, at] == (value, 0) for at, value in zip(found[0], values, strict=True))
        _import(file, tmp_path / "data")
        one.frames.open(one.clock.wall_us())
        one.clock.advance(120)
        one.pack()
        after = one.samples(0)
        assert after.times_us.tolist() == before.times_us.tolist()
        assert after.values.tolist() == before.values.tolist()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_tag_that_became_a_text_is_exported_as_both_and_no_text_is_imported_as_a_number(
    tmp_path: Path, ending: str
) -> None:
    times = np.arange(LAST_HOUR, LAST_HOUR + 3)
    for kind, texts in ((NUMBER, None), (TEXT, Texts.of(["=1+1", None, "\ud800"]))):
        store = FrameStore(tmp_path / "data", [Series("A", kind)])
        store.open(LAST_HOUR)
        qualities = np.zeros(3, np.uint16)
        store.append(Columns(np.zeros(3, np.int64), np.arange(3.0), qualities, times, times, times, texts), LAST_HOUR)
        store.close()
    file = tmp_path / f"a.{ending}"
    assert _export(tmp_path / "data", file) == 6
    assert _export(tmp_path / "data", tmp_path / f"hours.{ending}", Every.of("1h", UTC, time(0))) == 1
    checked = check(_pieces(file), ("A",), accepts_new=False)
    assert (checked.n, checked.n_bad) == (3, 3)
    assert "text" in checked.mistakes[0].problem
    if ending == "csv":
        with file.open(newline="") as lines:
            assert [row["text"] for row in csv.DictReader(lines)] == ["", "", "", "'=1+1", "", "?"]
