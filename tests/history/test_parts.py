"""Parts for each month and keeping class, in files and on a server: nothing is lost, doubled or read twice."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US, MINUTE_US, coarsen, make_cells
from history.packer import DAY_US
from history.store import months, partitions
from history.store.archive import one_of_each
from history.store.months import NEVER_US, month_of, span_of
from history.store.parts import NoPartError
from history.store.tables import CHUNK, ROLLUP
from tests.fakes.packing_bench import BEGIN, LAST_HOUR, RULE, Bench, bench, shift
from tests.history.test_packing import assert_equal

START = LAST_HOUR - 2 * HOUR_US


@pytest.fixture
def one(tmp_path: Path, address: str) -> Iterator[Bench]:
    with bench(tmp_path, address) as made:
        yield made


def pass_time(one: Bench, us: int) -> None:
    """Let time pass, with a sample at its end, and pack."""
    one.clock.advance(us / 1e6)
    one.record((2, one.clock.wall_us(), 1.0, 0))
    one.pack()


def hours_in(one: Bench, part: str) -> set[tuple[int, int]]:
    """Return (tag, hour) of what a part has."""
    start_us, end_us = span_of(part)
    with one.parts.reading(part) as connection:
        rows = connection.execute(CHUNK.select().where(CHUNK.c.t0_us >= start_us, CHUNK.c.t0_us < end_us))
        return {(row.tag, row.t0_us) for row in rows}


def test_an_hour_of_tags_is_split_by_class_and_read_as_one(one: Bench) -> None:
    one.classes = {0: "short", 1: "longer_2"}
    shift(one, 2, 60)
    pass_time(one, 2 * HOUR_US)
    one.check()
    assert {f"2023-11{end}" for end in ("", ".short", ".longer_2")} <= set(one.parts.between(0, LAST_HOUR))
    for row, part in enumerate(("2023-11.short", "2023-11.longer_2", "2023-11")):
        assert {tag for tag, _ in hours_in(one, part)} == {one.tag(row)}
        assert {START, START + HOUR_US} <= {hour for _, hour in hours_in(one, part)}
    pass_time(one, 40 * DAY_US)
    one.check()


def test_a_tag_that_changes_its_class_keeps_its_past_where_it_is(one: Bench) -> None:
    shift(one, 1, 60)
    pass_time(one, 2 * MINUTE_US)
    one.classes = {0: "short"}
    shift(one, 1, 60)
    pass_time(one, HOUR_US)
    tag = one.tag(0)
    assert (tag, START) in hours_in(one, "2023-11")
    assert hours_in(one, "2023-11.short") == {(tag, START + HOUR_US)}
    one.check()
    one.record((0, START + 5_000_000, 42.0, 0), (0, START + HOUR_US + 5_000_000, 43.0, 0))  # late, one for each
    pass_time(one, 3 * MINUTE_US)
    assert hours_in(one, "2023-11.short") == {(tag, START + HOUR_US)}
    one.check()
    for later_us in (0, 2 * DAY_US, 40 * DAY_US):
        pass_time(one, later_us)
        minutes = make_cells(one.samples(0), RULE, MINUTE_US, BEGIN, START + 2 * HOUR_US)
        for level_us, wanted in ((MINUTE_US, minutes), (HOUR_US, coarsen(minutes, HOUR_US))):
            assert_equal(one.archive.cells(0, level_us, BEGIN, START + 2 * HOUR_US), wanted)


def test_a_part_that_is_dropped_is_gone_and_the_rest_is_read(one: Bench) -> None:
    one.classes = {0: "short"}
    shift(one, 2, 60)
    pass_time(one, 40 * DAY_US)
    one.parts.drop("2023-11.short")
    one.parts.drop("2023-11.short")
    assert "2023-11.short" not in one.parts.between(0, 2**60)
    assert not len(one.archive.cells(0, HOUR_US, BEGIN, LAST_HOUR))
    one.expected = {key: value for key, value in one.expected.items() if key[0] or key[1] >= LAST_HOUR}
    one.check()
    one.record((0, START + 5_000_000, 42.0, 0))  # what comes late for it is kept until it is dropped again
    pass_time(one, 3 * MINUTE_US)
    one.check()
    assert hours_in(one, "2023-11.short") == {(one.tag(0), START)}


def test_a_packing_that_is_cut_short_between_two_classes_is_done_once_more(
    one: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.classes = {0: "short"}
    shift(one, 2, 60)
    one.clock.advance(7200)
    one.record((2, one.clock.wall_us(), 1.0, 0))
    writing = one.parts.writing

    def fail_for_short(at_us: int, keeping: str = "") -> object:
        if keeping:
            raise DatabaseError("cut short")
        return writing(at_us, keeping)

    with monkeypatch.context() as patch:
        patch.setattr(one.parts, "writing", fail_for_short)
        with pytest.raises(DatabaseError):
            one.pack()
    one.check()
    one.pack()
    one.check()
    assert {START, START + HOUR_US} <= {hour for _, hour in hours_in(one, "2023-11.short")}


def test_what_a_clock_that_was_wrong_recorded_is_packed_in_its_turn(one: Bench) -> None:
    """A clock that was in the future for a while neither hides frames from the packer nor lets it lose them."""
    one.record((0, START + 1, 1.0, 0))
    one.clock.step_wall(10 * 365 * 86_400)
    for number in range(100):
        one.record((0, START + 2 + number, 2.0, 0))
    one.clock.step_wall(-10 * 365 * 86_400)
    one.record((0, START + 500, 3.0, 0))
    pass_time(one, 3 * HOUR_US)
    one.check()
    assert len(hours_in(one, "2023-11")) == 1


@pytest.mark.parametrize(
    ("part", "span"),
    [
        ("2023-11", (1_698_796_800_000_000, 1_701_388_800_000_000)),
        ("2023-12.short", (1_701_388_800_000_000, 1_704_067_200_000_000)),
        ("1970-01", (-NEVER_US, 31 * DAY_US)),
        ("9999-12", (253_399_622_400_000_000, NEVER_US)),
    ],
)
def test_a_part_spans_its_month(part: str, span: tuple[int, int]) -> None:
    assert span_of(part) == span
    assert month_of(span[0]) == month_of(span[1] - 1) == part[:7]


def test_times_beyond_the_calendar_have_a_part(one: Bench) -> None:
    for at_us in (-(10**15), 5, 2**62):
        for _ in range(2):
            with one.parts.writing(at_us, "odd") as connection:
                key = {"tag": 1, "level_us": MINUTE_US, "t0_us": at_us, "t1_us": at_us + 1, "body": b""}
                connection.execute(ROLLUP.delete().where(ROLLUP.c.t0_us == at_us))
                connection.execute(ROLLUP.insert(), key)
    assert {part for part in one.parts.between(-(2**62), 2**62) if part < "1970-02" or part > "9"} == {
        "1970-01.odd",
        "9999-12.odd",
    }


def test_files_that_are_not_parts_are_left_alone(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        for name in ("2023-11.damaged-20231122T011500.123456Z", "2023-11.short.damaged-2023", "2023-11.", "old"):
            (tmp_path / f"history-{name}.sqlite").write_bytes(b"not a database")
        assert one.parts.between(0, 2**60) == []
        with pytest.raises(NoPartError), one.parts.reading("2023-11"):
            pass
        assert not (tmp_path / "history-2023-11.sqlite").exists()


def test_of_two_cells_of_a_time_the_one_of_more_samples_counts(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 1, 60)
        many = make_cells(one.samples(0), RULE, MINUTE_US, START, START + HOUR_US)
        few = many[:2].copy()
        few["n"], few["max"] = 0, 1e9
        assert one_of_each([few, many]).tobytes() == one_of_each([many, few]).tobytes() == many.tobytes()


def test_a_month_has_its_partitions_before_it_begins(tmp_path: Path, pg_bench: str) -> None:
    with bench(tmp_path, pg_bench) as one:
        shift(one, 1, 60)
        pass_time(one, 2 * MINUTE_US)
        assert one.parts.between(0, 2**60) == ["2023-11", "2023-12"]
        with one.home.place().reading() as connection:
            held = connection.execute(text("SELECT count(*) FROM hist_chunk_2023_12")).scalar_one()
            stored = connection.execute(
                text(
                    "SELECT DISTINCT attstorage FROM pg_attribute WHERE attname = 'body' AND attrelid IN "
                    "('hist_chunk_2023_11'::regclass, 'hist_rollup_2023_12'::regclass)"
                )
            ).all()
        assert held == 0
        assert [tuple(row) for row in stored] == [("e",)]
        for _ in range(2):
            pass_time(one, 3 * HOUR_US)
        assert one.parts.between(0, 2**60) == ["2023-11", "2023-12", "2024-01"]
        one.check()


@pytest.mark.parametrize("name", ["Short", "a b", 'x"; DROP TABLE hist_tag; --', "kläranlage"])
def test_a_class_that_could_be_anything_else_in_sql_is_refused(tmp_path: Path, pg_bench: str, name: str) -> None:
    with (
        bench(tmp_path, pg_bench) as one,
        pytest.raises(DatabaseError, match="can't name a keeping class"),
        one.parts.writing(START, name),
    ):
        pass


def test_a_partition_that_another_program_dropped_is_made_again(tmp_path: Path, pg_bench: str) -> None:
    with bench(tmp_path, pg_bench) as one:
        shift(one, 1, 60)
        pass_time(one, HOUR_US)
        with one.home.place().writing() as connection:
            for table in ("hist_chunk", "hist_rollup"):
                connection.execute(text(f"DROP TABLE {table}_2023_11"))
        one.record((0, START + 5_000_000, 42.0, 0))
        pass_time(one, 3 * MINUTE_US)
        assert one.samples(0).values.tolist() == [42.0]


def test_a_part_that_is_read_is_not_dropped_before_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench(tmp_path) as one:
        with one.parts.writing(START, "short"):
            pass
        with one.parts.reading("2023-11.short") as connection:
            monkeypatch.setattr(months, "DROP_S", 0.01)
            with pytest.raises(DatabaseError, match="while it is read"):
                one.parts.drop("2023-11.short")
            monkeypatch.undo()
            dropping = Thread(target=one.parts.drop, args=("2023-11.short",))
            dropping.start()
            assert connection.execute(CHUNK.select()).all() == []
        dropping.join()
        assert not list(tmp_path.glob("history-2023*"))


def test_a_server_whose_table_is_read_all_the_time_keeps_nobody_waiting(
    tmp_path: Path, pg_bench: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, pg_bench) as one:
        with one.parts.writing(START, "short"):
            pass
        with one.home.place().reading() as connection:
            connection.execute(text("SELECT 1 FROM clearwell_short.hist_chunk"))
            monkeypatch.setattr(partitions, "_WITHOUT_WAITING", text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(DatabaseError, match="lock timeout"):
                one.parts.drop("2023-11.short")
        assert "2023-11.short" in one.parts.between(0, 2**60)
        one.parts.drop("2023-11.short")
        assert "2023-11.short" not in one.parts.between(0, 2**60)
