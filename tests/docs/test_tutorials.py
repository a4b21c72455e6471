"""Both tutorials are followed to the letter: files saved, commands run, a real PLC read and commanded by a person."""

import math
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from pymodbus.client import ModbusTcpClient
from PySide6.QtWidgets import QApplication

from hmi.control_room import ControlRoom, open_control_room
from plant_models.clock import SystemClock
from plant_models.project import check_plant, load_plant
from station.local import LocalStation
from station.session import operating_system_session
from tests.docs.markdown import ROOT, Reader, arguments
from tests.end_to_end.operator import Operator
from tests.fakes.screen_texts import texts
from tests.fakes.waiting import wait_until

TUTORIALS = ROOT / "docs" / "tutorials"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_plc(command: str, folder: Path, port: int) -> Iterator[None]:
    """Run the tutorial's PLC as a process of its own until the end of the block."""
    process = subprocess.Popen(arguments(command), cwd=folder)
    try:
        wait_until(lambda: answers(port), what="the PLC of the tutorial")
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def shown(plant: Path, data: Path, qapp: QApplication) -> Iterator[tuple[Operator, ControlRoom]]:
    """Do what `main.py run` does: a station, a window, and somebody in front of it."""
    station = LocalStation(load_plant(plant), data, SystemClock())
    station.start()
    try:
        with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
            room.window.resize(1920, 1080)
            room.window.show()
            yield Operator(room), room
    finally:
        station.stop()


def test_connect_my_first_plc(tmp_path: Path, qapp: QApplication) -> None:
    port = free_port()
    reader = Reader((TUTORIALS / "connect-my-first-plc.md").read_text(encoding="utf-8"), tmp_path, port)
    plc = reader.until("plc.py")
    with running_plc(plc, reader.home, port):
        assert reader.until("main.py run").endswith("../my-plant")
        with shown(tmp_path / "my-plant", tmp_path / "data", qapp) as (operator, room):
            room.run(see_and_command(operator))
        with ModbusTcpClient("127.0.0.1", port=port) as client:
            assert client.read_holding_registers(100, count=3).registers == [0b0100, 1, 2], "what the PLC was told"
        assert reader.to_the_end() == []
    with shown(tmp_path / "my-plant", tmp_path / "data", qapp) as (operator, room):
        room.run(see_the_pressure_come_back(operator, lambda: running_plc(plc, reader.home, port)))


async def see_and_command(operator: Operator) -> None:
    await operator.sees("the flow", lambda: operator.number("PS1.P1.FLOW") == 420)
    assert "Running" in operator.state("PS1.P1")
    operator.open_faceplate("PS1.P1")
    await operator.click("Manual", operator.faceplate())
    await operator.confirm()
    await operator.click("Stop", operator.faceplate())
    await operator.confirm()
    await operator.sees("the pump stopped", lambda: "Stopped" in operator.state("PS1.P1"))
    assert "verified" in operator.texts().lower()


async def see_the_pressure_come_back(operator: Operator, plc: Callable[[], AbstractContextManager[None]]) -> None:
    """Start the PLC, stop it, and start it again."""

    def pressure() -> float:
        return operator.number("PS1.PRESSURE")

    def banner() -> str:
        return "\n".join(text for _, text in texts(operator.window.banner))

    with plc():
        await operator.sees("the pressure", lambda: pressure() == 5.0)
    await operator.sees("no pressure as good", lambda: math.isnan(pressure()))
    await operator.sees("one alarm", lambda: "No communication" in banner())
    with plc():
        await operator.sees("the pressure again", lambda: pressure() == 5.0)


def test_make_my_own_plant(tmp_path: Path, qapp: QApplication) -> None:
    reader = Reader((TUTORIALS / "make-my-own-plant.md").read_text(encoding="utf-8"), tmp_path)
    folder = tmp_path / "booster"
    assert reader.until("main.py run").endswith("../booster")
    assert len(check_plant(folder)) == 2, "the mistakes made on purpose"
    equipment, alarms = folder / "equipment.csv", folder / "alarms.csv"
    equipment.write_text(equipment.read_text().replace("boster", "booster"))
    alarms.write_text(alarms.read_text().replace("RUNING", "RUNNING"))
    plant = load_plant(folder)
    assert {alarm.name: alarm.limit for alarm in plant.alarms}["HB.P2.PRESSURE.H"] == 10
    with shown(folder, tmp_path / "data", qapp) as (operator, room):
        room.run(operator.sees("the page", lambda: operator.state("HB.P1")))
        assert "Stopped" not in operator.state("HB.P1"), "nothing is known of a pump that doesn't answer"
