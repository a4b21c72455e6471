"""Parts of an hour become one: in order, each time once, what was recorded last counts."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from history.chunks.samples import Block, concatenate_samples, merge, merge_blocks
from history.chunks.segment import read_segment, write_segment
from tests.history.chunks.blobs import block, plain, samples

QUICKLY = settings(max_examples=40, deadline=None)
TIMES = st.lists(st.integers(0, 30), max_size=20)
ROWS = st.lists(st.tuples(st.sampled_from([0, 1, 5, 2**31]), st.integers(0, 30)), min_size=1, max_size=20)


def test_parts_in_order_are_put_together_as_they_are() -> None:
    parts = [samples([1, 2], [1, 2], 5, ["a", None]), samples([3], [3], 7), samples([9], [9], 0, ["b"])]
    merged = merge(parts)
    assert plain(merged) == plain(samples([1, 2, 3, 9], [1, 2, 3, 9], [5, 5, 7, 0], ["a", None, None, "b"]))
    assert merge(parts[:1]) is parts[0]
    assert len(merge([])) == len(concatenate_samples([])) == 0


def test_of_equal_times_the_last_counts_with_its_quality_and_text() -> None:
    parts = [samples([2, 1, 2], [1, 2, 3], 0, ["a", "b", "c"]), samples([1, 4], [9, 9], 0x4090, ["d", "e"])]
    assert plain(merge(parts)) == plain(samples([1, 2, 4], [9, 3, 9], [0x4090, 0, 0x4090], ["d", "c", "e"]))


@QUICKLY
@given(st.lists(TIMES, max_size=4))
def test_any_parts_are_merged_like_a_dictionary(parts: list[list[int]]) -> None:
    expected: dict[int, float] = {}
    number, made = 0, []
    for times in parts:
        values = [float(number + place) for place in range(len(times))]
        number += len(times)
        expected.update(zip(times, values, strict=True))
        made.append(samples(times, values))
    merged = merge(made)
    assert dict(zip(merged.times_us.tolist(), merged.values.tolist(), strict=True)) == expected
    assert merged.times_us.tolist() == sorted(expected)


@QUICKLY
@given(st.lists(ROWS, max_size=4))
def test_any_segments_are_merged_as_the_samples_of_each_tag_are(parts: list[list[tuple[int, int]]]) -> None:
    made = [
        block([(tag, time, 100.0 * part + row) for row, (tag, time) in enumerate(rows)])
        for part, rows in enumerate(parts)
    ]
    merged = merge_blocks([read_segment(write_segment(each)) for each in made])
    tags = sorted({tag for rows in parts for tag, _ in rows})
    assert list(merged) == tags
    for tag in tags:
        of_tag = [each.take(each.tags == tag).samples for each in made]
        assert plain(merged[tag]) == plain(merge(of_tag))


def test_sixty_minutes_of_many_tags_become_hours() -> None:
    minutes = []
    for minute in range(60):
        times = np.tile(minute * 60_000_000 + np.arange(60) * 1_000_000, 8)
        minutes.append(Block(np.repeat(np.arange(8), 60), samples(times, times + np.repeat(np.arange(8), 60))))
    merged = merge_blocks([read_segment(write_segment(each)) for each in minutes])
    for tag, found in merged.items():
        assert (found.times_us == np.arange(3_600) * 1_000_000).all()
        assert (found.values == found.times_us + tag).all()


def test_an_hour_is_cut_out_without_the_sample_at_its_end() -> None:
    found = samples([1, 5, 9], [1, 5, 9], 0, ["a", "b", "c"])
    assert plain(found.between(5, 9)) == plain(samples([5], [5], 0, ["b"]))
    assert plain(found.between(0, 99)) == plain(found)
