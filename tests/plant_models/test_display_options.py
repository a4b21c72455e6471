"""Options of display items: what is wrong is said with its place and what would be right."""

from typing import Any

import pytest

from plant_models.display import ITEM_KINDS, Item
from plant_models.display_options import OPTIONS, BarOptions, TextOptions, option_mistakes


def test_every_kind_has_its_options() -> None:
    assert set(OPTIONS) == set(ITEM_KINDS)


@pytest.mark.parametrize(
    ("kind", "options", "path", "problem", "remedy"),
    [
        ("pipe", {"weight": "thick"}, ("weight",), 'the option weight can\'t be "thick"', "'main', 'branch'"),
        ("text", {}, (), "the option text is missing", "add it"),
        ("text", {"text": "x", "size": 9}, ("size",), "the option size can't be 9", "greater than or equal to 13"),
        ("text", {"text": 5}, ("text",), "the option text can't be 5", "it must be a valid string"),
        ("symbol", {"rotation": 45}, ("rotation",), "the option rotation can't be 45", "0, 90, 180 or 270"),
        ("value", {"lable": "Flow"}, ("lable",), "unknown option 'lable' of a value", "label, size, align"),
        ("bar", {"target_tags": ["A"]}, ("target_tags", 1), "the option target_tags.1 is missing", "add it"),
        ("bar", {"scale": [5, 5]}, ("scale",), "the option scale can't be [5, 5]", "the lower one first"),
        ("chart", {"scale": [9, 1]}, ("scale",), "the option scale can't be [9, 1]", "the lower one first"),
        ("link", {"text": "Tanks"}, (), "the option display is missing", "add it"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    kind: str, options: dict[str, Any], path: tuple[str | int, ...], problem: str, remedy: str
) -> None:
    [(found_path, found_problem, found_remedy)] = option_mistakes(kind, options)
    assert found_problem == problem
    assert remedy in found_remedy
    assert found_path == (path if "missing" not in problem else ())


def test_all_mistakes_of_an_item_are_told_at_once() -> None:
    assert len(list(option_mistakes("text", {"size": "big", "colour": "red"}))) == 3


def test_good_options_are_read_with_their_defaults() -> None:
    item = Item("b", "bar", (0, 0, 1, 1), options={"target_tags": ["LOW", "HIGH"], "orientation": "v"})
    options = BarOptions.of(item)
    assert (options.target_tags, options.orientation, options.thickness) == (("LOW", "HIGH"), "v", None)
    assert list(option_mistakes("bar", item.options)) == []
    assert TextOptions.of(Item("t", "text", (0, 0, 1, 1), options={"text": "x"})).size == 15
