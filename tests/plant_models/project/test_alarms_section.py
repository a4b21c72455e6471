"""`[alarms]`, positions and the tree of areas in plant.toml."""

import pytest

from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import EVERYWHERE, STANDARD_RULES, AlarmPhilosophy, Position
from tests.fakes.plant_folder import PlantFolder

RULES = """
[alarms]
shelve_default_min = 30
urgent_shelve_role = "nobody"

[alarms.class.quality]
shelve_max_min = 120
comment_needed = true

[alarms.class.safety]
service_role = "engineer"

[alarms.targets]
per_day = 144
flood_begins = 12

[[area]]
name = "A2"
title = "Area 2"
parent = "A1"
guidance = "Two people"

[[position]]
name = "desk"
title = "Desk"
areas = ["A1", "A2"]
"""


def test_a_plant_that_says_nothing_has_the_usual_rules_and_one_position(plant: PlantFolder) -> None:
    loaded = plant.load()
    assert loaded.philosophy == AlarmPhilosophy()
    assert loaded.positions == (EVERYWHERE,)


def test_what_is_said_counts_and_the_rest_is_as_usual(plant: PlantFolder) -> None:
    plant.append("plant.toml", RULES)
    loaded = plant.load()
    rules = loaded.philosophy.rules
    assert (loaded.philosophy.shelve_default_min, loaded.philosophy.urgent_shelve_role) == (30.0, "nobody")
    assert (loaded.philosophy.targets.per_day, loaded.philosophy.targets.flood_begins) == (144.0, 12)
    quality, safety = rules[AlarmClass.WATER_QUALITY], rules[AlarmClass.SAFETY]
    assert (quality.shelve_max_min, quality.comment_needed, quality.shelve_role) == (120.0, True, "operator")
    assert (safety.shelve_role, safety.service_role) == ("supervisor", "engineer")
    assert rules[AlarmClass.PERMIT] == STANDARD_RULES[AlarmClass.PERMIT]
    assert loaded.positions == (Position("desk", "Desk", ("A1", "A2")),)
    assert [(area.name, area.parent, area.guidance) for area in loaded.areas] == [
        ("A1", "", ""),
        ("A2", "A1", "Two people"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("class.quality", "class.qality", "20:1: unknown class 'qality'; did you mean 'quality'?"),
        ("per_day = 144", "per_day = 400", "28:1: per_day 400 is above per_day_max 300; exchange or correct them"),
        ("per_day = 144", "share_max = 5", "28:1: a share of 5; use 0 to 1, 0.01 for one percent"),
        ("per_day = 144", "stale_h = 0", "28:1: stale_h 0 is not above 0; use more"),
        ("per_day = 144", "per_dag = 1", "28:1: unknown key alarms.targets.per_dag; did you mean 'per_day'?"),
        (
            '"nobody"',
            '"cook"',
            "18:1: alarms.urgent_shelve_role can't be \"cook\"; it must be 'operator', 'supervisor'",
        ),
        ('"engineer"', '"viewer"', "25:1: alarms.class.safety.service_role can't be \"viewer\"; it must be 'operator'"),
        ('parent = "A1"', 'parent = "A3"', "34:1: area A2: unknown parent 'A3'; use A1 or A2"),
        (
            'parent = "A1"',
            'parent = "A2"',
            "34:1: areas in a circle: A2 -> A2; give one of them another parent, or none",
        ),
        ('parent = "A1"', 'display = "x"', "34:1: area A2: unknown display 'x'; none is declared yet"),
        ('name = "A2"', 'name = "A1"', "32:1: duplicate area A1; give it a name of its own"),
        ('"A1", "A2"]', '"A9"]', "40:1: position desk: unknown area 'A9'; use A1 or A2"),
    ],
)
def test_mistakes_are_told_at_their_key(plant: PlantFolder, old: str, new: str, told: str) -> None:
    plant.append("plant.toml", RULES)
    plant.replace("plant.toml", old, new)
    found = [text.removeprefix("plant.toml:") for text in plant.check()]
    assert any(text.startswith(told) for text in found), found


def test_positions_have_names_of_their_own(plant: PlantFolder) -> None:
    plant.append("plant.toml", RULES + '\n[[position]]\nname = "desk"\ntitle = "Other"\n')
    (text,) = plant.check()
    assert text.endswith("duplicate position desk; give it a name of its own")
