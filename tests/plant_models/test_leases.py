"""Tags of a leased scan class: how long a value may be believed while somebody looks, and while nobody does."""

import numpy as np
import pytest

from plant_models.batch import samples
from plant_models.leases import LEASE_S
from plant_models.quality import Quality
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock

TAGS = [
    Tag(name="FIXED", device="PLC", address="hr:0", scan="normal"),
    Tag(name="DETAIL", device="PLC", address="hr:1", scan="detail"),
    Tag(name="TWICE", expression="2 * {DETAIL}"),
    Tag(name="FOUR", expression="2 * {TWICE} + {FIXED}"),
]
DETAIL = np.array([1])


@pytest.fixture
def table(clock: ManualClock) -> TagTable:
    """A fixed tag of 1 s, a leased one of 0.5 s at work and 10 s at rest, both just read."""
    table = TagTable(TAGS, {"normal": 1.0, "detail": 0.5}, clock, {"detail": 10.0})
    table.apply(samples([0, 1], [1.0, 2.0], Quality.GOOD, clock.wall_us(), clock.mono_ns()))
    return table


def _is_stale(table: TagTable, clock: ManualClock, after_s: float) -> bool:
    clock.advance(after_s)
    table.age()
    return table.sample("DETAIL").quality == Quality.UNCERTAIN_LAST_USABLE


def test_a_tag_at_rest_is_stale_after_three_rests(table: TagTable, clock: ManualClock) -> None:
    assert not _is_stale(table, clock, 29.9)
    assert table.sample("FIXED").quality == Quality.UNCERTAIN_LAST_USABLE
    assert _is_stale(table, clock, 0.2)


def test_a_tag_that_has_rested_gets_three_periods_from_the_first_look(table: TagTable, clock: ManualClock) -> None:
    clock.advance(9.0)
    table.lease(DETAIL)
    assert not _is_stale(table, clock, 1.4)
    table.lease(DETAIL)
    assert _is_stale(table, clock, 0.2), "a dead value isn't good for long while somebody looks"


def test_when_nobody_looks_any_more_it_may_rest_again(table: TagTable, clock: ManualClock) -> None:
    table.lease(DETAIL)
    clock.advance(LEASE_S - 0.1)
    table.apply(samples([1], [3.0], Quality.GOOD, clock.wall_us(), clock.mono_ns()))
    assert not _is_stale(table, clock, 9.0)


def test_whoever_looks_at_a_formula_looks_at_its_inputs(table: TagTable) -> None:
    assert table.lease(np.array([3])).tolist() == [0, 1]
    assert table.lease(np.array([2])).tolist() == [1]


def test_without_leased_classes_nothing_has_to_be_read(clock: ManualClock) -> None:
    table = TagTable(TAGS, {"normal": 1.0, "detail": 0.5}, clock)
    assert table.lease(DETAIL).tolist() == []
