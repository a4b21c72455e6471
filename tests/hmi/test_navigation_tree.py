"""The order in which the navigation lists displays."""

from dataclasses import replace

from hmi.shell.navigation import tree
from plant_models.paths import RESOURCES
from plant_models.project import load_plant

PLANT = load_plant(RESOURCES / "plants" / "netherby")


def test_the_overview_stands_first_and_the_others_below_it_in_the_order_of_the_water() -> None:
    listed = [(display.name, depth) for display, depth in tree(PLANT)]
    assert listed == [
        ("overview", 0),
        ("treatment", 1),
        ("river-pumps", 1),
        ("lake-pumps", 1),
        ("tanks", 1),
        ("network", 1),
    ]


def test_a_display_of_no_area_stands_last_and_one_without_a_parent_at_the_top() -> None:
    tanks = replace(PLANT.displays["tanks"], area="")
    lake = replace(PLANT.displays["lake-pumps"], parent="")
    displays = dict(PLANT.displays) | {"tanks": tanks, "lake-pumps": lake}
    listed = [(display.name, depth) for display, depth in tree(replace(PLANT, displays=displays))]
    assert listed[-2:] == [("tanks", 1), ("lake-pumps", 0)]
