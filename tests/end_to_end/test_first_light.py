"""The whole line: a person at a real window commands a pump of the virtual plant through real sockets."""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from hmi.control_room import ControlRoom, open_control_room
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session
from station.store.verify import verify_folder
from tests.end_to_end.operator import Operator

MAIN = Path(__file__).resolve().parents[2] / "main.py"
DEMO = RESOURCES / "plants" / "netherby"


@pytest.fixture
def twin() -> Iterator[VirtualPlant]:
    plant = VirtualPlant.start(DEMO, 30.0, [sys.executable, str(MAIN), "simulate"])
    yield plant
    plant.stop()


@pytest.fixture
def station(twin: VirtualPlant, tmp_path: Path) -> Iterator[LocalStation]:
    station = LocalStation(load_plant(DEMO), tmp_path / "data", SystemClock(), twin.endpoints)
    station.start()
    yield station
    station.stop()


@pytest.fixture
def room(qapp: QApplication, station: LocalStation) -> Iterator[ControlRoom]:
    with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
        assert room.window is not None
        room.window.resize(1920, 1080)
        room.window.show()
        yield room


@pytest.mark.timeout(300)
def test_an_operator_sees_a_level_move_stops_a_pump_and_sees_the_water_answer(
    room: ControlRoom, station: LocalStation, tmp_path: Path
) -> None:
    operator = Operator(room)

    async def shift() -> None:
        await operator.click("River pump station")
        await operator.sees("pump 1 giving water", lambda: operator.number("RPS.P1.FLOW") > 100)
        assert "Running" in operator.state("RPS.P1")
        await operator.sees("the clearwell level", lambda: not math.isnan(operator.number("CLW.LEVEL")))
        level = operator.number("CLW.LEVEL")
        await operator.sees("the clearwell level move", lambda: abs(operator.number("CLW.LEVEL") - level) > 0.2)

        operator.open_faceplate("RPS.P1")
        assert "Running" in operator.texts()
        assert "must be in Manual" in operator.texts()
        await operator.click("Manual", operator.faceplate())
        await operator.confirm()
        await operator.sees("Manual beside the pump", lambda: "Manual" in operator.state("RPS.P1"))

        await operator.click("Stop", operator.faceplate())
        await operator.confirm()
        await operator.sees("the pump stopped", lambda: "Stopped" in operator.state("RPS.P1"))
        await operator.sees("no more flow", lambda: operator.number("RPS.P1.FLOW") < 1)
        await operator.sees("the state word", lambda: "Stopped" in operator.texts())
        await operator.sees("the end of the command", lambda: "verified" in operator.texts().lower())

    room.run(shift())
    status = station.last_command("RPS.P1.CMD")
    assert status is not None
    assert status.state == "verified"
    table = station.table
    assert (table.sample("RPS.P1.RUN").value, table.sample("RPS.P1.MODE").value) == (0, 1), "what the screen said"
    assert table.sample("RPS.P1.FLOW").value < 1
    station.stop()
    verdict = verify_folder(tmp_path / "data")
    assert verdict.bad is None
    assert verdict.rows >= 8
