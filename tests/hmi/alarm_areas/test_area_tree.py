"""Areas within areas, and what belongs to none."""

from dataclasses import replace

import pytest

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_areas.tally import AreaState, AreaTally
from hmi.alarm_areas.tree import OTHER, AreaTree
from hmi.alarms.glyph import Glyph, GlyphLook
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.plant import Area, Plant
from tests.fakes.desk import demo_plant


def plant(*areas: tuple[str, str]) -> Plant:
    return replace(demo_plant(), areas=tuple(Area(name, f"The {name}", parent) for name, parent in areas))


NESTED = plant(
    ("WORKS", ""), ("FILTERS", "WORKS"), ("F1", "FILTERS"), ("F2", "FILTERS"), ("TANKS", ""), ("LOST", "GONE")
)


def row(name: str, area: str = "F1", priority: int = 2, state: AlarmState = AlarmState.UNACK, **more: int) -> AlarmRow:
    return AlarmRow(name=name, tag=name, kind=None, priority=priority, state=state, area=area, **more)  # type: ignore[arg-type]


def test_the_uppermost_areas_come_in_the_order_of_the_plant_and_the_rest_last() -> None:
    tree = AreaTree(NESTED)
    assert tree.tops == ("WORKS", "TANKS", "LOST", OTHER)
    assert [tree.title(name) for name in tree.tops] == ["The WORKS", "The TANKS", "The LOST", "Other"]
    assert tree.title("unknown") == "unknown"


def test_what_is_within_an_area_comes_below_it_with_its_depth() -> None:
    assert list(AreaTree(NESTED).below("WORKS")) == [("FILTERS", 1), ("F1", 2), ("F2", 2)]


def test_an_alarm_counts_for_everything_that_its_area_is_part_of() -> None:
    tree = AreaTree(NESTED)
    assert tree.path("F1") == ("F1", "FILTERS", "WORKS")
    assert tree.path("") == tree.path("unknown") == (OTHER,)
    assert tree.holds("WORKS", "F2")
    assert not tree.holds("F1", "F2")
    assert tree.areas("FILTERS") == {"FILTERS", "F1", "F2"}
    assert tree.areas(OTHER) == {""}


def test_an_area_round_everything_shows_what_is_within_it() -> None:
    tree = AreaTree(plant(("ALL", ""), ("EAST", "ALL"), ("WEST", "ALL")))
    assert tree.tops == ("EAST", "WEST", OTHER)
    assert tree.path("ALL") == (OTHER,), "what is nowhere within it belongs to the rest"
    assert tree.areas(OTHER) == {"", "ALL"}


def test_a_plant_without_areas_has_only_the_rest() -> None:
    assert AreaTree(plant()).tops == (OTHER,)


def test_alarms_are_counted_by_priority_for_every_area_that_they_count_for() -> None:
    tally = AreaTally(AreaTree(NESTED))
    tally.take([row("A"), row("B", "F2", 3, AlarmState.ACKED), row("C", "", 1), row("", "F1", 1)])
    assert tally.state("WORKS") == AreaState(Glyph(2, GlyphLook.UNACKNOWLEDGED), {1: 0, 2: 1, 3: 1, 4: 0}, 1)
    assert tally.state("F2") == AreaState(Glyph(3, GlyphLook.ACKNOWLEDGED), {1: 0, 2: 0, 3: 1, 4: 0}, 0)
    assert tally.state(OTHER).present[1] == 1
    assert tally.state("TANKS") == AreaState()


@pytest.mark.parametrize("state", [AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV])
def test_what_was_put_aside_and_what_calls_nobody_is_not_counted(state: AlarmState) -> None:
    tally = AreaTally(AreaTree(NESTED))
    tally.take([row("A", state=state), row("B", priority=DIAGNOSTIC)])
    assert tally.state("WORKS") == AreaState()


def test_counts_follow_what_changes_and_goes() -> None:
    tally = AreaTally(AreaTree(NESTED))
    first, second = row("A"), row("B", priority=1, first_out=1)
    tally.take([first, second])
    assert tally.state("F1").glyph == Glyph(1, GlyphLook.UNACKNOWLEDGED), "without a letter: it stands for many"
    tally.take([replace(first, area="TANKS"), replace(second, state=AlarmState.ACKED)])
    assert tally.state("F1") == AreaState(Glyph(1, GlyphLook.ACKNOWLEDGED), {1: 1, 2: 0, 3: 0, 4: 0}, 0)
    assert tally.state("TANKS").waiting == 1
    tally.take([])
    assert tally.state("F1") == tally.state("TANKS") == AreaState()
