"""The default alarms of a type, as those of the tags of an instance."""

import pytest

from plant_models.alarm_definition import AlarmClass, AlarmDefinition
from tests.fakes.plant_folder import PlantFolder

ALARMS = """
[[alarm]]
member = "LEVEL"
kind = "L"
limit_tag = "DOUBLE"
first_out = "trips"
suppress_when = "{RUN} == 0 and { LEVEL } < 1"
class = "safety"
priority = "diagnostic"
approved_on = 2026-11-29

[[alarm]]
member = "LEVEL"
kind = "rate"
limit = -0.5
window_s = 60
deadband = 0.1
consequence_at = 0

[[alarm]]
member = "LEVEL"
kind = "dev"
limit = 2
reference = "DOUBLE"

[[alarm]]
member = "RUN"
kind = "disc"
id = "start"
reference = "CMD"
on_delay_s = 10

[[alarm]]
member = "RUN"
kind = "calc"
expression = "{RUN} == 1 and {LEVEL} < 0.1"
"""


@pytest.fixture
def gadgets(plant: PlantFolder) -> PlantFolder:
    plant.replace("equipment/gadget.toml", "\n[faceplate]", ALARMS + "\n[faceplate]")
    plant.replace("equipment/gadget.toml", 'level = "LEVEL"', 'level = "LEVEL"\nguidance = "Mind the lid"')
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    return plant


def alarms(plant: PlantFolder) -> dict[str, AlarmDefinition]:
    return {alarm.name: alarm for alarm in plant.load().alarms}


def test_members_become_tags_everywhere(gadgets: PlantFolder) -> None:
    found = alarms(gadgets)
    low = found["G1.LEVEL.L"]
    assert (low.limit_tag, low.first_out) == ("G1.DOUBLE", "G1.trips")
    assert low.suppress_when == "{G1.RUN} == 0 and {G1.LEVEL} < 1"
    assert (low.alarm_class, low.priority, low.approved_on) == (AlarmClass.SAFETY, 5, "2026-11-29")
    assert found["G1.LEVEL.dev"].reference == "G1.DOUBLE"
    assert found["G1.RUN.disc.start"].reference == "G1.CMD"
    assert found["G1.RUN.calc"].expression == "{G1.RUN} == 1 and {G1.LEVEL} < 0.1"
    assert gadgets.load().types["gadget"].guidance == "Mind the lid"


def test_limits_follow_the_unit_and_distances_are_not_shifted(plant: PlantFolder) -> None:
    plant.replace("equipment/gadget.toml", 'unit = "m"\nlow = 0\nhigh = 10', 'unit = "°C"\nlow = 0\nhigh = 10')
    plant.replace("equipment/gadget.toml", 'unit = "m"\nexpression', 'unit = "°C"\nexpression')
    plant.replace("equipment/gadget.toml", "\n[faceplate]", ALARMS + "\n[faceplate]")
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    plant.tag("G1.LEVEL", unit="K")
    plant.tag("G1.DOUBLE", unit="K")
    found = alarms(plant)
    high, rate, distance = (found[f"G1.LEVEL.{kind}"] for kind in ("H", "rate", "dev"))
    assert (high.limit, high.deadband) == (pytest.approx(281.15), pytest.approx(0.1))
    assert (rate.limit, rate.consequence_at) == (pytest.approx(-0.5), pytest.approx(273.15))
    assert (rate.deadband, distance.limit) == (pytest.approx(0.1), pytest.approx(2.0))


def test_a_row_changes_one_of_several_alarms_of_a_kind(gadgets: PlantFolder) -> None:
    gadgets.add("alarms.csv", tag="G1.RUN", kind="disc", id="start", on_delay_s="20")
    gadgets.add("alarms.csv", tag="G1.RUN", kind="disc", reference="G1.CMD")
    found = alarms(gadgets)
    assert (found["G1.RUN.disc.start"].on_delay_s, found["G1.RUN.disc"].on_delay_s) == (20.0, 0.0)


def test_a_dash_takes_away_what_the_type_says(gadgets: PlantFolder) -> None:
    gadgets.add("alarms.csv", tag="G1.LEVEL", kind="L", limit="1", limit_tag="-", suppress_when="-", text="-")
    low = alarms(gadgets)["G1.LEVEL.L"]
    assert (low.limit, low.limit_tag, low.suppress_when, low.text) == (1.0, "", "", "")
    assert low.first_out == "G1.trips"


def test_what_an_instance_lacks_is_told_at_the_first_one_that_lacks_it(gadgets: PlantFolder) -> None:
    gadgets.replace("equipment/gadget.toml", "{RUN} == 0 and", "{TEMP} < 3 and")
    gadgets.add("equipment.csv", name="G2", type="gadget", area="A1", device="PLC", address="hr:20")
    (text,) = gadgets.check()
    assert text.startswith("equipment.csv:2:1: G1.LEVEL: suppress_when names the unknown tag 'G1.TEMP'; ")
    gadgets.add("alarms.csv", tag="G1.LEVEL", kind="L", suppress_when="-")
    (text,) = gadgets.check()
    assert text.startswith("equipment.csv:3:1: G2.LEVEL: suppress_when names the unknown tag 'G2.TEMP'; ")
    gadgets.register("G2.TEMP", "hr:40", type="")
    assert gadgets.check() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('limit_tag = "DOUBLE"', 'limit_tag = "TRIPLE"', "LEVEL: limit_tag names the unknown member 'TRIPLE'; use "),
        ('limit_tag = "DOUBLE"', "", "a L alarm without a limit; give it a limit"),
        ('limit_tag = "DOUBLE"', 'limit_tag = "CMD"', ""),
        (
            'limit_tag = "DOUBLE"',
            'limit_tag = "LEVEL"',
            "LEVEL: limit_tag names the member itself; name another member",
        ),
        ("and {LEVEL} < 0.1", "and {LEVL} < 0.1", "RUN: expression names the unknown member 'LEVL'; did you mean"),
        ("window_s = 60", "window_s = -60", "LEVEL: window_s -60 is negative; use 0 or more"),
        ("on_delay_s = 10", "realarm_min = 0", "RUN: realarm_min 0 is not above 0; leave it out for never"),
        ("on_delay_s = 10", 'review_due = "soon"', "RUN: 'soon' is no date; write it as 2026-11-29"),
        (
            'kind = "calc"\nexpression = "{RUN} == 1 and {LEVEL} < 0.1"',
            'kind = "system"',
            "RUN: only the program itself",
        ),
        ('class = "safety"', 'class = "safty"', "alarm[2].class can't be \"safty\"; it must be 'process', 'safety'"),
        ('class = "safety"', 'alarm_class = "safety"', "unknown key alarm[2].alarm_class; did you mean 'class'?"),
    ],
)
def test_a_mistake_in_a_type_is_told_there(gadgets: PlantFolder, old: str, new: str, told: str) -> None:
    gadgets.replace("equipment/gadget.toml", old, new)
    found = [text for text in gadgets.check() if text.startswith("equipment/")]
    assert [text.split(": ", 1)[1].startswith(told) for text in found] == ([True] if told else [])
