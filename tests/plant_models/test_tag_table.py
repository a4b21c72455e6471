"""The live table: what is stored, what counts as a change, and who hears of it."""

import math
import random
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.batch import Batch, failure, keep_alive, samples, text_code
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock

GOOD = Quality.GOOD


def device_tag(name: str, scan: str = "normal") -> Tag:
    return Tag(name=name, device="PLC", address="hr:0", scan=scan)


@pytest.fixture
def table(clock: ManualClock) -> TagTable:
    tags = [
        device_tag("A"),
        device_tag("B"),
        device_tag("SLOW", "slow"),
        Tag(name="SUM", expression="{A} + {B}"),
        Tag(name="TWICE", expression="{SUM} * 2"),
        Tag(name="RATIO", expression="{A} / {B}"),
        Tag(name="WORD", type=DataType.TEXT, device="PLC", address="ns=2;s=WORD"),
    ]
    return TagTable(tags, {"normal": 1.0, "slow": 5.0}, clock)


def rows_of(table: TagTable, batch: Batch) -> list[tuple[str, float, int]]:
    assert batch.values is not None
    assert batch.qualities is not None
    return [
        (table.tags[tag].name, value, quality)
        for tag, value, quality in zip(batch.tags, batch.values, batch.qualities.tolist(), strict=True)
    ]


def test_before_the_first_sample_a_tag_is_unknown_and_bad(table: TagTable) -> None:
    sample = table.sample("A")
    assert math.isnan(sample.value)
    assert sample.quality == Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_a_batch_is_stored_and_its_changed_rows_are_handed_on_once(table: TagTable) -> None:
    heard: list[Batch] = []
    unsubscribe = table.add_listener(heard.append)
    table.apply(samples([0, 1], [2.0, 4.0], GOOD, 10, 20))
    assert len(heard) == 1
    assert rows_of(table, heard[0])[:2] == [("A", 2.0, GOOD), ("B", 4.0, GOOD)]
    table.apply(samples([0, 1], [2.0, 4.0], GOOD, 11, 21))
    assert len(heard) == 1
    assert table.sample("A").source_us == 11
    unsubscribe()
    table.apply(samples([0], [3.0], GOOD, 12, 22))
    assert len(heard) == 1


def test_several_batches_at_once_make_one_changed_batch(table: TagTable) -> None:
    heard: list[Batch] = []
    table.add_listener(heard.append)
    table.apply(
        samples([0], [1.0], GOOD, 1, 1), failure([2], Quality.BAD_TIMEOUT, 5, 5), samples([0], [2.0], GOOD, 2, 2)
    )
    assert len(heard) == 1
    own = [row for row in rows_of(table, heard[0]) if row[0] in ("A", "SLOW")]
    assert own[0] == ("A", 1.0, GOOD)
    assert own[1][0] == "SLOW"
    assert own[1][2] == Quality.BAD_TIMEOUT
    assert own[2] == ("A", 2.0, GOOD)


def test_every_sample_of_a_tag_that_occurs_twice_is_seen_in_order(table: TagTable) -> None:
    changed = table.apply(samples([0, 1, 0, 0], [1.0, 1.0, 5.0, 5.0], GOOD, [1, 1, 2, 3], 9))
    assert [row for row in rows_of(table, changed) if row[0] in ("A", "B")] == [
        ("A", 1.0, GOOD),
        ("B", 1.0, GOOD),
        ("A", 5.0, GOOD),
    ]
    assert [value for name, value, _ in rows_of(table, changed) if name == "SUM"] == [2.0, 6.0]
    assert table.sample("A").source_us == 3


