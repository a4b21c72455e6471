"""Texts, boxes, points and ranges that no plant needs, or that can't be."""

import pytest

from plant_models.project.finding import suggest
from tests.fakes.plant_folder import PlantFolder

PIPE = '{"id": "a", "kind": "pipe", "box": [0, 0, 0, 0], "points": [[0, 0], [10, 0]]}'
FLOW = '{"id": "a", "kind": "flow", "box": [0, 0, 0, 0], "tag": "A", "points": [[0, 0], [10, 0]]}'
VALUE = '{"id": "a", "kind": "value", "box": [0, 0, 10, 10], "tag": "A"}'
LONG = "x" * 10_000_000


def found(plant: PlantFolder, item: str, title: str = "T", size: str = "[100, 100]") -> list[str]:
    plant.tag("A")
    plant.replace("plant.toml", "time_zone", 'home = "main"\ntime_zone')
    head = f'{{"format": 1, "title": "{title}", "level": 2, "size": {size}, "items": [\n'
    plant.write("displays/main.json", f"{head}{item}\n]}}\n")
    return [text.removeprefix("displays/main.json:") for text in plant.check()]


def test_a_10_mb_title(plant: PlantFolder) -> None:
    assert found(plant, VALUE, LONG) == ["1:15: title is a text of 10000000 characters; use at most 2000"]


def test_a_long_text_of_an_item(plant: PlantFolder) -> None:
    item = VALUE.replace("}", f', "options": {{"label": "{"y" * 3000}"}}}}')
    assert found(plant, item) == ["2:77: the option label is a text of 3000 characters; use at most 2000"]


def test_a_long_text_in_toml(plant: PlantFolder) -> None:
    plant.replace("plant.toml", 'title = "Area 1"', f'title = "{LONG}"')
    assert plant.check() == ["plant.toml:14:1: area[1].title is a text of 10000000 characters; use at most 2000"]


def test_a_long_text_of_a_type(plant: PlantFolder) -> None:
    plant.replace("equipment/gadget.toml", '"It runs already"', f'"{"z" * 3000}"')
    (text,) = plant.check()
    assert text.endswith("reason is a text of 3000 characters; use at most 2000")


def test_a_long_text_in_a_table(plant: PlantFolder) -> None:
    plant.tag("A", description="x" * 3000)
    assert plant.check() == ["tags.csv:2:3: description: this is a text of 3000 characters; use at most 2000"]


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ("[0, 0, -5, 10]", "2:30: a box of -5 x 10; use a width and height of 1 or more"),
        ("[0, 0, 10, 0]", "2:30: a box of 10 x 0; use a width and height of 1 or more"),
        ("[1e308, 0, 10, 10]", "2:30: the box 1e+308, 0, 10, 10 reaches too far; use coordinates within 20000"),
        ("[0, 0, 1e9, 10]", "2:30: the box 0, 0, 1e+09, 10 reaches too far; use coordinates within 20000"),
    ],
)
def test_a_box_that_can_not_be_drawn(plant: PlantFolder, box: str, told: str) -> None:
    assert found(plant, VALUE.replace("[0, 0, 10, 10]", box)) == [told]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_box_of_what_is_no_number(plant: PlantFolder, number: str) -> None:
    (text,) = found(plant, VALUE.replace("[0, 0, 10, 10]", f"[0, 0, {number}, 10]"))
    assert text.startswith("2:"), text


def test_a_point_out_of_reason(plant: PlantFolder) -> None:
    assert found(plant, PIPE.replace("[10, 0]", "[-3e7, 0]")) == [
        "2:69: the point -3e+07, 0 lies too far away; use coordinates within 20000"
    ]


def test_a_pipe_of_one_point(plant: PlantFolder) -> None:
    assert found(plant, PIPE.replace(", [10, 0]", "")) == ["2:50: a pipe of 1 points; give it two or more"]


def test_a_flow_needs_no_box(plant: PlantFolder) -> None:
    assert found(plant, FLOW) == []


def test_a_flow_of_one_point(plant: PlantFolder) -> None:
    [told] = found(plant, FLOW.replace(", [10, 0]", ""))
    assert told.endswith("a flow of 1 points; give it two or more")


def test_a_page_larger_than_any_wall(plant: PlantFolder) -> None:
    assert found(plant, VALUE, size="[100, 900000]") == ["1:41: a page of 100 x 900000; use at most 20000 each"]


@pytest.mark.parametrize(
    ("kind", "low", "high", "told"),
    [
        ("u16", "0", "100000", "high 100000 doesn't fit in u16; use 0 to 65535"),
        ("u16", "-1", "10", "low -1 doesn't fit in u16; use 0 to 65535"),
        ("i16", "0", "40000", "high 40000 doesn't fit in i16; use -32768 to 32767"),
        ("u32", "-5", "5", "low -5 doesn't fit in u32; use 0 to 4294967295"),
    ],
)
def test_a_range_that_its_type_can_not_hold(plant: PlantFolder, kind: str, low: str, high: str, told: str) -> None:
    plant.register("A", "hr:0", kind, low=low, high=high)
    assert [text.split(": ", 2)[2] for text in plant.check()] == [f"{told}, a wider type, or raw_low and raw_high"]


def test_the_same_range_with_scaling_is_right(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="0", high="100000", raw_low="0", raw_high="65535")
    assert plant.check() == []


@pytest.mark.parametrize(
    ("cells", "limit", "told"),
    [
        ({"states": "Off|Manual|Auto"}, "3", "A: 3 is none of the states; use one of 0 Off, 1 Manual, 2 Auto"),
        ({"states": "Off|Manual|Auto"}, "0.5", "A: 0.5 is none of the states; use one of 0 Off, 1 Manual, 2 Auto"),
    ],
)
def test_a_state_alarm_on_a_state_that_the_tag_has_not(
    plant: PlantFolder, cells: dict[str, str], limit: str, told: str
) -> None:
    plant.register("A", "hr:0", **cells)
    plant.add("alarms.csv", tag="A", kind="state", limit=limit)
    assert plant.check() == [f"alarms.csv:2:9: {told}"]


def test_a_state_alarm_on_2_of_a_bool(plant: PlantFolder) -> None:
    plant.register("A", "co:0", "bool")
    plant.add("alarms.csv", tag="A", kind="state", limit="2")
    assert plant.check() == ["alarms.csv:2:9: A: 2 is none of the states; use one of 0 off, 1 on"]


def test_a_default_state_alarm_on_a_state_that_the_member_has_not(plant: PlantFolder) -> None:
    old = 'member = "LEVEL"\nkind = "H"\nlimit = 8\ndeadband = 0.1\n'
    plant.replace("equipment/gadget.toml", old, 'member = "RUN"\nkind = "state"\nlimit = 2\n')
    (text,) = plant.check()
    assert text.endswith("2 is none of the states; use one of 0 Stopped, 1 Running")


@pytest.mark.parametrize(
    ("known", "word", "told"),
    [
        ([f"P{n}.FLOW" for n in range(3000)], "P7.flow", "did you mean 'P7.FLOW'?"),
        ([f"LPS.P{n}.FLOW" for n in range(9000)], "LPS.P77.FLWO", "did you mean 'LPS.P77.FLOW'?"),
        ([f"pump_{n}" for n in range(20)], "xxp_", "use one of the 20 that exist, such as pump_"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(known: list[str], word: str, told: str) -> None:
    assert suggest(word, known).startswith(told)
