"""The list of all texts that can be translated."""

import pytest

from database.errors import all_templates
from hmi.texts import all_texts, texts_in
from plant_models.quality import all_words


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('tr("Start")', ["Start"]),
        ('tr("{low} to {high}").format(low=1, high=2)', ["{low} to {high}"]),
        ('message("{tag} is off", tag=name)', ["{tag} is off"]),
        ('tr("New" if is_mode else "Command")', ["New", "Command"]),
        ('ActionSpec("back", "Back", handler)', ["Back"]),
        ('raise DatabaseError("{file} is full", file=path)', ["{file} is full"]),
        ("tr(title)", []),
        ("tr()", []),
        ('print("Start")', []),
    ],
)
def test_texts_are_found_where_they_are_used(source: str, texts: list[str]) -> None:
    assert list(texts_in(source)) == texts


def test_the_list_has_texts_of_every_kind_once_and_in_order() -> None:
    texts = all_texts()
    assert list(texts) == sorted(set(texts))
    assert {*all_words(), *all_templates()} <= set(texts)
    assert {
        "Last command",  # a screen
        "One level up",  # an action
        "{tag} is read only",  # the station
        "The device does not answer",  # a driver
        "The pump is tripped: reset it first",  # a reason of an equipment type
        "Bearings and coupling wear quickly",  # a consequence of an alarm
    } <= set(texts)