def test_scans_that_waited_together_are_told_sample_by_sample() -> None:
    table = TagTable([device_tag(f"T{row}") for row in range(50)], {"normal": 1.0}, ManualClock())
    numbers = random.Random(5)
    rows = [numbers.randrange(50) for _ in range(2_000)]
    values = [float(numbers.randrange(3)) for _ in rows]
    changed = table.apply(samples(rows, values, GOOD, np.arange(len(rows)), 9))
    held: dict[int, float] = {}
    expected = []
    for at, (row, value) in enumerate(zip(rows, values, strict=True)):
        if held.get(row) != value:
            expected.append((row, value, at))
        held[row] = value
    assert changed.values is not None
    assert (
        list(zip(changed.tags.tolist(), changed.values.tolist(), changed.source_us.tolist(), strict=True)) == expected
    )
    assert table.read(np.arange(50)).values.tolist() == [held[row] for row in range(50)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_never_good(table: TagTable, value: float) -> None:
    table.apply(samples([0], [value], GOOD, 1, 1))
    assert table.sample("A").quality == Quality.BAD_OUT_OF_RANGE
    table.apply(samples([0], [value], Quality.BAD_SENSOR_FAILURE, 2, 2))
    assert table.sample("A").quality == Quality.BAD_SENSOR_FAILURE


def test_nan_after_nan_is_no_change(table: TagTable) -> None:
    table.apply(samples([0], [math.nan], Quality.BAD, 1, 1))
    assert len(table.apply(samples([0], [math.nan], Quality.BAD, 2, 2))) == 0
    assert len(table.apply(samples([0], [1.0], GOOD, 3, 3))) > 0
    assert len(table.apply(samples([0], [math.nan], Quality.BAD, 4, 4))) > 0


def test_a_dead_device_keeps_the_last_values_and_the_time_it_was_noticed(table: TagTable) -> None:
    table.apply(samples([0], [7.0], GOOD, 100, 200))
    changed = table.apply(failure([0, 0, 1], Quality.BAD_NO_COMMUNICATION, 300, 400))
    assert ("A", 7.0, Quality.BAD_NO_COMMUNICATION) in rows_of(table, changed)
    assert table.sample("A").source_us == 300
    assert table.sample("A").received_ns == 200
    assert len(table.apply(failure([0], Quality.BAD_NO_COMMUNICATION, 900, 900))) == 0
    assert table.sample("A").source_us == 300


def test_an_uncertain_failure_of_an_unknown_value_stays_bad(table: TagTable) -> None:
    table.apply(failure([0], Quality.UNCERTAIN_LAST_USABLE, 1, 1))
    assert table.sample("A").quality == Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_a_value_older_than_three_scans_is_the_last_usable_one(table: TagTable, clock: ManualClock) -> None:
    table.apply(samples([0, 2], [1.0, 2.0], [GOOD, Quality.UNCERTAIN], clock.wall_us(), clock.mono_ns()))
    clock.advance(3.0)
    assert len(table.age()) == 0
    clock.advance(0.1)
    changed = table.age()
    assert ("A", 1.0, Quality.UNCERTAIN_LAST_USABLE) in rows_of(table, changed)
    assert table.sample("SLOW").quality == Quality.UNCERTAIN
    assert len(table.age()) == 0
    clock.advance(12.0)
    table.age()
    assert table.sample("SLOW").quality == Quality.UNCERTAIN_LAST_USABLE


def test_a_step_of_the_wall_clock_makes_nothing_stale(table: TagTable, clock: ManualClock) -> None:
    table.apply(samples([0], [1.0], GOOD, clock.wall_us(), clock.mono_ns()))
    clock.step_wall(86_400)
    assert len(table.age()) == 0


def test_a_sign_of_life_gives_a_stale_value_its_own_quality_back(table: TagTable, clock: ManualClock) -> None:
    table.apply(samples([0, 1], [1.0, 2.0], [Quality.UNCERTAIN_SENSOR_NOT_ACCURATE, GOOD], 1, clock.mono_ns()))
    clock.advance(4)
    table.age()
    changed = table.apply(keep_alive([0, 0, 1], clock.mono_ns()))
    assert table.sample("A").quality == Quality.UNCERTAIN_SENSOR_NOT_ACCURATE
    assert table.sample("B").quality == GOOD
    assert {name for name, _, _ in rows_of(table, changed)} >= {"A", "B"}
    assert len(table.age()) == 0


def test_a_sign_of_life_heals_no_failure(table: TagTable, clock: ManualClock) -> None:
    table.apply(samples([0], [1.0], GOOD, 1, clock.mono_ns()))
    clock.advance(4)
    table.age()
    table.apply(failure([0], Quality.BAD_NO_COMMUNICATION, 1, 1))
    table.apply(keep_alive([0], clock.mono_ns()))
    assert table.sample("A").quality == Quality.BAD_NO_COMMUNICATION


def test_a_sign_of_life_heals_no_failure_of_the_same_quality_as_a_stale_value(
    table: TagTable, clock: ManualClock
) -> None:
    table.apply(samples([0], [1.0], GOOD, 1, clock.mono_ns()))
    clock.advance(4)
    table.age()
    table.apply(failure([0], Quality.UNCERTAIN_LAST_USABLE, 1, 1))
    table.apply(keep_alive([0], clock.mono_ns()))
    assert table.sample("A").quality == Quality.UNCERTAIN_LAST_USABLE


def test_of_several_failures_of_a_tag_the_last_one_counts(table: TagTable) -> None:
    table.apply(samples([0, 1], [1.0, 2.0], GOOD, 1, 1))
    qualities = [Quality.BAD_TIMEOUT, Quality.BAD_TIMEOUT, Quality.BAD_NO_COMMUNICATION]
    table.apply(replace(failure([0, 1, 0], 0, 0, 5), qualities=np.array(qualities), source_us=np.array([10, 11, 12])))
    assert (table.sample("A").quality, table.sample("A").source_us) == (Quality.BAD_NO_COMMUNICATION, 12)
    assert (table.sample("B").quality, table.sample("B").source_us) == (Quality.BAD_TIMEOUT, 11)


def test_a_new_sample_after_staleness_forgets_the_old_quality(table: TagTable, clock: ManualClock) -> None:
    table.apply(samples([0], [1.0], GOOD, 1, clock.mono_ns()))
    clock.advance(4)
    table.age()
    table.apply(samples([0], [1.0], Quality.UNCERTAIN_LAST_USABLE, 2, clock.mono_ns()))
    table.apply(keep_alive([0], clock.mono_ns()))
    assert table.sample("A").quality == Quality.UNCERTAIN_LAST_USABLE


def test_a_calculated_tag_takes_the_worst_quality_and_the_oldest_times(table: TagTable) -> None:
    table.apply(samples([0, 1], [1.0, 2.0], [GOOD, Quality.UNCERTAIN], [10, 5], [100, 50]))
    sample = table.sample("SUM")
    assert (sample.value, sample.quality, sample.source_us, sample.received_ns) == (3.0, Quality.UNCERTAIN, 5, 50)
    assert table.sample("TWICE").value == 6.0
    table.apply(failure([0], Quality.BAD_TIMEOUT, 20, 20))
    assert table.sample("TWICE").quality == Quality.BAD_TIMEOUT


def test_a_calculated_tag_is_heard_of_when_the_oldest_of_its_inputs_is(table: TagTable, clock: ManualClock) -> None:
    rows = np.array([table.index[name] for name in ("TWICE", "B", "SLOW")])
    assert table.heard_ns(rows).tolist() == [0, 0, 0]
    clock.advance(1)
    table.apply(samples([0, 1], [1.0, 2.0], GOOD, 0, 100))
    table.apply(samples([1], [2.0], GOOD, 0, 300))
    assert table.heard_ns(rows).tolist() == [100, 300, 0]
    table.apply(keep_alive([0], 200))
    assert table.heard_ns(rows).tolist() == [200, 300, 0]
    assert table.sample("TWICE").received_ns == 100  # nothing changed, so it wasn't worked out again


def test_a_formula_without_tags_is_heard_of_now(clock: ManualClock) -> None:
    table = TagTable([Tag(name="TWO", expression="1 + 1")], {}, clock)
    assert table.heard_ns(np.array([0]))[0] == clock.mono_ns()


def test_a_division_by_zero_is_bad(table: TagTable) -> None:
    table.apply(samples([0, 1], [1.0, 0.0], GOOD, 1, 1))
    assert math.isnan(table.sample("RATIO").value)
    assert table.sample("RATIO").quality == Quality.BAD_OUT_OF_RANGE
    table.apply(samples([1], [2.0], GOOD, 2, 2))
    assert (table.sample("RATIO").value, table.sample("RATIO").quality) == (0.5, GOOD)


def test_a_formula_without_tags_is_there_from_the_start(clock: ManualClock) -> None:
    table = TagTable([Tag(name="PI", expression="22 / 7")], {"normal": 1.0}, clock)
    assert table.sample("PI").value == pytest.approx(22 / 7)
    assert table.sample("PI").quality == GOOD


def test_texts_stand_beside_the_values(table: TagTable) -> None:
    row = table.index["WORD"]
    changed = table.apply(samples([0, row], [1.0, text_code("on")], GOOD, 1, 1, [None, "on"]))
    assert table.sample("WORD").text == "on"
    assert changed.texts is not None
    assert changed.texts[1] == "on"
    changed = table.apply(samples([0, row], [1.0, text_code("off")], GOOD, 1, 1, [None, "off"]))
    assert changed.texts == ("off",)
    changed = table.apply(failure([row], Quality.BAD_TIMEOUT, 1, 1))
    assert changed.texts == ("off",)
    assert table.text(row) == "off"
    assert table.text(0) is None


def test_a_screen_asks_what_changed_since_it_last_looked(table: TagTable) -> None:
    rows = np.array([1, 2])
    seen = table.sequence
    table.apply(samples([0, 1], [1.0, 1.0], GOOD, 1, 1))
    assert table.changed_since(seen, rows).tolist() == [1]
    assert set(table.changed_since(seen).tolist()) >= {0, 1, table.index["SUM"]}
    assert table.changed_since(table.sequence).tolist() == []


def test_a_snapshot_is_a_copy(table: TagTable) -> None:
    table.apply(samples([0], [1.0], GOOD, 1, 2))
    snapshot = table.read(np.array([0]))
    table.apply(samples([0], [2.0], GOOD, 3, 4))
    assert (snapshot.values[0], snapshot.qualities[0], snapshot.source_us[0], snapshot.received_ns[0]) == (
        1.0,
        GOOD,
        1,
        2,
    )


def test_a_reader_never_sees_half_a_sample(clock: ManualClock) -> None:
    table = TagTable([device_tag(f"T{i}") for i in range(200)], {"normal": 1.0}, clock)
    rows, end, torn = np.arange(200), threading.Event(), []

    def read() -> None:
        while not end.is_set():
            seen = table.read(rows)
            if len({*seen.values.tolist(), *seen.source_us.tolist()}) > 1 and not math.isnan(seen.values[0]):
                torn.append(seen)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(500):
        table.apply(samples(rows, float(turn), GOOD, turn, turn))
    end.set()
    reader.join(10)
    assert not torn


def test_unknown_scan_classes_twin_names_and_circles_are_refused(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="scan class 'fast'"):
        TagTable([device_tag("A", "fast")], {"normal": 1.0}, clock)
    with pytest.raises(ValueError, match="share a name"):
        TagTable([device_tag("A"), device_tag("A")], {"normal": 1.0}, clock)
    circle = [Tag(name="A", expression="{B}"), Tag(name="B", expression="{A} + 1")]
    with pytest.raises(ValueError, match=r"A -> B -> A|B -> A -> B"):
        TagTable(circle, {"normal": 1.0}, clock)
    with pytest.raises(ValueError, match="GONE, which doesn't exist"):
        TagTable([Tag(name="A", expression="{GONE}")], {"normal": 1.0}, clock)


_SAMPLE = st.tuples(
    st.integers(0, 2),
    st.sampled_from([0.0, -0.0, 1.5, math.nan, math.inf]),
    st.sampled_from([int(GOOD), int(Quality.UNCERTAIN), int(Quality.BAD)]),
)


@given(st.lists(st.lists(_SAMPLE, max_size=8), max_size=6))
def test_however_samples_are_cut_into_batches_the_changes_are_the_same(
    pieces: list[list[tuple[int, float, int]]],
) -> None:
    def changes(cut: list[list[tuple[int, float, int]]]) -> list[tuple[int, str, int]]:
        table = TagTable([device_tag("A"), device_tag("B"), device_tag("C")], {"normal": 1.0}, ManualClock())
        heard: list[tuple[int, str, int]] = []

        def hear(batch: Batch) -> None:
            assert batch.values is not None
            assert batch.qualities is not None
            heard.extend(
                zip(batch.tags.tolist(), map(repr, batch.values.tolist()), batch.qualities.tolist(), strict=True)
            )

        table.add_listener(hear)
        for piece in cut:
            columns = list(zip(*piece, strict=True)) or [(), (), ()]
            table.apply(samples(np.array(columns[0], np.intp), np.array(columns[1], float), columns[2], 1, 1))
        assert all(quality >= 0x8000 for _, value, quality in heard if value in ("nan", "inf"))
        return heard

    one_by_one = [[sample] for piece in pieces for sample in piece]
    assert changes(pieces) == changes(one_by_one)
