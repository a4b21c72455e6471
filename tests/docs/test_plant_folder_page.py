"""The page of the plant folder says what the models say."""

import pytest

from docs.generate import PAGE, SECTIONS, TABLES, keys, meaning, render
from plant_models.project.alarm_section import column_of
from plant_models.project.types import TypeFile


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render(page) == page, "make reference"


def test_a_changed_table_is_noticed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render(page.replace("| `port` | whole number", "| `port` | text")) == page


@pytest.mark.parametrize("name", [*SECTIONS, *TABLES])
def test_every_table_is_on_the_page(name: str) -> None:
    assert PAGE.read_text(encoding="utf-8").count(f"<!-- table: {name} -->") == 1


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_a_field_of_its_model(name: str) -> None:
    model, columns = TABLES[name]
    assert columns.keys() <= {column_of(key.name) for key in keys(model)}


def test_a_key_without_meaning_is_refused() -> None:
    with pytest.raises(KeyError, match="member doesn't say"):
        meaning(TypeFile, "member")
