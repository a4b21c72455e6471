"""A tag that changes its type or its unit: its past stays what it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from history.chunks.cells import HOUR_US, MINUTE_US
from history.chunks.texts import Texts
from history.columns import Columns
from history.memory import FRAME_ROWS, Memory
from history.store.frames import FrameStore
from history.store.part_files import NEWEST
from history.store.series import TEXT, Series, UnitChange, series_of
from plant_models.tag import DataType, Tag
from tests.fakes.packing_bench import bench
from tests.fakes.samples import columns

NOW = 1_700_000_000_000_000


def put(store: FrameStore, value: float, at_us: int, text: str | None = None) -> None:
    part = columns([0], [value], [at_us])
    texts = None if text is None else Texts.of([text])
    store.append(
        Columns(part.ids, part.values, part.qualities, part.time_us, part.source_us, part.received_us, texts), at_us
    )


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / NEWEST)) as connection:
        return connection.execute(query).fetchall()


def test_a_tag_that_changes_its_type_and_back_goes_on_with_its_own_past(tmp_path: Path) -> None:
    found = []
    for number, series in enumerate([Series("A"), Series("A", TEXT), Series("A"), Series("A", TEXT)]):
        store = FrameStore(tmp_path, [series])
        store.open(NOW + number)
        put(store, float(number), NOW + number, f"text {number}" if series.kind == TEXT else None)
        found.append(store.read([0], 0, 2**62, 2**62))
        store.close()
    assert [part.values.tolist() for part in found] == [[0.0], [1.0], [0.0, 2.0], [1.0, 3.0]]
    assert found[2].texts is None
    assert found[3].texts is not None
    assert found[3].texts.tolist() == ["text 1", "text 3"]
    assert rows(tmp_path, "SELECT id, name, kind FROM hist_tag") == [(1, "A", "number"), (2, "A", "text")]
    assert rows(tmp_path, 'SELECT tag, at_us, what, "before", "after" FROM hist_tag_change') == [
        (2, NOW + 1, "kind", "number", "text")
    ]


def test_a_unit_that_changes_is_noted_once_and_told(tmp_path: Path) -> None:
    for number, unit in enumerate(["m", "m", "cm", "cm"]):
        store = FrameStore(tmp_path, [Series("A", unit=unit), Series("B", unit="bar")])
        store.open(NOW + number)
        assert store.unit_changes == ([UnitChange("A", "m", "cm")] if number == 2 else [])
        store.close()
    assert rows(tmp_path, 'SELECT tag, at_us, what, "before", "after" FROM hist_tag_change') == [
        (1, NOW + 2, "unit", "m", "cm")
    ]
    assert rows(tmp_path, "SELECT name, unit FROM hist_tag") == [("A", "cm"), ("B", "bar")]


def test_what_a_tag_is_recorded_as() -> None:
    assert series_of(Tag(name="A", unit="m")) == Series("A", "number", "m")
    assert series_of(Tag(name="A", type=DataType.TEXT)) == Series("A", "text", "")
    assert series_of(Tag(name="A", type=DataType.U64, as_text=True)) == Series("A", "text", "")


def test_a_history_from_before_kinds_keeps_its_ids(tmp_path: Path) -> None:
    store = FrameStore(tmp_path, ["A", "B"])
    store.open(NOW)
    put(store, 7.0, NOW)
    store.close()
    with closing(sqlite3.connect(tmp_path / NEWEST)) as connection:
        connection.executescript(
            """
            DROP TABLE hist_tag_change; DROP TABLE clock_event;
            CREATE TABLE old (id INTEGER NOT NULL, name TEXT NOT NULL, CONSTRAINT pk_hist_tag PRIMARY KEY (id),
                              CONSTRAINT uq_hist_tag_name UNIQUE (name));
            INSERT INTO old SELECT id, name FROM hist_tag; DROP TABLE hist_tag; ALTER TABLE old RENAME TO hist_tag;
            UPDATE alembic_version SET version_num = 'h0002';
            """
        )
    store = FrameStore(tmp_path, [Series("B", TEXT), Series("A", unit="m")])
    store.open(NOW + 5)
    assert store.place().ids.tolist() == [3, 1]
    assert store.unit_changes == []
    assert store.read([1], 0, 2**62, 2**62).values.tolist() == [7.0]
    store.close()


MANY = 10_000


@pytest.mark.parametrize("groups", [3, pytest.param(MANY, marks=pytest.mark.soak)])
def test_ten_thousand_more_tags_are_recorded_packed_and_read_from_their_first_second(
    tmp_path: Path, groups: int
) -> None:
    with bench(tmp_path) as one:
        one.record((0, one.clock.wall_us(), 1.0, 0))
        old = one.frames.place().ids.tolist()
    with bench(tmp_path, names=["A", "B", "C", *(f"NEW{number}" for number in range(MANY))]) as one:
        ids = one.frames.place().ids
        assert ids[:3].tolist() == old
        assert len(np.unique(ids)) == MANY + 3
        start_us = one.clock.wall_us() // HOUR_US * HOUR_US + HOUR_US
        one.clock.advance((start_us - one.clock.wall_us()) / 1e6)
        all_rows = np.arange(MANY + 3)
        for second in range(3):
            at_us = one.clock.wall_us()
            one.frames.append(columns(all_rows, (all_rows + second).astype(float), [at_us] * len(all_rows)), at_us)
            one.clock.advance(1)
        for seconds in (0, 120, 3_700):  # frames, minutes, hours
            one.clock.advance(seconds)
            one.record((0, one.clock.wall_us(), 1.0, 0))
            for _ in range(groups):
                if not one.packer.step():
                    break
            rows = [3, 100, 5_000, MANY + 2]
            found = one.archive.read(rows, start_us, start_us + MINUTE_US, 2**62)
            for row in rows:
                assert found.values[found.ids == row].tolist() == [row, row + 1.0, row + 2.0]
        assert one.cells(3, HOUR_US)["n"].tolist() == [3]


def test_more_tags_than_a_frame_should_hold_come_in_one_frame_or_several(tmp_path: Path) -> None:
    n = FRAME_ROWS + 5
    store, memory = FrameStore(tmp_path, [f"T{number}" for number in range(n)]), Memory()
    store.open(NOW)
    rows = np.arange(n)
    memory.add(columns(rows, rows.astype(float), [NOW] * n))
    memory.add(columns(rows[:7], [-1.0] * 7, [NOW + 1] * 7))
    while (frame := memory.next_frame()) is not None:
        memory.note_stored(*store.append(frame.columns, NOW))
    found = store.read([0, FRAME_ROWS, n - 1], 0, 2**62, 2**62)
    store.close()
    assert found.values.tolist() == [0.0, FRAME_ROWS, n - 1.0, -1.0]
