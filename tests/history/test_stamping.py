"""Where a sample stands on the axis of time, and which samples are kept."""

import numpy as np
import pytest

from history.stamping import HEARTBEAT_US, Stamper
from plant_models.batch import Batch, keep_alive, samples
from plant_models.quality import Quality
from plant_models.source_time import TRUST_US
from plant_models.tag import Tag

NOW = 1_700_000_000_000_000
SECOND = 1_000_000


@pytest.fixture
def stamper() -> Stamper:
    return Stamper([Tag(name="A"), Tag(name="B", deadband=0.5), Tag(name="C")])


def one(value: float, source_us: int, quality: int = Quality.GOOD, tag: int = 0) -> Batch:
    return samples(tag, value, quality, source_us, 0)


def test_a_source_time_that_moves_forward_is_believed(stamper: Stamper) -> None:
    kept = stamper.stamp(one(1.0, NOW - 30), NOW)
    assert (kept.time_us.tolist(), kept.source_us.tolist(), kept.received_us.tolist()) == (
        [NOW - 30],
        [NOW - 30],
        [NOW],
    )


def test_a_value_that_turns_stale_stands_where_that_was_noticed(stamper: Stamper) -> None:
    stamper.stamp(one(1.0, NOW), NOW)
    kept = stamper.stamp(one(1.0, NOW, Quality.UNCERTAIN_LAST_USABLE), NOW + 3 * SECOND)
    assert (kept.time_us.tolist(), kept.source_us.tolist()) == ([NOW + 3 * SECOND], [NOW])


@pytest.mark.parametrize("source_us", [0, NOW - TRUST_US - 1, NOW + TRUST_US + 1, -(2**62)])
def test_a_source_time_far_from_the_clock_is_kept_but_not_believed(stamper: Stamper, source_us: int) -> None:
    kept = stamper.stamp(one(1.0, source_us), NOW)
    assert (kept.time_us.tolist(), kept.source_us.tolist()) == ([NOW], [source_us])


def test_samples_of_one_tag_in_one_batch_keep_their_order(stamper: Stamper) -> None:
    batch = samples([0, 2, 0, 0], [1.0, 9.0, 2.0, 3.0], 0, [NOW, NOW, NOW, NOW + 5], 0)
    kept = stamper.stamp(batch, NOW)
    assert kept.values.tolist() == [1.0, 9.0, 2.0, 3.0]
    assert kept.time_us.tolist() == [NOW, NOW, NOW + 1, NOW + 5]


def test_a_device_whose_clock_was_ahead_goes_on_in_order(stamper: Stamper) -> None:
    stamper.stamp(one(1.0, NOW + 60 * SECOND), NOW)
    assert stamper.stamp(one(2.0, NOW + SECOND), NOW + SECOND).time_us.tolist() == [NOW + 60 * SECOND + 1]


def test_after_the_stations_own_clock_was_set_back_history_follows_it(stamper: Stamper) -> None:
    stamper.stamp(one(1.0, NOW), NOW)
    earlier = NOW - 3_600 * SECOND
    assert stamper.stamp(one(2.0, earlier), earlier).time_us.tolist() == [earlier]
    assert stamper.stamp(one(3.0, earlier + 7), earlier + 9).time_us.tolist() == [earlier + 7]


def test_a_deadband_keeps_nothing_from_being_recorded(stamper: Stamper) -> None:
    values = [10.0, 10.4, 10.5, 10.6, 10.2, 10.0]
    kept = [stamper.stamp(one(value, NOW + n, tag=1), NOW + n).values.tolist() for n, value in enumerate(values)]
    assert kept == [[value] for value in values]


def test_a_batch_without_values_is_no_history(stamper: Stamper) -> None:
    with pytest.raises(ValueError, match="without values"):
        stamper.stamp(keep_alive([0], 1), NOW)


def beat(stamper: Stamper, read_us: list[int], now_us: int) -> list[tuple[int, float, int]]:
    kept = stamper.heartbeats(np.array(read_us, np.int64), now_us)
    return list(zip(kept.ids.tolist(), kept.values.tolist(), kept.time_us.tolist(), strict=True))


def test_a_quiet_value_is_confirmed_when_it_was_last_read(stamper: Stamper) -> None:
    stamper.stamp(one(4.0, NOW), NOW)
    later = NOW + HEARTBEAT_US
    assert beat(stamper, [later - SECOND] * 3, later - 1) == []
    assert beat(stamper, [later - SECOND] * 3, later) == [(0, 4.0, later - SECOND)]
    assert beat(stamper, [later] * 3, later + 1) == []


def test_a_value_that_nobody_reads_any_more_is_not_confirmed(stamper: Stamper) -> None:
    stamper.stamp(one(4.0, NOW), NOW)
    assert beat(stamper, [NOW] * 3, NOW + 10 * HEARTBEAT_US) == []


def test_that_a_value_is_bad_is_confirmed_at_full_minutes_without_reading(stamper: Stamper) -> None:
    stamper.stamp(one(4.0, NOW, Quality.BAD_NO_COMMUNICATION), NOW)
    full = (NOW // HEARTBEAT_US + 1) * HEARTBEAT_US
    assert beat(stamper, [0] * 3, full - 1) == []
    assert beat(stamper, [0] * 3, full + 7) == [(0, 4.0, full)]
    assert beat(stamper, [0] * 3, full + HEARTBEAT_US - 1) == []
    assert beat(stamper, [0] * 3, full + HEARTBEAT_US) == [(0, 4.0, full + HEARTBEAT_US)]


def test_a_tag_without_a_sample_has_no_heartbeat(stamper: Stamper) -> None:
    assert beat(stamper, [NOW] * 3, NOW) == []
