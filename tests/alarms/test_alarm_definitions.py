"""What surrounds an alarm: its place on the displays, its area, its device, and the alarms nobody declared."""

from dataclasses import replace

from alarms.definitions import NO_ROW, alarms_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.device import Device, Endpoint
from plant_models.display import Display, Item, Layout
from tests.fakes.pump_plant import pump_plant


def display(name: str, level: int, *items: Item) -> Display:
    return Display(name=name, title=name, level=level, layout=Layout((100, 100), items))


def test_an_alarm_knows_its_tag_device_area_and_display() -> None:
    plant = pump_plant()
    pump = replace(plant.equipment["P1"], area="A")
    plant = replace(
        plant,
        equipment={"P1": pump},
        displays={
            "overview": display("overview", 1, Item("a", "value", (0, 0, 1, 1), tag="LEVEL")),
            "station": display("station", 2, Item("b", "symbol", (0, 0, 1, 1), equipment="P1")),
            "detail": display("detail", 3, Item("c", "bar", (0, 0, 1, 1), tag="LEVEL")),
        },
    )
    tripped, level, _ = alarms_of(plant)
    assert (tripped.name, tripped.device, tripped.area, tripped.equipment) == ("P1.FLT.state", "PLC", "A", "P1")
    assert tripped.display == "station"
    assert (level.name, level.unit, level.area, level.display) == ("LEVEL.H", "m", "", "detail")
    assert plant.tags[level.row].name == "LEVEL"


def test_every_device_has_exactly_one_alarm_of_its_own() -> None:
    plant = pump_plant()
    other = Device(name="UA", protocol="opcua", endpoint=Endpoint("127.0.0.1", 1), description="Works")
    declared = tuple(AlarmDefinition(tag=tag, kind=AlarmKind.COMMUNICATION) for tag in ("NOTE", "LEVEL", "P1.FLT"))
    plant = replace(plant, alarms=declared, devices={**plant.devices, "UA": other})
    found = alarms_of(plant)
    assert [(alarm.name, alarm.is_of_device) for alarm in found] == [
        ("NOTE.comm", False),
        ("LEVEL.comm", True),
        ("P1.FLT.comm", False),
        ("UA.comm", True),
    ]
    made = found[-1]
    assert (made.row, made.device, made.description, made.definition.priority) == (NO_ROW, "UA", "Works", 2)
    assert made.definition.consequence
    assert made.definition.action
    assert made.definition.respond_min
