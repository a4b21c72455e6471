"""The demo plant Netherby Water: complete, consistent, and calculating what it says."""

import math
import shutil
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from alarms.definitions import NO_ROW, alarms_of
from plant_models.alarm_definition import DECLARED_KINDS, DIAGNOSTIC, LIMIT_KINDS, AlarmClass
from plant_models.equipment import Equipment
from plant_models.expression import parse_expression
from plant_models.paths import RESOURCES
from plant_models.project import check_plant, load_plant, read_document, save_plant
from plant_models.tag import DataType, Tag

FOLDER = RESOURCES / "plants" / "netherby"
PLANT = load_plant(FOLDER)
TAGS = {tag.name: tag for tag in PLANT.tags}
METRES_PER_MAP_UNIT = 230
"""The plan of EPANET's network 3 has no unit; this makes the median pipe as long as it is."""


def of_type(name: str) -> list[Equipment]:
    return [each for each in PLANT.equipment.values() if each.type == name]


def calculate(name: str, given: Mapping[str, float]) -> float:
    """Return a tag's value: given, or calculated from what is given."""
    if name in given:
        return given[name]
    formula = parse_expression(TAGS[name].expression)
    return formula.evaluate([calculate(used, given) for used in formula.inputs])


def upstream(name: str) -> set[str]:
    """Return everything that feeds a piece of equipment, however far away."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        each = PLANT.equipment[ahead.pop()]
        fresh = set(each.fed_by) - found
        found |= fresh
        ahead += fresh
    return found


def node_places(section: str) -> dict[str, list[str]]:
    """Return the cells of a section of the model's network, by node."""
    text = (FOLDER / "model" / "network.inp").read_text(encoding="utf-8")
    lines = text.partition(f"[{section}]")[2].partition("\n[")[0].splitlines()
    rows = [line.split(";")[0].split() for line in lines]
    return {row[0]: row[1:] for row in rows if row}


def tank_size(node: str) -> tuple[float, float]:
    """Return a tank's area (m²) and highest level (m)."""
    cells = node_places("TANKS")[node]
    return math.pi / 4 * float(cells[4]) ** 2, float(cells[3])


def test_check_finds_nothing() -> None:
    assert check_plant(FOLDER) == []


def test_files_are_canonical(tmp_path: Path) -> None:
    copy = tmp_path / "netherby"
    shutil.copytree(FOLDER, copy)
    assert not save_plant(read_document(copy))
    files = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file())
    assert [path for path in files if (copy / path).read_bytes() != (FOLDER / path).read_bytes()] == []


def test_it_is_large_enough_to_be_a_plant() -> None:
    assert len(PLANT.tags) >= 300
    assert len(PLANT.equipment) >= 30
    assert sum(tag.is_calculated for tag in PLANT.tags) >= 10
    assert PLANT.is_simulated


def test_every_kind_of_waterworks_equipment_occurs() -> None:
    present = {each.type for each in PLANT.equipment.values()}
    assert present == set(PLANT.types)
    assert len(of_type("water_source")) == 2
    assert len(of_type("pump")) == 6
    assert len(of_type("tank")) == 3
    assert len(of_type("zone")) == 3
    assert len(of_type("control_valve")) == 2


def test_four_modbus_plcs_differ_in_byte_order_and_one_device_speaks_opc_ua() -> None:
    modbus = [device for device in PLANT.devices.values() if device.protocol == "modbus"]
    assert {device.byte_order for device in modbus} == {"ABCD", "CDAB", "BADC", "DCBA"}
    assert [device.name for device in PLANT.devices.values() if device.protocol == "opcua"] == ["WTW_UA"]


def test_every_device_has_a_heartbeat_with_a_communication_alarm() -> None:
    beating = {tag.device: tag.name for tag in PLANT.tags if tag.member == "HEARTBEAT"}
    assert set(beating) == set(PLANT.devices)
    watched = {alarm.tag for alarm in PLANT.alarms if alarm.kind == "comm"}
    assert watched == set(beating.values())


def test_modbus_values_come_in_many_types_and_places() -> None:
    modbus = [tag for tag in PLANT.tags if tag.device.endswith("_PLC")]
    assert {tag.type for tag in modbus} >= {
        DataType.BOOL, DataType.U16, DataType.I16, DataType.U32, DataType.I32, DataType.F32, DataType.F64,
    }  # fmt: skip
    assert {tag.address.split(":")[0] for tag in modbus} == {"hr", "ir", "co", "di"}
    assert any("." in tag.address for tag in modbus), "no bit of a register"
    assert any(tag.raw_high is not None for tag in modbus), "no scaled integer"


