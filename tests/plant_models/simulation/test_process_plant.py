"""The whole virtual plant: works, network and their coupling, as its PLCs see them."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from plant_models.simulation.convert_net3 import NETWORK_FILE
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.process import Process

FOLDER = NETWORK_FILE.parent
BANDS = {
    # pump: (level that it keeps, start below, stop above), %
    "RPS.P1": ("TK3.level", 78.0, 91.0),
    "LPS.P1": ("TK1.level", 48.0, 60.0),
    "RAW.P1": ("CLW.level", 60.0, 82.0),
}
PUMP = ("flow", "head", "suction", "discharge", "current", "power", "temp", "vibration", "speed")
CONTRACT = {
    **dict.fromkeys(("LPS.P1", "LPS.P2", "RPS.P1", "RPS.P2", "RAW.P1", "RAW.P2"), PUMP),
    **dict.fromkeys(("LPS", "RPS"), ("flow", "suction", "discharge")),
    **dict.fromkeys(("TK1", "TK2", "TK3"), ("level", "level_m", "volume", "inflow", "chlorine")),
    **dict.fromkeys(("CV1", "CV2"), ("flow", "position", "upstream", "downstream")),
    "PRV1": ("flow", "upstream", "downstream", "setpoint"),
    **dict.fromkeys(
        ("ZN.NORTH", "ZN.CENTRE", "ZN.SOUTH"), ("demand", "inflow", "pressure", "pressure_min", "chlorine_min")
    ),
    **dict.fromkeys(("LAKE", "RIVER"), ("level", "flow", "turbidity", "temperature", "ph", "conductivity")),
    **dict.fromkeys(("PT.61", "PT.203", "PT.253"), ("pressure", "chlorine")),
    **dict.fromkeys(("FT.RIVER", "FT.LAKE", "FT.CROSS", "FT.TRUNK", "FT.EAST"), ("flow",)),
    "RAW": ("flow", "screen_dp", "well_level"),
    "DOS.COAG": ("dose", "rate", "tank"),
    "DOS.CL2": ("dose", "rate", "tank", "residual"),
    **dict.fromkeys(
        ("FLT.F1", "FLT.F2", "FLT.F3", "FLT.F4"),
        ("level", "headloss", "flow", "turbidity", "run_hours", "state", "backwash_step"),
    ),
    "CLW": ("level", "level_m", "volume", "chlorine", "turbidity", "ph", "inflow", "outflow"),
    "WTW": ("flow_in", "flow_out", "turbidity", "chlorine"),
    "PLANT": ("time_s", "hour", "hydraulic_fault", "hydraulic_warning"),
}


@pytest.fixture
def process() -> Iterator[Process]:
    plant = Process(FOLDER)
    yield plant
    plant.close()


def start(process: Process, *pumps: str) -> None:
    for name in pumps:
        process.set(f"{name}.on", 1.0)


def keep_bands(process: Process) -> None:
    """The simplest control there is."""
    for pump, (level, low, high) in BANDS.items():
        if process.get(level) < low:
            process.set(f"{pump}.on", 1.0)
        elif process.get(level) > high:
            process.set(f"{pump}.on", 0.0)


def test_every_variable_of_the_contract_exists_and_is_a_number_from_the_start(process: Process) -> None:
    wanted = {f"{asset}.{quantity}" for asset, quantities in CONTRACT.items() for quantity in quantities}
    assert wanted <= process.variables
    assert all(math.isfinite(process.get(name)) for name in process.variables)
    assert process.actuators <= process.variables, "orders can be read back"


def test_every_variable_stays_a_number_while_everything_moves(process: Process) -> None:
    names = set(process.variables)
    start(process, *BANDS, "RPS.P2", "LPS.P2", "RAW.P2")
    process.set("FLT.F1.backwash", 1.0)
    process.set("FLT.F2.in_service", 0.0)
    process.set("CV1.opening_ref", 0.0)
    process.set("DOS.CL2.dose_ref", 0.0)
    for _ in range(240):
        process.step(10.0)
    assert {name for name in names if not math.isfinite(process.get(name))} == set()
    assert process.failure is None


@pytest.mark.parametrize("hours", [6, pytest.param(24, marks=pytest.mark.soak)])
def test_level_band_control_keeps_every_tank_in_its_range(process: Process, hours: int) -> None:
    seen: dict[str, list[float]] = {name: [] for name in ("TK1", "TK2", "TK3", "CLW")}
    pressures, chlorine = [], []
    for _ in range(hours * 60):
        keep_bands(process)
        process.step(60.0)
        for name, levels in seen.items():
            levels.append(process.get(f"{name}.level"))
        pressures.append(min(process.get(f"ZN.{zone}.pressure_min") for zone in ("NORTH", "CENTRE", "SOUTH")))
        chlorine.append(min(process.get(f"ZN.{zone}.chlorine_min") for zone in ("NORTH", "CENTRE", "SOUTH")))
    for name, levels in seen.items():
        assert 35.0 < min(levels) < max(levels) < 92.0, name
    assert min(pressures) > 1.5
    assert min(chlorine) > 0.2
    assert process.get("PLANT.hour") == pytest.approx((6.0 + hours) % 24, abs=0.01)
    assert process.failure is None


def test_the_river_station_draws_from_the_clearwell_and_its_head_follows(process: Process) -> None:
    start(process, "RPS.P1")
    process.step(60.0)
    level, suction = process.get("CLW.level_m"), process.get("RPS.suction")
    process.step(3600.0)
    drawn = process.get("CLW.level_m") - level
    assert -2.0 < drawn < -1.5, "3000 m3/h out of 1600 m2"
    assert process.get("CLW.outflow") == pytest.approx(process.get("RPS.flow"))
    assert process.get("RPS.suction") - suction == pytest.approx(drawn * 0.0980665, abs=0.02)


def test_an_empty_clearwell_starves_the_river_station_without_negative_volume(process: Process) -> None:
    start(process, "RPS.P1")
    for _ in range(180):
        process.step(60.0)
    assert process.get("CLW.volume") >= 0.0
    assert process.get("CLW.level_m") < 0.3
    assert process.get("RPS.flow") < 100.0
    assert process.get("RPS.P1.speed") == 50.0, "it turns, but draws air"
    start(process, "RAW.P1")
    for _ in range(60):
        process.step(60.0)
    assert process.get("RPS.flow") > 1000.0


def test_all_water_of_the_works_is_accounted_for(process: Process) -> None:
    start(process, "RPS.P1", "RAW.P1")
    process.set("FLT.F3.backwash", 1.0)
    volume, inflow, outflow, spilled = process.get("CLW.volume"), 0.0, 0.0, 0.0
    for _ in range(1800):
        process.step(1.0)
        inflow += process.get("CLW.inflow") / 3600.0
        outflow += process.get("CLW.outflow") / 3600.0
        spilled += process.get("CLW.overflow") / 3600.0
    assert process.get("CLW.volume") == pytest.approx(volume + inflow - outflow - spilled, abs=0.01)
    assert outflow > 384.0, "the wash water comes out of the clearwell too"


def test_without_a_filter_in_service_raw_water_goes_over_the_weir(process: Process) -> None:
    start(process, "RAW.P1")
    for number in range(1, 5):
        process.set(f"FLT.F{number}.in_service", 0.0)
    process.step(120.0)
    assert process.get("CLW.inflow") == 0.0
    assert process.get("WTW.overflow") == pytest.approx(process.get("RAW.flow"))
    assert [process.get(f"FLT.F{number}.state") for number in range(1, 5)] == [2.0] * 4


def test_chlorine_of_the_clearwell_follows_the_dose(process: Process) -> None:
    start(process, "RPS.P1", "RAW.P1")
    process.set("DOS.CL2.dose_ref", 2.0)
    process.step(6 * 3600.0)
    assert process.get("DOS.CL2.residual") == pytest.approx(1.7, abs=0.1)
    assert 1.3 < process.get("CLW.chlorine") < 1.7
    assert process.get("PT.61.chlorine") == pytest.approx(process.get("CLW.chlorine"), abs=0.05)


def test_a_contaminated_river_eats_the_residual_until_it_is_clean_again(process: Process) -> None:
    start(process, "RPS.P1", "RAW.P1")
    process.step(600.0)
    process.fault("contaminate", source="RIVER", chlorine_demand=3.0)
    process.step(2 * 3600.0)
    assert process.get("DOS.CL2.residual") == 0.0
    assert process.get("CLW.chlorine") < 0.5
    process.fault("clean", source="RIVER")
    process.step(10.0)
    assert process.get("DOS.CL2.residual") > 0.9


def test_a_muddy_river_clogs_the_filters_and_clouds_the_water(process: Process) -> None:
    start(process, "RPS.P1", "RAW.P1")
    process.step(600.0)
    turbidity, headloss = process.get("WTW.turbidity"), process.get("FLT.F1.headloss")
    process.fault("contaminate", source="RIVER", turbidity=200.0)
    process.step(3600.0)
    assert process.get("RIVER.turbidity") > 200.0
    assert process.get("FLT.F1.headloss") > 1.5 * headloss
    assert process.get("WTW.turbidity") > 3.0 * turbidity


def test_the_river_rises_and_falls_without_waves_in_the_intake(process: Process) -> None:
    process.step(600.0)
    flows = []
    for _ in range(600):
        process.step(1.0)
        flows.append(process.get("RIVER.flow"))
    assert max(abs(flow) for flow in flows) < 100.0, "nothing is pumped, so nearly nothing flows"


def test_a_contaminated_lake_is_seen_in_its_main(process: Process) -> None:
    start(process, "LPS.P1")
    process.step(600.0)
    assert process.get("PT.10.chlorine") == pytest.approx(0.9, abs=0.02)
    process.fault("contaminate", source="LAKE", chlorine_demand=0.7)
    process.step(600.0)
    assert process.get("PT.10.chlorine") == pytest.approx(0.2, abs=0.02)


def test_a_burst_and_a_blocked_screen_answer_within_a_minute(process: Process) -> None:
    start(process, "RPS.P1", "RAW.P1")
    process.step(120.0)
    pressure, drop = process.get("PT.203.pressure"), process.get("RAW.screen_dp")
    process.fault("burst", node="203", coefficient=60.0)
    process.fault("block_screen", share=0.6)
    process.step(60.0)
    assert process.get("PT.203.pressure") < pressure - 0.02
    assert process.get("RAW.screen_dp") > 1.5 * drop
    process.fault("repair", node="203")
    process.step(10.0)
    assert process.get("ZN.SOUTH.inflow") == pytest.approx(process.get("ZN.SOUTH.demand"), abs=0.1)


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("earthquake", {}, "no fault 'earthquake'; there are block_screen, burst"),
        ("burst", {"node": "203"}, "missing 1 required positional argument: 'coefficient'"),
        ("burst", {"node": "203", "size": 3.0}, "unexpected keyword argument 'size'"),
        ("contaminate", {"source": "SEA"}, "no source 'SEA'; there are LAKE, RIVER"),
        ("contaminate", {"source": "LAKE", "turbidity": -1.0}, "can't take any away"),
        ("block_screen", {"share": 1.5}, "between 0 and 1"),
    ],
)
def test_a_wrong_fault_is_refused_in_words(
    process: Process, name: str, arguments: dict[str, float | str], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        process.fault(name, **arguments)


def test_one_long_step_does_what_many_short_ones_do() -> None:
    ends = []
    for step_s in (1.0, 0.25, 60.0):
        plant = Process(FOLDER)
        start(plant, "RPS.P1", "LPS.P1", "RAW.P1")
        plant.step(60.0)
        for _ in range(round(1800 / step_s)):
            plant.step(step_s)
        ends.append({name: plant.get(name) for name in ("PLANT.time_s", "TK3.level", "CLW.level", "RPS.P1.temp")})
        plant.close()
    for end in ends[1:]:
        assert end == pytest.approx(ends[0], rel=0.01)


def test_the_same_seed_gives_the_same_plant_and_another_seed_another_one() -> None:
    levels = []
    for seed in (1, 1, 2):
        plant = Process(FOLDER, seed)
        start(plant, "RPS.P1")
        plant.step(600.0)
        levels.append((plant.get("TK1.level"), plant.get("RIVER.turbidity"), plant.get("ZN.NORTH.demand")))
        plant.close()
    assert levels[0] == levels[1] != levels[2]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_order_that_is_no_number_is_refused_and_an_unknown_one_too(process: Process, value: float) -> None:
    with pytest.raises(ValueError, match=r"RPS.P1.speed_ref needs a finite number"):
        process.set("RPS.P1.speed_ref", value)
    assert process.get("RPS.P1.speed_ref") == 50.0
    with pytest.raises(KeyError):
        process.set("TK1.level", 50.0)
    with pytest.raises(ValueError, match="can't move on"):
        process.step(value)


def test_a_wrong_model_file_names_every_mistake(tmp_path: Path) -> None:
    text = (FOLDER / "model.toml").read_text("utf-8")
    (tmp_path / "model.toml").write_text(text.replace("start = 6.0", "start = 25.0\nspeed = 3"), "utf-8")
    with pytest.raises(ModelError, match=r"model.toml: start: .*less than 24; speed: Extra inputs"):
        Process(tmp_path)
    (tmp_path / "model.toml").write_text("format = ", "utf-8")
    with pytest.raises(ModelError, match=r"model.toml: Invalid value"):
        Process(tmp_path)
    with pytest.raises(ModelError, match=r"model.toml"):
        Process(tmp_path / "nowhere")
