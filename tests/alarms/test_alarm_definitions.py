"""What surrounds an alarm: its place on the displays, its area, its device, and the alarms nobody declared."""

from dataclasses import replace

from alarms.definitions import NO_ROW, alarms_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.device import Device, Endpoint
from plant_models.display import Display, Item, Layout
from plant_models.equipment import Equipment
from plant_models.plant import Area, Plant
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


def box(name: str, **bound: str) -> Item:
    return Item(name, "symbol", (0, 0, 1, 1), **bound)


def places(**more: object) -> Plant:
    """Return a plant in which a pump is part of a station, in an area that is part of another."""
    plant = pump_plant()
    station = Equipment(name="ST", type="station", area="A")
    pump = replace(plant.equipment["P1"], parent="ST", area="A", powered_by="MCC")
    areas = (Area("A", "Works", "SITE", "Mind the lake"), Area("SITE", "Site", "", "Ring first", "site"))
    return replace(
        plant,
        equipment={"ST": station, "P1": pump, "MCC": Equipment(name="MCC", type="switchboard")},
        types={"pump": replace(plant.types["pump"], guidance="It may start by itself")},
        areas=areas,
        displays={"site": display("site", 1), "own": display("own", 4)},
        **more,
    )


def test_an_alarm_knows_its_family_and_whether_it_is_enabled() -> None:
    off = AlarmDefinition(tag="LEVEL", kind=AlarmKind.LOW, limit=1.0, enabled=False)
    tripped, level, low, _ = alarms_of(places(alarms=(*pump_plant().alarms, off)))
    assert (tripped.family, level.family) == (("ST", "MCC"), ())
    assert (tripped.is_enabled, low.is_enabled) == (True, False)


def test_an_alarm_may_belong_to_another_area_than_its_tag() -> None:
    moved = AlarmDefinition(tag="P1.FLT", kind=AlarmKind.STATE, limit=1, area="SITE")
    assert alarms_of(places(alarms=(moved,)))[0].area == "SITE"


def test_guidance_comes_from_the_alarm_its_type_and_its_areas_upwards() -> None:
    spoken = AlarmDefinition(tag="P1.FLT", kind=AlarmKind.STATE, limit=1, guidance="Feel the bearing")
    silent = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit=1, area="SITE")
    bare = AlarmDefinition(tag="LEVEL", kind=AlarmKind.LOW, limit=0)
    first, second, third, _ = alarms_of(places(alarms=(spoken, silent, bare)))
    assert first.guidance == (
        ("This alarm", "Feel the bearing"),
        ("Pump", "It may start by itself"),
        ("Works", "Mind the lake"),
        ("Site", "Ring first"),
    )
    assert (second.guidance, third.guidance) == ((("Site", "Ring first"),), ())


def test_the_display_is_the_nearest_there_is() -> None:
    alarm = AlarmDefinition(tag="P1.FLT", kind=AlarmKind.STATE, limit=1)
    plant = places(alarms=(alarm,))

    def found(plant: Plant) -> str:
        return alarms_of(plant)[0].display

    assert found(plant) == "site", "that of the area above its own"
    shown = {**plant.displays, "station": display("station", 2, box("a", equipment="ST"))}
    assert found(replace(plant, displays=shown)) == "station", "that of what it is part of"
    shown["pump"] = display("pump", 3, box("b", equipment="P1"))
    assert found(replace(plant, displays=shown)) == "pump"
    assert found(replace(plant, displays=shown, alarms=(replace(alarm, display="own"),))) == "own"
    nowhere = replace(plant, areas=(), displays={})
    assert found(replace(nowhere, alarms=(replace(alarm, display="gone"),))) == ""


def test_a_communication_alarm_that_is_not_enabled_does_not_stand_for_its_device() -> None:
    off = AlarmDefinition(tag="LEVEL", kind=AlarmKind.COMMUNICATION, enabled=False)
    declared, made = alarms_of(replace(pump_plant(), alarms=(off,)))
    assert (declared.is_of_device, made.name, made.is_of_device) == (False, "PLC.comm", True)
