"""The plant's addresses (tags.csv, equipment.csv) against the virtual PLCs' own maps (model/*.csv), read apart."""

import csv
import tomllib
from typing import NamedTuple

import pytest

from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.tag import DataType, Tag

FOLDER = RESOURCES / "plants" / "netherby"
MODEL = FOLDER / "model"
PLANT = load_plant(FOLDER)
DEVICE_TAGS = [tag for tag in PLANT.tags if tag.device]
PLCS = {plc["name"]: plc for plc in tomllib.loads((MODEL / "plcs.toml").read_text(encoding="utf-8"))["plc"]}

ELSEWHERE = {
    "LPS.LEVEL": "TK1.level",
    "RPS.LEVEL": "TK3.level",
    "WTW.AT1.PV": "WTW.turbidity",
    "WTW.AT2.PV": "WTW.chlorine",
    "WTW.AT3.PV": "WTW.ph",
    "WTW.AT4.PV": "WTW.temperature",
}
"""Tags that show a quantity of another asset than their own equipment."""

QUANTITIES = {
    "FLT": "fault", "VIB": "vibration", "HRS": "hours", "INHIBIT": "inhibited", "TURB": "turbidity",
    "COND": "conductivity", "CL2": "chlorine", "DEPTH": "level_m", "POS": "position", "POS_SP": "position_sp",
    "UP": "upstream", "DOWN": "downstream", "DOWN_SP": "pressure_sp", "P_MIN": "pressure_min",
    "CL2_MIN": "chlorine_min", "WELL": "well_level",
}  # fmt: skip
"""Members whose quantity has another name in the model; the others have their own in lower case."""


class Row(NamedTuple):
    """A row of a map."""

    type: str
    access: str
    scale: float
    variable: str


def read_map(device: str) -> dict[str, Row]:
    """Return the rows of a device's map by address."""
    lines = (MODEL / PLCS[device]["map"]).read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    return {row["address"]: Row(row["type"], row["access"], float(row["scale"] or 1), row["variable"]) for row in rows}


MAPS = {name: read_map(name) for name in PLCS}


def expected_variable(tag: Tag) -> str:
    if tag.name in ELSEWHERE:
        return ELSEWHERE[tag.name]
    kind = PLANT.equipment[tag.equipment].type
    asset = tag.equipment.removeprefix("PLC.")
    if tag.member == "INHIBIT":
        asset = asset.split(".")[0]
    if kind == "filter" and tag.member == "HRS":
        return f"{asset}.run_hours"
    if kind == "water_source" and tag.member == "TEMP":
        return f"{asset}.temperature"
    return f"{asset}.{QUANTITIES.get(tag.member, tag.member.lower())}"


each_tag = pytest.mark.parametrize("tag", DEVICE_TAGS, ids=lambda tag: tag.name)
each_device = pytest.mark.parametrize("device", PLCS)


def test_every_device_has_its_plc() -> None:
    assert set(PLCS) == set(PLANT.devices)
    for name, plc in PLCS.items():
        assert plc["protocol"] == PLANT.devices[name].protocol
        assert plc.get("byte_order", "ABCD") == PLANT.devices[name].byte_order
        assert plc.get("unit_id", 1) == PLANT.devices[name].unit_id


@each_tag
def test_tag_and_map_row_agree(tag: Tag) -> None:
    row = MAPS[tag.device][tag.address]
    assert row.type == tag.type.value
    assert (row.access == "rw") == tag.writable
    assert row.variable == expected_variable(tag)


@each_tag
def test_scaling_of_tag_and_map_row_agree(tag: Tag) -> None:
    scale = MAPS[tag.device][tag.address].scale
    if tag.raw_low is None or tag.raw_high is None:
        assert scale == 1
        return
    assert tag.type not in (DataType.BOOL, DataType.TEXT)
    assert tag.low is not None
    assert tag.high is not None
    assert tag.raw_low == pytest.approx(tag.low * scale)
    assert tag.raw_high == pytest.approx(tag.high * scale)


@each_device
def test_map_holds_nothing_that_no_tag_reads(device: str) -> None:
    used = {tag.address for tag in DEVICE_TAGS if tag.device == device}
    assert set(MAPS[device]) == used


@each_device
def test_only_settings_modes_and_commands_can_be_written(device: str) -> None:
    writable = {row.variable.rsplit(".", 1)[1] for row in MAPS[device].values() if row.access == "rw"}
    assert writable <= {
        "mode", "cmd", "speed_sp", "start_sp", "stop_sp", "position_sp", "pressure_sp", "dose_sp", "headloss_sp",
        "hours_sp",
    }  # fmt: skip


def test_level_bands_are_read_from_the_tanks_that_the_stations_fill() -> None:
    groups = {group["name"]: group for plc in PLCS.values() for group in plc.get("group", ())}
    assert groups["LPS"]["level"] == ELSEWHERE["LPS.LEVEL"]
    assert groups["RPS"]["level"] == ELSEWHERE["RPS.LEVEL"]


@pytest.mark.parametrize("layout", ["layout", "compact"])
def test_the_river_pumps_stand_beside_the_tank_that_they_fill(layout: str) -> None:
    tank = ELSEWHERE["RPS.LEVEL"].split(".")[0]
    items = getattr(PLANT.displays["river-pumps"], layout).items
    shown = {(item.tag or item.equipment).split(".")[0] for item in items}
    assert {name for name in shown if name.startswith("TK")} == {tank}
