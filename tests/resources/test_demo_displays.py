"""The displays of the demo plant: all equipment within reach, one overview above all, nothing overlapping."""

from itertools import combinations

import pytest

from plant_models.display import Item, Layout
from plant_models.display_places import display_places
from plant_models.paths import RESOURCES
from plant_models.project import load_plant

PLANT = load_plant(RESOURCES / "plants" / "netherby")
OWNERS = {tag.name: tag.equipment for tag in PLANT.tags}
LAYOUTS = {
    f"{display.name} {name}": layout
    for display in PLANT.displays.values()
    for name, layout in (("full", display.layout), ("compact", display.compact))
    if layout is not None
}
FACEPLATE = 344
POINTER = 12
"""Room above and below a bar's track, empty but for the pointer."""
ROOM = ("card", "symbol", "value", "text", "link", "tile", "bar", "sparkline", "chart", "state")
each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def opened(item: Item) -> str:
    """Return the equipment that a click on an item opens."""
    return item.equipment or OWNERS.get(item.tag, "")


def overlap(one: Item, other: Item) -> float:
    """Return how much of each other's box two items take, in px of the shorter way."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = one.box, other.box
    wide, high = min(ax + aw, bx + bw) - max(ax, bx), min(ay + ah, by + bh) - max(ay, by)
    return max(0.0, min(wide, high))


def is_inside(inner: Item, outer: Item) -> bool:
    (ax, ay, aw, ah), (bx, by, bw, bh) = inner.box, outer.box
    return bx <= ax and by <= ay and ax + aw <= bx + bw and ay + ah <= by + bh


def test_every_piece_of_equipment_is_opened_by_a_click_on_some_display() -> None:
    assert set(display_places(PLANT)) == set(PLANT.equipment)


def test_every_display_has_a_compact_layout() -> None:
    for display in PLANT.displays.values():
        assert display.layout.size == (1696, 968), display.name
        assert display.compact is not None, display.name
        assert display.compact.size == (1220, 620), display.name


def test_the_overview_is_home_and_parent_of_all_others() -> None:
    assert PLANT.home == "overview"
    for display in PLANT.displays.values():
        is_home = display.name == PLANT.home
        assert (display.level, display.parent) == ((1, "") if is_home else (2, PLANT.home)), display.name


@each_layout
def test_links_lead_up_to_the_overview_and_down_from_it(layout: Layout) -> None:
    targets = {str(item.options["display"]) for item in layout.items if item.kind == "link"}
    is_home = layout in (PLANT.displays[PLANT.home].layout, PLANT.displays[PLANT.home].compact)
    assert targets >= (set(PLANT.displays) - {PLANT.home} if is_home else {PLANT.home})


@each_layout
def test_texts_and_numbers_do_not_overlap(layout: Layout) -> None:
    items = [item for item in layout.items if item.kind in ROOM and item.kind != "card"]
    for one, other in combinations(items, 2):
        allowed = POINTER if "bar" in (one.kind, other.kind) else 6
        assert overlap(one, other) <= allowed, f"{one.id} and {other.id}"


@each_layout
def test_cards_stand_apart_and_hold_what_lies_on_them(layout: Layout) -> None:
    cards = [item for item in layout.items if item.kind == "card"]
    for one, other in combinations(cards, 2):
        assert overlap(one, other) == 0, f"{one.id} and {other.id}"
    for card in cards:
        for item in layout.items:
            if item.kind in ROOM and item.kind != "card" and overlap(item, card) > 6:
                assert is_inside(item, card), f"{item.id} reaches over the edge of {card.id}"


def test_key_figures_of_the_overview_can_be_read_from_afar() -> None:
    layout = PLANT.displays[PLANT.home].layout
    sizes = {item.tag: item.options.get("size", 20) for item in layout.items if item.kind == "value"}
    figures = {"NET.PRODUCTION", "NET.DEMAND", "NET.STORED", "NET.P_MIN", "NET.CL2_MIN", "NET.SPECIFIC", "CLW.LEVEL"}
    figures |= {"RPS.FLOW", "LPS.FLOW", "RIVER.FLOW", "LAKE.FLOW", "NET.STORAGE_CHANGE", "NET.UNACCOUNTED"}
    figures |= {f"TK{number}.LEVEL" for number in (1, 2, 3)} | {f"ZN.{name}.DEMAND" for name in ("NORTH", "SOUTH")}
    assert min(sizes[tag] for tag in figures) >= 24


@pytest.mark.parametrize("name", ["river-pumps", "lake-pumps", "tanks", "treatment"])
def test_live_values_have_their_colour_on_all_but_maps_and_the_overview(name: str) -> None:
    display = PLANT.displays[name]
    for layout in (display.layout, display.compact):
        assert layout is not None
        assert [item.id for item in layout.items if item.kind in ("value", "bar") and "role" in item.options] == []


def test_the_flow_of_a_zone_is_a_figure_on_the_map_at_both_sizes() -> None:
    for layout in (PLANT.displays["network"].layout, PLANT.displays["network"].compact):
        assert layout is not None
        flows = [item for item in layout.items if item.kind == "value" and item.tag.endswith(".DEMAND")]
        assert flows
        assert all(item.options["size"] > 24 or item.options.get("role") == "text" for item in flows)


@pytest.mark.parametrize("station", ["river-pumps", "lake-pumps"])
def test_pumps_stay_clear_of_an_open_faceplate(station: str) -> None:
    layout = PLANT.displays[station].layout
    pumps = [item for item in layout.items if opened(item).endswith((".P1", ".P2")) and item.kind == "symbol"]
    assert pumps
    for item in pumps:
        assert item.box[0] + item.box[2] <= layout.size[0] - FACEPLATE - 24, item.id


def test_the_map_shows_every_junction_and_the_flow_of_every_main() -> None:
    for layout in (PLANT.displays["network"].layout, PLANT.displays["network"].compact):
        assert layout is not None
        nodes = {item.equipment for item in layout.items if item.kind == "node"}
        flows = {item.tag for item in layout.items if item.kind == "flow"}
        assert nodes == {each.name for each in PLANT.equipment.values() if each.type == "junction"}
        assert flows >= {f"{each.name}.FLOW" for each in PLANT.equipment.values() if each.type == "main"}