def test_opc_ua_values_are_doubles_integers_bools_and_a_text() -> None:
    types = {tag.type for tag in PLANT.tags if tag.device == "WTW_UA"}
    assert types == {DataType.F64, DataType.U16, DataType.U32, DataType.BOOL, DataType.TEXT}


@pytest.mark.parametrize("tag", PLANT.tags, ids=lambda tag: tag.name)
def test_tag_has_a_range_and_words_for_its_states(tag: Tag) -> None:
    assert tag.area in {area.name for area in PLANT.areas}
    assert tag.description
    if tag.type is DataType.BOOL:
        assert len(tag.states) == 2
    elif not tag.is_text:
        assert tag.low is not None
        assert tag.high is not None
        assert tag.low < tag.high
        low, high = tag.write_range
        assert tag.low <= (low or 0.0)
        assert (high or 0.0) <= tag.high


def test_alarms_say_what_follows_and_what_to_do() -> None:
    assert PLANT.alarms
    for alarm in PLANT.alarms:
        if alarm.enabled:
            said = alarm.text, alarm.consequence, alarm.action, alarm.respond_min, alarm.severity
            assert all((*said, alarm.causes, alarm.confirmation, alarm.basis)), alarm.name


def test_every_kind_of_alarm_and_each_way_to_handle_one_occurs() -> None:
    assert {alarm.kind for alarm in PLANT.alarms} == set(DECLARED_KINDS)
    assert {alarm.alarm_class for alarm in PLANT.alarms} == set(AlarmClass) - {AlarmClass.SECURITY}
    for key in (
        *("id", "limit_tag", "reference", "expression", "count", "realarm_min", "latching", "first_out", "explains"),
        *("suppress_when", "consequence_at", "procedure", "owner", "approved_on", "review_due", "moc"),
    ):
        assert any(getattr(alarm, key) for alarm in PLANT.alarms), key
    assert {alarm.enabled for alarm in PLANT.alarms} == {True, False}
    assert any(alarm.priority == DIAGNOSTIC for alarm in PLANT.alarms)
    assert all(alarm.realarm_min for alarm in PLANT.alarms if alarm.priority == 1)


def test_positions_watch_every_area_once() -> None:
    watched = [area for position in PLANT.positions for area in position.areas]
    assert sorted(watched) == sorted(area.name for area in PLANT.areas)


def test_every_alarm_has_a_display_and_guidance() -> None:
    for alarm in alarms_of(PLANT):
        if alarm.row != NO_ROW:
            assert alarm.display in PLANT.displays, alarm.name
            assert alarm.guidance, alarm.name


def test_alarm_limits_rise_and_lie_within_the_range() -> None:
    limits: dict[str, dict[str, float]] = {}
    for alarm in PLANT.alarms:
        if alarm.limit is not None and alarm.kind in LIMIT_KINDS and not alarm.id:
            limits.setdefault(alarm.tag, {})[alarm.kind] = alarm.limit
    for name, by_kind in limits.items():
        tag = TAGS[name]
        ordered = [by_kind[kind] for kind in LIMIT_KINDS if kind in by_kind]
        assert all(low < high for low, high in pairwise(ordered)), name
        assert tag.low is not None
        assert tag.high is not None
        assert tag.low <= ordered[0], name
        assert ordered[-1] <= tag.high, name


def test_each_pump_has_a_mode_and_a_command_that_can_be_written() -> None:
    for pump in of_type("pump"):
        assert TAGS[f"{pump.name}.MODE"].writable
        assert TAGS[f"{pump.name}.CMD"].states == ("None", "Start", "Stop", "Reset")
        assert TAGS[f"{pump.name}.SPEED_SP"].write_range == (25.0, 50.0)


def test_river_water_flows_through_the_works_to_the_zones() -> None:
    assert upstream("RPS") == {"CLW", "DOS.CL2", "FLT", "DOS.COAG", "RAW", "RIVER"}
    assert upstream("ZN.NORTH") >= {"LAKE", "RIVER", "LPS", "RPS"}
    assert {each.parent for each in of_type("filter")} == {"FLT"}
    assert all(PLANT.equipment[pump.parent].type in ("pump_station", "intake") for pump in of_type("pump"))


