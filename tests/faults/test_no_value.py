"""Sensors that say something that is no value: NaN and infinity in floats, the "no value" code of an integer type."""

import csv
import tomllib
from pathlib import Path

import pytest

from hmi.numbers import DASH
from plant_models.quality import Quality, is_bad, is_good
from plant_models.simulation.process_link import VirtualPlant
from plant_models.tag import INTEGER_LIMITS, Tag
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import DEMO, WholeLine, whole_line

FLOATS = {
    "RIVER.TURB": "RIVER.turbidity",  # OPC UA double
    "LPS.DISCHARGE": "LPS.discharge",  # Modbus f32, ABCD
    "ZN.NORTH.DEMAND": "ZN.NORTH.demand",  # Modbus f64, DCBA
}
INTEGERS = {
    "TK1.CL2": "TK1.chlorine",  # u16, BADC
    "TK1.INFLOW": "TK1.inflow",  # i16
    "TK1.VOLUME": "TK1.volume",  # u32
    "FT.RIVER.FLOW": "FT.RIVER.flow",  # i32
}


@pytest.mark.parametrize("fault", ["nan", "inf"])
def test_a_float_that_is_no_number_is_bad_and_a_dash_on_screen(twin: VirtualPlant, tmp_path: Path, fault: str) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        for variable in FLOATS.values():
            twin.control.request("sensor", variable=variable, fault=fault)
        wait_until(lambda: not any(is_good(line.table.sample(tag).quality) for tag in FLOATS), what="bad values")
        for tag in FLOATS:
            assert line.table.sample(tag).quality == Quality.BAD_OUT_OF_RANGE
            reading = line.live.reading(tag)
            assert (reading.text, reading.mark, reading.is_usable) == (DASH, "*", False)
        # calculated from a zone's demand, right after it
        wait_until(lambda: is_bad(line.table.sample("NET.DEMAND").quality), what="a bad result")
        for variable in FLOATS.values():
            twin.control.request("sensor", variable=variable, fault="clear")
        line.wait_good()


def test_an_integer_register_without_a_value_is_never_good(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        for variable in INTEGERS.values():
            twin.control.request("sensor", variable=variable, fault="nan")
        wait_until(lambda: not any(is_good(line.table.sample(tag).quality) for tag in INTEGERS), what="no good value")
        for tag in INTEGERS:
            reading = line.live.reading(tag)
            assert (reading.mark, reading.is_usable) == ("?", False)
        # calculated from a tank's volume, right after it
        wait_until(lambda: not is_good(line.table.sample("NET.STORAGE").quality), what="a result that isn't good")


def test_an_opcua_node_without_a_value_is_a_sensor_fault(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        for variable in ("RAW.P1.avail", "RAW.P1.starts"):  # a boolean and an integer
            twin.control.request("sensor", variable=variable, fault="nan")
        wait_until(lambda: is_bad(line.table.sample("RAW.P1.STARTS").quality))
        wait_until(lambda: is_bad(line.table.sample("RAW.P1.AVAIL").quality))
        for tag in ("RAW.P1.AVAIL", "RAW.P1.STARTS"):
            assert line.live.reading(tag).word == "sensor fault"
            assert not line.live.reading(tag).is_usable


def test_while_every_sensor_fails_no_number_of_the_plant_is_good(twin: VirtualPlant, tmp_path: Path) -> None:
    """Bits can't say "no value", and a heartbeat may have any; the plant stands still so that no program reacts."""
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        variables = numbers_of(line)
        assert len(variables) > 200
        twin.control.request("speed", speed=0)
        try:
            for variable in sorted(set(variables.values())):
                twin.control.request("sensor", variable=variable, fault="nan")
            wait_until(lambda: not [tag for tag in variables if is_good(line.table.sample(tag).quality)])
            assert not [tag for tag in variables if line.live.reading(tag).is_usable]
        finally:
            for variable in sorted(set(variables.values())):
                twin.control.request("sensor", variable=variable, fault="clear")
            twin.control.request("speed", speed=1)


def numbers_of(line: WholeLine) -> dict[str, str]:
    """Return the variable behind every tag that is read as a number and can say that it has none."""
    behind: dict[tuple[str, str], str] = {}
    for plc in tomllib.loads((DEMO / "model" / "plcs.toml").read_text(encoding="utf-8"))["plc"]:
        lines = (DEMO / "model" / plc["map"]).read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(text for text in lines if text and not text.startswith("#")):
            behind[plc["name"], row["address"]] = row["variable"]
    return {tag.name: behind[tag.device, tag.address] for tag in line.table.tags if tag.device and can_say_none(tag)}


def can_say_none(tag: Tag) -> bool:
    whole_range = INTEGER_LIMITS.get(tag.type)
    takes_all_codes = whole_range is not None and tag.high is not None and tag.high >= 65_535 and tag.low == 0
    return not (tag.is_text or tag.type == "bool" or (takes_all_codes and "HEARTBEAT" in tag.name))
