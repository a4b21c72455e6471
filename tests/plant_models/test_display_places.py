"""Which display is opened for a piece of equipment."""

from dataclasses import replace

from plant_models.display import Display, Item, Layout
from plant_models.display_places import display_places
from plant_models.plant import Plant
from tests.fakes.drawn_plant import drawn_plant

SYMBOL = Item("s", "symbol", (0, 0, 10, 10), equipment="P1")
VALUE = Item("v", "value", (0, 0, 10, 10), tag="P1.FLOW")


def display(name: str, level: int, item: Item, area: str = "") -> Display:
    return Display(name=name, title=name, level=level, area=area, layout=Layout((100, 100), (item,)))


def plant_with(*displays: Display, area: str = "") -> Plant:
    plant = drawn_plant()
    pump = replace(plant.equipment["P1"], area=area)
    return replace(
        plant, equipment=dict(plant.equipment) | {"P1": pump}, displays={each.name: each for each in displays}
    )


def test_the_more_detailed_display_is_opened() -> None:
    plant = plant_with(display("detail", 2, SYMBOL), display("overview", 1, SYMBOL))
    assert display_places(plant) == {"P1": "detail"}


def test_the_display_of_its_own_area_comes_before_a_more_detailed_one() -> None:
    plant = plant_with(display("own", 2, VALUE, "A"), display("other", 3, SYMBOL), area="A")
    assert display_places(plant) == {"P1": "own"}


def test_a_symbol_counts_more_than_a_value() -> None:
    plant = plant_with(display("values", 2, VALUE), display("symbols", 2, SYMBOL))
    assert display_places(plant) == {"P1": "symbols"}


def test_equipment_that_only_values_show_is_found_and_what_nothing_shows_is_absent() -> None:
    assert display_places(plant_with(display("values", 2, VALUE))) == {"P1": "values"}
    assert display_places(plant_with()) == {}
