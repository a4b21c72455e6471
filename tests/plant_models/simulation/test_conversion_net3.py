"""The demo network against the public one that it was made of, over a day of EPANET's own hourly steps."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import wntr.epanet.toolkit
import wntr.library

from plant_models.simulation.convert_net3 import NETWORK_FILE, adapted, converted, smoothed, write

FEET: Final = 0.3048
TANKS: Final = ("1", "2", "3")
ELEVATION, HEAD, STATUS = 0, 10, 11  # codes of the EPANET toolkit
Control = Callable[[Any, int, dict[str, float]], None]


def run_day(network: Path, folder: Path, unit_m: float, control: Control | None = None) -> list[dict[str, float]]:
    """Return the tank levels in m at every full hour of a day; `control` acts before each step of at most a minute."""
    run = wntr.epanet.toolkit.ENepanet(str(network), str(folder / "day.rpt"), str(folder / "day.bin"))
    run.ENopen()
    nodes = {name: run.ENgetnodeindex(name) for name in TANKS}
    floors = {name: run.ENgetnodevalue(node, ELEVATION) for name, node in nodes.items()}
    run.ENopenH()
    run.ENinitH(0)
    hours: list[dict[str, float]] = []
    levels = {name: (run.ENgetnodevalue(node, HEAD) - floors[name]) * unit_m for name, node in nodes.items()}
    while len(hours) <= 24:
        if control is not None:
            control(run, run.cur_time, levels)
        time_s = run.ENrunH()
        levels = {name: (run.ENgetnodevalue(node, HEAD) - floors[name]) * unit_m for name, node in nodes.items()}
        if time_s % 3600 == 0:
            hours.append(levels)
        run.ENnextH()
    run.ENcloseH()
    run.ENclose()
    return hours


def worst(one: list[dict[str, float]], other: list[dict[str, float]]) -> float:
    return max(abs(a[tank] - b[tank]) for a, b in zip(one, other, strict=True) for tank in TANKS)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, float]]:
    shipped = Path(wntr.library.ModelLibrary().get_filepath("Net3"))
    return run_day(shipped, tmp_path_factory.mktemp("original"), FEET)


def test_units_and_quality_alone_keep_every_tank_level_within_five_centimetres(
    original: list[dict[str, float]], tmp_path: Path
) -> None:
    write(converted(), tmp_path / "converted.inp")
    error_m = worst(original, run_day(tmp_path / "converted.inp", tmp_path, 1.0))
    assert error_m < 0.05


def original_controls(run: Any, time_s: int, levels: dict[str, float]) -> None:
    """Net3's own controls, put to the adapted network from outside; the bypass of the river station is still there."""
    link = run.ENgetlinkindex
    run.ENsettimeparam(1, 60)
    run.ENsetlinkvalue(link("LPS.P1"), STATUS, float(3600 <= time_s % 86400 < 15 * 3600))
    if levels["1"] < 17.1 * FEET or levels["1"] > 19.1 * FEET:
        is_low = float(levels["1"] < 17.1 * FEET)
        run.ENsetlinkvalue(link("RPS.P1"), STATUS, is_low)
        run.ENsetlinkvalue(link("330"), STATUS, 1.0 - is_low)


def test_with_the_originals_controls_the_adapted_network_still_behaves_like_it(
    original: list[dict[str, float]], tmp_path: Path
) -> None:
    write(adapted(), tmp_path / "adapted.inp")
    difference_m = worst(original, run_day(tmp_path / "adapted.inp", tmp_path, 1.0, original_controls))
    assert difference_m < 0.6, "most of it is tank 2, behind the loss of its new inlet valve"


def test_the_committed_network_is_what_the_converter_writes(tmp_path: Path) -> None:
    write(adapted(), tmp_path / "network.inp")
    assert (tmp_path / "network.inp").read_bytes() == NETWORK_FILE.read_bytes()


def test_the_adapted_network_has_no_controls_but_twin_pumps_and_valves() -> None:
    model = adapted()
    assert not model.control_name_list
    assert sorted(model.pump_name_list) == ["LPS.P1", "LPS.P2", "RPS.P1", "RPS.P2"]
    assert {name: model.get_link(name).valve_type for name in model.valve_name_list} == {
        "CV1": "TCV",
        "CV2": "TCV",
        "PRV1": "PRV",
    }
    assert model.num_junctions == 92 + len(model.valve_name_list)
    for twins in (("LPS.P1", "LPS.P2"), ("RPS.P1", "RPS.P2")):
        ends = {(model.get_link(name).start_node_name, model.get_link(name).end_node_name) for name in twins}
        assert len(ends) == 1, "duty and standby are parallel"


def test_a_smoothed_pattern_keeps_the_days_mean_and_never_leaves_its_range() -> None:
    hourly = [1.34, 1.94, 1.46, 0.64, 0.0, 0.0, 1.67]
    steps = smoothed(hourly, 6)
    assert len(steps) == 6 * len(hourly)
    assert math.isclose(sum(steps) / len(steps), sum(hourly) / len(hourly), abs_tol=1e-4)
    assert min(steps) >= min(hourly)
    assert max(steps) <= max(hourly)
    assert max(abs(a - b) for a, b in zip(steps, steps[1:] + steps[:1], strict=True)) < 0.34, "no jump at the hour"
