"""Running a plant on a thread: it announces itself, and leaves nothing behind."""

import socket
import threading
from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_client import ControlClient
from plant_models.simulation.front import PortError
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.runner import run_simulation
from tests.fakes.plant_process import running_plant

DEMO = RESOURCES / "plants" / "netherby"


def test_the_demo_plant_announces_five_devices_and_quits_on_command() -> None:
    said: list[Announcement] = []
    status: list[dict[str, object]] = []

    def on_announced(announcement: Announcement) -> None:
        said.append(announcement)
        asking.start()

    def ask() -> None:
        control = ControlClient(said[0].control, said[0].token)
        status.append(control.request("status"))
        control.request("quit")

    asking = threading.Thread(target=ask)
    run_simulation(DEMO, 1.0, on_announced, threading.Event())
    asking.join()
    devices = ["LPS_PLC", "RPS_PLC", "TNK_PLC", "NET_PLC", "WTW_UA"]
    assert list(said[0].endpoints) == devices
    assert (status[0]["failure"], status[0]["speed"]) == (None, 1.0)
    for endpoint in (*said[0].endpoints.values(), said[0].control):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((endpoint.host, endpoint.port))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.toml"):
        run_simulation(tmp_path, 1.0, lambda _: None, threading.Event())


def test_a_port_in_use_is_named_and_nothing_stays_open(tmp_path: Path) -> None:
    with running_plant(tmp_path) as plant:
        port = plant.announcement.control.port
        with pytest.raises(
            PortError, match=f"the control port can't listen on 127.0.0.1:{port}: Address already in use"
        ):
            run_simulation(DEMO, 1.0, lambda _: None, threading.Event(), port)


def test_every_run_has_a_token_of_its_own(tmp_path: Path) -> None:
    with running_plant(tmp_path) as first, running_plant(tmp_path) as second:
        assert first.announcement.token != second.announcement.token
        assert len(first.announcement.token) >= 32


def test_a_running_plant_closes_its_physics_and_sockets_at_the_end(tmp_path: Path) -> None:
    with running_plant(tmp_path) as plant:
        endpoint = plant.endpoints["LPS_PLC"]
    assert plant.process.is_closed
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint.host, endpoint.port))


def test_an_announcement_survives_its_line() -> None:
    line = '{"endpoints": {"A": {"host": "127.0.0.1", "port": 5}}, "control": {"host": "h", "port": 6}, "token": "t"}'
    assert Announcement.from_line(line).to_line() == line


@pytest.mark.parametrize(
    "line", ["", "hello", "[]", '{"endpoints": {}}', '{"endpoints": [], "control": 1, "token": ""}']
)
def test_a_line_that_is_no_announcement_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no announcement of a virtual plant"):
        Announcement.from_line(line)
