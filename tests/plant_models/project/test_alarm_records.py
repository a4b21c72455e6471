"""What an alarm should tell a person is asked for, as advice: the plant runs nevertheless."""

from plant_models.alarm_definition import DIAGNOSTIC, Severity
from plant_models.project import check_plant, load_plant, mistakes
from tests.fakes.plant_folder import PlantFolder

WHOLE = 'consequence = "It spills"\naction = "Stop the pump"\nrespond_min = 10\n'


def whole(plant: PlantFolder) -> None:
    """Complete the record of the only type, and add a tag."""
    plant.replace("equipment/gadget.toml", 'text = "Level high"\n', 'text = "Level high"\n' + WHOLE)
    plant.register("A", "hr:0")


def test_an_alarm_without_its_record_is_advice_and_the_plant_runs(plant: PlantFolder) -> None:
    whole(plant)
    plant.add("alarms.csv", tag="A", kind="H", limit="8", text="High", action="Look")
    (found,) = check_plant(plant.path)
    assert found.is_advice
    assert str(found) == (
        "alarms.csv:2:16: A: the H alarm has no consequence and no time to respond; "
        "add it, or make the alarm diagnostic"
    )
    assert mistakes([found]) == []
    assert [alarm.text for alarm in load_plant(plant.path).alarms] == ["High"]


def test_nothing_is_asked_of_what_calls_nobody(plant: PlantFolder) -> None:
    whole(plant)
    plant.add("alarms.csv", tag="A", kind="H", limit="8", priority="diagnostic")
    plant.add("alarms.csv", tag="A", kind="L", limit="1", enabled="no")
    assert plant.advice() == []
    high, low = load_plant(plant.path).alarms
    assert (high.priority, low.enabled) == (DIAGNOSTIC, False)


def test_a_minor_consequence_that_can_wait_is_no_alarm(plant: PlantFolder) -> None:
    whole(plant)
    said = {"consequence": "C", "action": "A", "severity": "minor"}
    plant.add("alarms.csv", tag="A", kind="L", limit="1", respond_min="30", **said)
    plant.add("alarms.csv", tag="A", kind="H", limit="8", respond_min="31", **said)
    (text,) = plant.advice()
    assert text.startswith("alarms.csv:3:22: A: a minor consequence with 31 min to respond is not an alarm; make it")
    assert load_plant(plant.path).alarms[0].severity is Severity.MINOR


def test_what_a_type_lacks_is_told_once_at_the_type(plant: PlantFolder) -> None:
    for name, base in (("G1", "hr:10"), ("G2", "hr:20")):
        plant.add("equipment.csv", name=name, type="gadget", area="A1", device="PLC", address=base)
    plant.add("alarms.csv", tag="G1.LEVEL", kind="H", limit="7")
    told = ["equipment/gadget.toml:54:1: LEVEL: the H alarm has no consequence and no action and no time to respond; "
            "add it, or make the alarm diagnostic"]  # fmt: skip
    assert plant.advice() == told
    plant.add("alarms.csv", tag="G2.LEVEL", kind="H", consequence="C")
    (second,) = plant.advice()[:-1]
    assert second.startswith("alarms.csv:3:20: G2.LEVEL: the H alarm has no action and no time to respond;")


def test_advice_is_held_back_in_a_row_that_has_a_mistake(plant: PlantFolder) -> None:
    whole(plant)
    plant.add("alarms.csv", tag="A", kind="H", limit="eight")
    assert plant.advice() == []
    assert len(plant.check()) == 1
