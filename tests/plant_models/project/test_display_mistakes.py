"""Mistakes in displays, found where they stand in the JSON."""

import pytest

from plant_models.display import Item
from tests.fakes.plant_folder import PlantFolder

ITEM = '{"id": "a", "kind": "value", "box": [0, 0, 10, 10], "tag": "A"}'


def show(plant: PlantFolder, *items: str, head: str = "", name: str = "main") -> None:
    plant.tag("A")
    if "home" not in plant.read("plant.toml"):
        plant.replace("plant.toml", "time_zone", f'home = "{name}"\ntime_zone')
    first = f'{{"format": 1, "title": "T", "level": 2, "size": [100, 100]{head}, "items": [\n  '
    plant.write(f"displays/{name}.json", first + ",\n  ".join(items) + "\n]}\n")


def test_display_without_mistakes(plant: PlantFolder) -> None:
    show(plant, ITEM)
    display = plant.load().displays["main"]
    assert display.layout.items == (Item("a", "value", (0, 0, 10, 10), "A"),)
    assert display.compact is None


def test_compact_layout_belongs_to_its_display(plant: PlantFolder) -> None:
    show(plant, ITEM)
    plant.write("displays/main.compact.json", plant.read("displays/main.json").replace("[100, 100]", "[50, 50]"))
    displays = plant.load().displays
    assert list(displays) == ["main"]
    assert displays["main"].compact is not None
    assert displays["main"].compact.size == (50, 50)


def test_compact_layout_without_its_display(plant: PlantFolder) -> None:
    show(plant, ITEM)
    plant.write("displays/mian.compact.json", plant.read("displays/main.json"))
    assert plant.check() == ["displays/mian.compact.json:1:1: there is no display 'mian'; add displays/mian.json"]


def test_broken_json(plant: PlantFolder) -> None:
    show(plant, ITEM, '{"id": }')
    assert plant.check()[0].startswith("displays/main.json:3:10: not JSON: unexpected character")


def test_nan_in_json(plant: PlantFolder) -> None:
    show(plant, ITEM.replace("[0,", "[NaN,"))
    assert plant.check()[0].startswith("displays/main.json:2:40: not JSON")


def test_json_that_is_nested_too_deep(plant: PlantFolder) -> None:
    show(plant, ITEM.replace("[0, 0, 10, 10]", "[" * 900 + "]" * 900))
    assert plant.check() == ["displays/main.json:1:1: not a display: nested too deep; use at most 50 levels"]


def test_json_that_is_no_object(plant: PlantFolder) -> None:
    show(plant, ITEM)
    plant.write("displays/main.json", "[]")
    assert plant.check() == ["displays/main.json:1:1: not a JSON object; begin with { and end with }"]


def test_unknown_item_kind(plant: PlantFolder) -> None:
    show(plant, ITEM.replace("value", "valve"))
    assert plant.check() == ["displays/main.json:2:15: unknown kind 'valve'; did you mean 'value'?"]


def test_dangling_tag(plant: PlantFolder) -> None:
    show(plant, ITEM, ITEM.replace('"id": "a"', '"id": "b"').replace('"A"', '"B"'))
    assert plant.check() == ["displays/main.json:3:55: unknown tag 'B'; use A"]


def test_dangling_equipment(plant: PlantFolder) -> None:
    show(plant, ITEM.replace('"tag": "A"', '"equipment": "G1"'))
    assert plant.check() == ["displays/main.json:2:55: unknown equipment 'G1'; none is declared yet"]


@pytest.mark.parametrize(
    ("kind", "options", "problem"),
    [
        ("link", '"display": "x"', "unknown display 'x'; use main"),
        ("symbol", '"symbol": "tanc"', "unknown symbol 'tanc'; did you mean 'tank'?"),
        ("bar", '"setpoint_tag": "B"', "unknown tag 'B'; use A"),
        ("bar", '"limits_tag": "B"', "unknown tag 'B'; use A"),
        ("bar", '"target_tags": ["B", "A"]', "unknown tag 'B'; use A"),
    ],
)
def test_dangling_reference_in_options(plant: PlantFolder, kind: str, options: str, problem: str) -> None:
    show(plant, ITEM.replace("value", kind).replace("}", f', "options": {{{options}}}}}'))
    column = plant.read("displays/main.json").split("\n")[1].index('"B"' if "[" in options else options) + 1
    assert plant.check() == [f"displays/main.json:2:{column}: {problem}"]


def test_a_chart_needs_a_tag_and_each_of_its_tags_a_scale(plant: PlantFolder) -> None:
    chart = ITEM.replace("value", "chart")
    show(plant, chart, chart.replace('"a"', '"b"').replace(', "tag": "A"', ""))
    assert plant.check() == [
        "displays/main.json:2:55: the tag 'A' has no range; give the chart the option scale: its lower and upper end",
        "displays/main.json:3:15: a chart without a tag; bind it to one",
    ]


@pytest.mark.parametrize(("more", "problems"), [("", 1), (', "other_scale": [0, 9]', 0)])
def test_the_other_tag_of_a_chart_needs_a_scale_of_its_own(plant: PlantFolder, more: str, problems: int) -> None:
    options = f'"options": {{"scale": [0, 5], "other_tag": "A"{more}}}'
    show(plant, ITEM.replace("value", "chart").replace("}", f", {options}}}"))
    found = plant.check()
    assert len(found) == problems
    assert all(each.endswith("the option other_scale: its lower and upper end") for each in found)


def test_duplicate_item(plant: PlantFolder) -> None:
    show(plant, ITEM, ITEM)
    assert plant.check() == ["displays/main.json:3:4: duplicate item a; give it an id of its own"]


def test_unknown_key_of_an_item(plant: PlantFolder) -> None:
    show(plant, ITEM.replace('"tag"', '"tga"'))
    assert plant.check() == ["displays/main.json:2:55: unknown key items[1].tga; did you mean 'tag'?"]


def test_box_of_three_numbers(plant: PlantFolder) -> None:
    show(plant, ITEM.replace("[0, 0, 10, 10]", "[0, 0, 10]"))
    assert plant.check() == ["displays/main.json:2:32: items[1].box[4] is missing; add it"]


def test_unknown_parent_and_area(plant: PlantFolder) -> None:
    show(plant, ITEM, head=', "parent": "top", "area": "A2"')
    assert plant.check() == [
        "displays/main.json:1:61: unknown display 'top'; use main",
        "displays/main.json:1:78: unknown area 'A2'; use A1",
    ]


def test_cycle_in_the_parents_of_displays(plant: PlantFolder) -> None:
    show(plant, ITEM, head=', "parent": "b"', name="a")
    plant.write("displays/b.json", plant.read("displays/a.json").replace('"parent": "b"', '"parent": "a"'))
    assert plant.check() == ["displays/a.json:1:61: parents in a circle: a -> b -> a; give one of them another parent"]


def test_page_without_a_size(plant: PlantFolder) -> None:
    show(plant, ITEM)
    plant.replace("displays/main.json", "[100, 100]", "[0, 100]")
    assert plant.check() == ["displays/main.json:1:41: a page of 0 x 100; use a width and height above 0"]


def test_home_that_is_no_display(plant: PlantFolder) -> None:
    show(plant, ITEM)
    plant.replace("plant.toml", '"main"', '"mian"')
    assert plant.check() == ["plant.toml:5:1: home: unknown display 'mian'; did you mean 'main'?"]
