"""A plant of one pump on one PLC, made without a folder."""

from pathlib import Path

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.device import Device, Endpoint
from plant_models.equipment import Equipment, EquipmentCommand, EquipmentType, Member, Requirement
from plant_models.plant import Area, Plant
from plant_models.tag import DataType, Tag

PUMP_TYPE = EquipmentType(
    name="pump",
    title="Pump",
    symbol="centrifugal_pump",
    members=(
        Member(name="MODE", title="Mode", type=DataType.U16, writable=True),
        Member(name="CMD", title="Command", type=DataType.U16, writable=True),
        Member(name="SPEED_SP", title="Speed setpoint", unit="Hz", writable=True),
        Member(name="FLT", title="Fault", type=DataType.BOOL),
    ),
    commands=(
        EquipmentCommand(
            name="start",
            title="Start",
            member="CMD",
            value=1,
            requires=(
                Requirement("{MODE} == 1", "the pump must be in Manual"),
                Requirement("{FLT} == 0", "the pump is tripped"),
            ),
        ),
        EquipmentCommand(name="stop", title="Stop", member="CMD", value=2),
        EquipmentCommand(
            name="reset", title="Reset", member="CMD", value=3, requires=(Requirement("{WEAR} < 1", "it is worn"),)
        ),
        EquipmentCommand(
            name="purge",
            title="Purge",
            member="CMD",
            value=4,
            requires=(Requirement("1 / {FLT} > 0", "a purge needs a fault"),),
        ),
    ),
)


def _tag(member: str, **more: object) -> Tag:
    fields = {"name": f"P1.{member}", "equipment": "P1", "member": member, "device": "PLC", "address": "hr:0"}
    return Tag(**(fields | more))  # type: ignore[arg-type]


def pump_plant(folder: Path = Path("/nowhere")) -> Plant:
    """Return the plant; all its tags are on the device PLC but LEVEL_PCT (calculated) and NOTE (memory)."""
    return Plant(
        folder=folder,
        name="Test pump",
        time_zone="UTC",
        home="",
        is_simulated=False,
        areas=(Area("A", "Area"),),
        scan_s={"normal": 1.0},
        devices={"PLC": Device(name="PLC", protocol="modbus", endpoint=Endpoint("127.0.0.1", 1))},
        types={"pump": PUMP_TYPE},
        equipment={"P1": Equipment(name="P1", type="pump", device="PLC")},
        tags=(
            _tag("MODE", type=DataType.U16, writable=True, states=("Off", "Manual", "Auto")),
            _tag("CMD", type=DataType.U16, writable=True, low=0, high=4),
            _tag("SPEED_SP", type=DataType.F32, unit="Hz", low=0, high=60, write_low=25, write_high=50, writable=True),
            _tag("FLT", type=DataType.BOOL),
            Tag(name="LEVEL", unit="m", device="PLC", address="hr:9", type=DataType.F32),
            Tag(name="LEVEL_PCT", expression="{LEVEL} * 10", writable=True),
            Tag(name="NOTE", writable=True),
            Tag(name="BATCH", type=DataType.TEXT, device="PLC", address="ns=2;s=B", writable=True),
            Tag(
                name="DOSE",
                type=DataType.U16,
                unit="mg/L",
                device="PLC",
                address="hr:20",
                writable=True,
                low=0,
                high=10,
                raw_low=0,
                raw_high=1000,
            ),
            Tag(name="COUNT", type=DataType.I16, device="PLC", address="hr:21", writable=True, write_low=-1e6),
            Tag(name="TOTAL", type=DataType.U64, device="PLC", address="hr:22", writable=True, write_high=1e19),
            Tag(name="FREE", type=DataType.F32, device="PLC", address="hr:26", writable=True),
        ),
        alarms=(
            AlarmDefinition(tag="P1.FLT", kind=AlarmKind.STATE, limit=1, priority=1, text="Pump tripped"),
            AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit=8, deadband=0.5, priority=2, text="Level high"),
        ),
        displays={},
    )