@pytest.mark.parametrize(
    ("name", "node"), [("TK1", "1"), ("TK2", "2"), ("TK3", "3"), ("PT.203", "203"), ("CV2", "173")]
)
def test_places_are_those_of_the_network(name: str, node: str) -> None:
    each = PLANT.equipment[name]
    x, y = (float(cell) * METRES_PER_MAP_UNIT for cell in node_places("COORDINATES")[node])
    assert each.x == pytest.approx(x, abs=1.0)
    assert each.y == pytest.approx(y, abs=1.0)
    elevations = {**node_places("JUNCTIONS"), **node_places("TANKS")}
    assert each.elevation == pytest.approx(float(elevations[node][0]), abs=0.1)


def test_station_flow_and_power_are_sums_over_the_pumps() -> None:
    given = {"RPS.P1.FLOW": 1500.0, "RPS.P2.FLOW": 1400.0, "RPS.P1.POWER": 160.0, "RPS.P2.POWER": 150.0}
    assert calculate("RPS.PUMPED", given) == 2900.0
    assert calculate("RPS.POWER", given) == 310.0
    assert calculate("RPS.SPECIFIC", given | {"RPS.FLOW": 3100.0}) == pytest.approx(0.1)


def test_pumps_running_are_counted() -> None:
    assert calculate("LPS.RUNNING", {"LPS.P1.RUN": 1.0, "LPS.P2.RUN": 0.0}) == 1.0


def test_filters_in_service_are_counted() -> None:
    states = {"FLT.F1.STATE": 0.0, "FLT.F2.STATE": 1.0, "FLT.F3.STATE": 0.0, "FLT.F4.STATE": 2.0}
    assert calculate("FLT.SERVING", states) == 2.0


def test_mass_balance_closes_and_a_burst_opens_it() -> None:
    given = {
        "LPS.FLOW": 700.0,
        "RPS.FLOW": 2900.0,
        "ZN.NORTH.DEMAND": 700.0,
        "ZN.CENTRE.DEMAND": 600.0,
        "ZN.SOUTH.DEMAND": 1200.0,
        "TK1.INFLOW": 200.0,
        "TK2.INFLOW": -100.0,
        "TK3.INFLOW": 1000.0,
    }
    assert calculate("NET.PRODUCTION", given) == 3600.0
    assert calculate("NET.DEMAND", given) == 2500.0
    assert calculate("NET.STORAGE_CHANGE", given) == 1100.0
    assert calculate("NET.UNACCOUNTED", given) == 0.0
    assert calculate("NET.UNACCOUNTED", given | {"TK3.INFLOW": 700.0}) == 300.0


def test_lost_water_is_told_as_a_share_of_the_production() -> None:
    given = {"NET.PRODUCTION": 4000.0, "NET.UNACCOUNTED": 200.0}
    assert calculate("NET.UNACCOUNTED_SHARE", given) == 5.0
    assert calculate("NET.UNACCOUNTED_SHARE", given | {"NET.PRODUCTION": 0.0}) == 0.0
    assert calculate("NET.UNACCOUNTED_SHARE", given | {"NET.UNACCOUNTED": -8000.0}) == -200.0, "never bent into range"


def test_full_tanks_are_all_of_the_storage() -> None:
    full = sum(area * height for area, height in (tank_size("1"), tank_size("2"), tank_size("3")))
    assert calculate("NET.STORED", {"NET.STORAGE": full}) == pytest.approx(100.0, abs=0.1)
    assert calculate("NET.STORED", {"NET.STORAGE": full / 2}) == pytest.approx(50.0, abs=0.1)


def test_every_junction_and_pipe_of_the_network_is_known() -> None:
    customers = [node for node, cells in node_places("JUNCTIONS").items() if float(cells[1]) > 0]
    assert {f"J.{node}" for node in customers} <= set(PLANT.equipment)
    pipes = node_places("PIPES")
    assert {each.name for each in of_type("main")} == {f"M.{pipe}" for pipe in pipes}
    for main in of_type("main"):
        start, end = pipes[main.name.removeprefix("M.")][:2]
        for node, neighbours in ((start, main.fed_by), (end, main.connects_to)):
            if node in customers:
                assert neighbours == (f"J.{node}",)


def test_ratios_stay_defined_while_everything_stands() -> None:
    still = {"LPS.FLOW": 0.0, "RPS.FLOW": 0.0, "NET.POWER": 0.0, "NET.STORAGE": 20000.0, "NET.DEMAND": 0.0}
    assert calculate("NET.SPECIFIC", still) == 0.0
    assert calculate("NET.LAKE_SHARE", still) == 0.0
    assert calculate("NET.STORAGE_TIME", still) == 100.0
