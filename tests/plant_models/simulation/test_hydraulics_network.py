"""The network over EPANET: what orders, faults and failures do to it."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from plant_models.simulation.convert_net3 import NETWORK_FILE
from plant_models.simulation.engine import Engine, HydraulicError
from plant_models.simulation.hydraulics import Hydraulics
from plant_models.simulation.model_file import ModelError, load_model
from plant_models.simulation.network_parts import Values

MODEL = load_model(NETWORK_FILE.with_name("model.toml"))


@pytest.fixture
def network() -> Iterator[Hydraulics]:
    hydraulics = Hydraulics(NETWORK_FILE, MODEL, np.random.default_rng(1))
    hydraulics.set_source("River", 67.0, 0.9)
    yield hydraulics
    hydraulics.close()


def run(network: Hydraulics, seconds: int, step: int = 10) -> Values:
    for _ in range(seconds // step):
        network.step(float(step))
    return network.values


def start(network: Hydraulics, *pumps: str) -> None:
    for name in pumps:
        network.pumps[name].on = 1.0


def test_a_stopped_pump_gives_nothing_and_a_started_one_raises_the_pressure(network: Hydraulics) -> None:
    before = dict(run(network, 60))
    assert before["RPS.flow"] == before["RPS.P1.flow"] == before["RPS.P1.power"] == 0.0
    assert before["RPS.P1.discharge"] == before["RPS.P1.suction"]
    start(network, "RPS.P1")
    after = run(network, 60)
    assert after["RPS.P1.flow"] > 2000.0
    assert after["RPS.P2.flow"] == 0.0
    assert after["RPS.discharge"] > before["RPS.discharge"] + 2.0
    assert after["RPS.suction"] < before["RPS.suction"]
    assert after["TK3.inflow"] > before["TK3.inflow"]


def test_a_pump_that_starts_passes_nothing_until_it_can_lift(network: Hydraulics) -> None:
    start(network, "RPS.P1")
    starting = [dict(network.step(1.0)) for _ in range(20)]
    slow = [values for values in starting if values["RPS.P1.speed"] < 24.0]
    assert [values["RPS.P1.speed"] for values in slow] == [5.0, 10.0, 15.0, 20.0]
    assert {values["RPS.P1.flow"] for values in slow} == {0.0}
    for values in starting:
        assert values["RPS.P1.discharge"] > values["RPS.P1.suction"]
        assert values["RPS.P1.power"] > 0.0
        assert values["RPS.P1.flow"] == 0.0 or values["RPS.P1.head"] > 0.0
    assert slow[-1]["RPS.P1.head"] == pytest.approx((slow[-1]["RPS.P1.speed"] / 50.0) ** 2 * 60.96)
    network.pumps["RPS.P1"].speed_ref = 25.0
    slowest = run(network, 60)
    assert slowest["RPS.P1.flow"] > 1000.0
    assert slowest["RPS.P1.discharge"] > slowest["RPS.P1.suction"] + 0.2


def test_the_speed_moves_the_pump_along_the_affinity_laws(network: Hydraulics) -> None:
    start(network, "LPS.P1")
    full = run(network, 60)["LPS.P1.flow"]
    network.pumps["LPS.P1"].speed_ref = 45.0
    values = run(network, 60)
    assert 0.3 * full < values["LPS.P1.flow"] < 0.95 * full
    # Net3's curve in feet and gallons a minute: H = 104 - 12 (Q / 2000)^n through (4000, 63), with H ~ s^2 and Q ~ s.
    exponent = math.log2(41.0 / 12.0)
    gallons = values["LPS.P1.flow"] / 0.227125
    head_ft = 0.9**2 * (104.0 - 12.0 * (gallons / 0.9 / 2000.0) ** exponent)
    assert values["LPS.P1.head"] == pytest.approx(head_ft * 0.3048, rel=0.005)


def test_tank_volume_changes_by_exactly_its_inflow(network: Hydraulics) -> None:
    start(network, "RPS.P1", "LPS.P1")
    run(network, 60)
    for _ in range(30):
        before = dict(network.values)
        after = network.step(1.0)
        for tank in ("TK1", "TK2", "TK3"):
            gained = after[f"{tank}.volume"] - before[f"{tank}.volume"]
            assert gained == pytest.approx(after[f"{tank}.inflow"] / 3600.0, abs=0.01)


def test_what_is_supplied_is_consumed_or_stored(network: Hydraulics) -> None:
    start(network, "RPS.P1", "LPS.P1")
    values = run(network, 600)
    zones = sum(values[f"ZN.{zone}.demand"] for zone in ("NORTH", "CENTRE", "SOUTH"))
    stored = sum(values[f"TK{number}.inflow"] for number in (1, 2, 3))
    assert values["RPS.flow"] + values["LPS.flow"] == pytest.approx(zones + stored, rel=1e-3)


def test_shorter_steps_than_a_second_add_up(network: Hydraulics) -> None:
    start(network, "LPS.P1")
    run(network, 60)
    level = network.values["TK3.level_m"]
    for _ in range(9):
        network.step(0.1)
    assert network.values["TK3.level_m"] == level
    network.step(0.1)
    assert network.values["TK3.level_m"] != level


def test_a_closing_control_valve_throttles_and_shuts_tight(network: Hydraulics) -> None:
    start(network, "RPS.P1")
    open_flow = run(network, 120)["CV2.flow"]
    network.openings["CV2"] = 40.0
    values = dict(run(network, 120))
    assert values["CV2.position"] == 40.0
    assert 0.0 < values["CV2.flow"] < 0.9 * open_flow
    assert values["CV2.upstream"] > values["CV2.downstream"] + 0.2
    network.openings["CV2"] = 0.0
    assert abs(run(network, 120)["CV2.flow"]) < 0.01
    network.openings["CV2"] = 100.0
    assert run(network, 120)["CV2.flow"] > 0.5 * open_flow


def test_the_reducing_valve_holds_its_setpoint(network: Hydraulics) -> None:
    start(network, "RPS.P1")
    for setpoint in (3.0, 2.2):
        network.pressures["PRV1"] = setpoint
        values = run(network, 60)
        assert values["PRV1.downstream"] == pytest.approx(setpoint, abs=0.005)
        assert values["PRV1.upstream"] > 3.3


def test_a_burst_shows_as_inflow_without_demand_and_its_repair_ends_it(network: Hydraulics) -> None:
    start(network, "RPS.P1", "LPS.P1")
    before = dict(run(network, 60))
    network.burst("203", 60.0)
    during = dict(run(network, 10))
    lost = during["ZN.SOUTH.inflow"] - during["ZN.SOUTH.demand"]
    assert 200.0 < lost < 500.0
    assert during["PT.203.pressure"] < before["PT.203.pressure"]
    network.burst("203", 0.0)
    after = run(network, 10)
    assert after["ZN.SOUTH.inflow"] == pytest.approx(after["ZN.SOUTH.demand"], abs=0.1)


@pytest.mark.parametrize(
    ("node", "coefficient"), [("Lake", 10.0), ("nowhere", 10.0), ("203", -1.0), ("203", float("nan"))]
)
def test_an_impossible_burst_is_refused(network: Hydraulics, node: str, coefficient: float) -> None:
    with pytest.raises(ValueError, match=r"junction|coefficient"):
        network.burst(node, coefficient)


def test_chlorine_travels_from_the_works_into_the_network(network: Hydraulics) -> None:
    start(network, "RPS.P1")
    run(network, 600)
    network.set_source("River", 67.0, 0.2)
    values = run(network, 4 * 3600)
    assert values["PT.61.chlorine"] == pytest.approx(0.2, abs=0.02)
    assert values["PT.123.chlorine"] == pytest.approx(0.2, abs=0.02), "14 km of main take less than 4 h"
    assert 0.2 < values["TK1.chlorine"] < 0.6


def test_a_network_that_drains_runs_dry_but_goes_on(network: Hydraulics) -> None:
    network.burst("203", 2000.0)
    values = run(network, 6 * 3600)
    assert values["TK1.level"] < 1.0
    assert sum(values[f"ZN.{zone}.demand"] for zone in ("NORTH", "CENTRE", "SOUTH")) < 1.0
    assert network.failure is None
    start(network, "RPS.P1", "LPS.P1")
    network.burst("203", 0.0)
    assert run(network, 3600)["TK3.inflow"] > 100.0


def test_a_failed_solve_keeps_the_last_values_says_so_and_is_recovered_from(
    network: Hydraulics, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(network, "RPS.P1", "LPS.P1")
    good = dict(run(network, 3600))

    def fail(_: Engine, __: int) -> None:
        raise HydraulicError("EPANET error 110 after 3600 s of plant time")

    with monkeypatch.context() as broken:
        broken.setattr(Engine, "advance", fail)
        failed = dict(run(network, 60))
    assert failed["PLANT.hydraulic_fault"] == 1.0
    assert network.failure == "EPANET error 110 after 3600 s of plant time"
    assert failed["TK1.level"] == good["TK1.level"]
    recovered = run(network, 60)
    assert recovered["PLANT.hydraulic_fault"] == 0.0
    assert network.failure is None
    assert recovered["TK1.level"] == pytest.approx(good["TK1.level"], abs=0.5)
    assert recovered["TK1.chlorine"] == pytest.approx(good["TK1.chlorine"], abs=0.01)
    assert recovered["ZN.NORTH.demand"] == pytest.approx(good["ZN.NORTH.demand"], rel=0.2), "the same time of day"
    assert recovered["RPS.flow"] == pytest.approx(good["RPS.flow"], rel=0.03)


def test_a_run_that_epanet_ends_is_started_afresh(tmp_path: Path) -> None:
    text = NETWORK_FILE.read_text("latin-1")
    ending = tmp_path / "ending.inp"
    ending.write_text(text.replace("480000:00:00", "00:10:00"), "latin-1")
    hydraulics = Hydraulics(ending, MODEL, np.random.default_rng(1))
    failures = []
    for _ in range(150):
        hydraulics.step(10.0)
        failures.append(hydraulics.failure)
    hydraulics.close()
    ends = [failure for failure in failures if failure]
    assert len(ends) == 2, "150 steps of 10 s meet two ends of 600 s"
    assert all(end.startswith("EPANET ended the run after") for end in ends)


def test_a_missing_network_is_a_hydraulic_error(tmp_path: Path) -> None:
    with pytest.raises(HydraulicError, match="EPANET error 302"):
        Engine(tmp_path / "none.inp")


def test_a_model_that_names_an_unknown_link_says_which() -> None:
    wrong = MODEL.model_copy(update={"meter": (MODEL.meter[0].model_copy(update={"link": "9999"}),)})
    with pytest.raises(ModelError, match=r"FT.RIVER names '9999', which is not in network.inp"):
        Hydraulics(NETWORK_FILE, wrong, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("table", "change", "problem"),
    [
        ("tank", {"node": "99"}, "TK1 names '99'"),
        ("station", {"suction": "Sea"}, "LPS names 'Sea'"),
        ("station", {"pumps": ("LPS.P9",)}, "a pump station names 'LPS.P9'"),
        ("source", {"node": "Sea"}, "LAKE names 'Sea'"),
        ("zone", {"nodes": ("10",)}, "zone ZN.NORTH has no junction with a demand"),
    ],
)
def test_a_model_that_does_not_fit_the_network_says_where(table: str, change: dict[str, object], problem: str) -> None:
    first, *others = getattr(MODEL, table)
    wrong = MODEL.model_copy(update={table: (first.model_copy(update=change), *others)})
    with pytest.raises(ModelError, match=problem):
        Hydraulics(NETWORK_FILE, wrong, np.random.default_rng(1))


def test_closing_removes_epanets_temporary_files() -> None:
    engine = Engine(NETWORK_FILE)
    engine.advance(3600)
    folder = Path(engine._folder.name)
    assert folder.is_dir()
    assert sum(file.stat().st_size for file in folder.iterdir()) < 10_000
    engine.close()
    engine.close()
    assert not folder.exists()
