"""Calculated tags that can't be calculated."""

from plant_models.project.cycles import find_cycles
from tests.fakes.plant_folder import PlantFolder


def test_expression_with_an_unknown_tag(plant: PlantFolder) -> None:
    plant.register("FLOW", "hr:0")
    plant.tag("SUM", expression="{FLOV} + 1")
    assert plant.check() == ["tags.csv:3:23: SUM: the expression names the unknown tag 'FLOV'; did you mean 'FLOW'?"]


def test_expression_that_can_not_be_read(plant: PlantFolder) -> None:
    plant.tag("SUM", expression="1 +")
    assert plant.check()[0].startswith("tags.csv:2:23: SUM: the formula can't be read")


def test_expression_that_runs_code(plant: PlantFolder) -> None:
    plant.tag("SUM", expression="open(1)")
    assert plant.check()[0].startswith("tags.csv:2:23: SUM: only the functions")


def test_expression_over_a_text(plant: PlantFolder) -> None:
    plant.tag("WORD", type="text", device="UA", address="ns=2;s=X")
    plant.tag("SUM", expression="{WORD} + 1")
    assert plant.check() == ["tags.csv:3:23: SUM: the expression names WORD, which is a text; use tags with numbers"]


def test_cycle_in_calculated_tags_is_named(plant: PlantFolder) -> None:
    plant.tag("B", expression="{C} + 1")
    plant.tag("C", expression="{A} + 1")
    plant.tag("A", expression="{B} + 1")
    assert plant.check() == [
        "tags.csv:4:21: calculated tags in a circle: A -> B -> C -> A; break the circle at one of them"
    ]


def test_tag_calculated_from_itself(plant: PlantFolder) -> None:
    plant.tag("A", expression="{A} + 1")
    assert plant.check() == ["tags.csv:2:21: calculated tags in a circle: A -> A; break the circle at one of them"]


def test_every_cycle_is_found() -> None:
    assert sorted(find_cycles({"A": ["B"], "B": ["A"], "C": ["D", "A"], "D": ["C"], "E": ["A"]})) == [
        ["A", "B", "A"],
        ["C", "D", "C"],
    ]


def test_long_chains_are_no_cycle() -> None:
    assert find_cycles({f"T{n}": [f"T{n + 1}"] for n in range(20_000)}) == []


def test_thousands_of_cycles() -> None:
    assert len(find_cycles({f"T{n}": [f"T{n ^ 1}"] for n in range(20_000)})) == 10_000
