"""A plant with a pump, a tank and a display of every kind of item, for the tests of drawing."""

from pathlib import Path
from typing import Any

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.device import Device, Endpoint
from plant_models.display import Display, Item, Layout
from plant_models.equipment import Equipment, EquipmentType, Faceplate, Member, StateRule
from plant_models.plant import Area, Plant
from plant_models.tag import DataType, Tag
from tests.fakes.station import FakeStation

NORMAL = {
    "P1.RUN": 1.0,
    "P1.FLT": 0.0,
    "P1.MODE": 2.0,
    "P1.DUTY": 1.0,
    "P1.FLOW": 318.0,
    "P1.SPEED_SP": 300.0,
    "TK.LEVEL": 60.0,
    "START": 40.0,
    "STOP": 80.0,
    "NOTE": "Rotates at 06:00",
}

_PUMP = EquipmentType(
    name="pump",
    title="Pump",
    symbol="centrifugal_pump",
    members=(
        Member(name="RUN", title="Running", type=DataType.BOOL),
        Member(name="FLT", title="Trip", type=DataType.BOOL),
        Member(name="MODE", title="Mode", type=DataType.U16, states=("Off", "Manual", "Auto")),
        Member(name="DUTY", title="Duty", type=DataType.U16, decimals=0),
        Member(name="FLOW", title="Flow"),
    ),
    states=(
        StateRule("{FLT} == 1", "Tripped", "fault"),
        StateRule("{RUN} == 1", "Running", "running"),
        StateRule("{RUN} == 0", "Standby", "stopped"),
    ),
    faceplate=Faceplate(mode="MODE", indicators=("FLOW",)),
)
_TANK = EquipmentType(
    name="tank", title="Tank", symbol="tank", members=(Member(name="LEVEL", title="Level"),), level="LEVEL"
)


def _tag(name: str, **more: Any) -> Tag:
    equipment, _, member = name.rpartition(".")
    fields = {"type": DataType.F32, "device": "PLC", "address": "hr:0", "equipment": equipment, "member": member}
    return Tag(name=name, **{**fields, **more})


TAGS = (
    _tag("P1.RUN", type=DataType.BOOL, states=("Stopped", "Running")),
    _tag("P1.FLT", type=DataType.BOOL),
    _tag("P1.MODE", type=DataType.U16, states=("Off", "Manual", "Auto"), writable=True),
    _tag("P1.DUTY", type=DataType.U16, decimals=0),
    _tag("P1.FLOW", description="Flow of pump 1", unit="m³/h", low=0, high=500, decimals=0, raw_low=0, raw_high=65535),
    _tag("P1.SPEED_SP", unit="m³/h", low=0, high=500, decimals=0, writable=True),
    _tag("TK.LEVEL", unit="%", low=0, high=100),
    _tag("START", unit="%", low=0, high=100, writable=True, equipment=""),
    _tag("STOP", unit="%", low=0, high=100, writable=True, equipment=""),
    _tag("NOTE", type=DataType.TEXT, equipment=""),
)

ITEMS = (
    Item("card", "card", (10, 10, 200, 200), options={"title": "Tank"}),
    Item("text", "text", (20, 40, 100, 20), options={"text": "Suction", "role": "text2"}),
    Item("pipe", "pipe", (0, 0, 0, 0), points=((20, 150), (380, 150)), options={"arrow": "end"}),
    Item("pump", "symbol", (220, 110, 80, 80), equipment="P1"),
    Item("state", "state", (200, 200, 120, 44), equipment="P1"),
    Item("flow", "value", (220, 20, 140, 28), tag="P1.FLOW", options={"label": "Flow"}),
    Item("flow-bar", "bar", (230, 50, 130, 40), tag="P1.FLOW", options={"setpoint_tag": "P1.SPEED_SP"}),
    Item("level-bar", "bar", (20, 70, 80, 130), tag="TK.LEVEL",
         options={"orientation": "v", "target_tags": ["START", "STOP"]}),
    Item("tank", "symbol", (120, 60, 64, 64), equipment="TK"),
    Item("valve", "symbol", (320, 126, 48, 48), options={"symbol": "gate_valve", "label": "V-1"}),
    Item("link", "link", (20, 260, 160, 30), options={"display": "other", "text": "Other"}),
)  # fmt: skip
LAYOUT = Layout((400, 300), ITEMS)
COMPACT = Layout((200, 150), (Item("pump", "symbol", (20, 20, 60, 60), equipment="P1"),))


def drawn_plant() -> Plant:
    """Return the plant; its display is called "page"."""
    alarms = (
        AlarmDefinition(tag="P1.FLOW", kind=AlarmKind.LOW, limit=100),
        AlarmDefinition(tag="P1.FLOW", kind=AlarmKind.HIGH, limit=400),
        AlarmDefinition(tag="P1.FLOW", kind=AlarmKind.HIGH_HIGH, limit=450),
    )
    return Plant(
        folder=Path("/nowhere"),
        name="Drawn",
        time_zone="UTC",
        home="page",
        is_simulated=False,
        areas=(Area("A", "Area"),),
        scan_s={"normal": 1.0},
        devices={"PLC": Device(name="PLC", protocol="modbus", endpoint=Endpoint("127.0.0.1", 1))},
        types={"pump": _PUMP, "tank": _TANK},
        equipment={
            "P1": Equipment(name="P1", type="pump", description="Pump one", device="PLC"),
            "TK": Equipment(name="TK", type="tank", description="North tank", device="PLC"),
        },
        tags=TAGS,
        alarms=alarms,
        displays={"page": Display(name="page", title="Page", level=2, layout=LAYOUT, compact=COMPACT)},
    )


def drawn_station() -> FakeStation:
    """Return a station of the plant in normal operation."""
    station = FakeStation(drawn_plant())
    station.put(NORMAL)
    return station
