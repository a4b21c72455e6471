"""The control port: who is let in, and what each command does."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from plant_models.device import Endpoint
from plant_models.simulation.control_client import ControlClient, ControlError
from tests.fakes.plant_process import RunningPlant, running_plant
from tests.fakes.waiting import wait_until


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[RunningPlant]:
    with running_plant(tmp_path) as running:
        yield running


def say(plant: RunningPlant, line: bytes) -> list[dict[str, object]]:
    """Send bytes, then read until the port hangs up; return the answers."""
    endpoint = plant.announcement.control
    answers = b""
    with socket.create_connection((endpoint.host, endpoint.port), timeout=20) as connection:
        try:
            connection.sendall(line)
            while chunk := connection.recv(65536):
                answers += chunk
        except ConnectionResetError:
            pass
    return [json.loads(answer) for answer in answers.splitlines()]


@pytest.mark.parametrize(
    "token",
    [{}, {"token": ""}, {"token": "guess"}, {"token": None}, {"token": 1}, {"token": ["x"]}, {"token": "\ud800"}],
)
def test_a_request_without_the_token_gets_one_error_line_and_the_port_hangs_up(
    plant: RunningPlant, token: dict[str, object]
) -> None:
    request = json.dumps({"command": "kill", "plc": "LPS_PLC", **token}).encode() + b"\n"
    assert say(plant, request * 3) == [{"ok": False, "error": "the token is missing or wrong"}]
    assert plant.control.request("status")["plcs"]["LPS_PLC"]["state"] == "live"


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n{}",
        b"hello\n",
        b"[1]\n",
        b"{\n",
        b"{\xff}\n",
        b'{"a":' * 20000 + b"\n",
    ],
)
def test_anything_but_a_line_of_json_is_refused(plant: RunningPlant, line: bytes) -> None:
    answers = say(plant, line)
    assert [answer["ok"] for answer in answers] in ([False], [])
    assert plant.control.request("status")["failure"] is None


def test_a_line_over_64_kb_is_refused(plant: RunningPlant) -> None:
    padding = "x" * 70_000
    request = json.dumps({"token": plant.announcement.token, "command": "quit", "padding": padding}).encode() + b"\n"
    answers = say(plant, request)
    assert answers in ([{"ok": False, "error": "a request has at most 65536 bytes"}], [])
    assert plant.control.request("status")["failure"] is None


def test_several_requests_may_share_a_connection(plant: RunningPlant) -> None:
    endpoint = plant.announcement.control
    request = (
        json.dumps({"token": plant.announcement.token, "command": "get", "variable": "TK1.level"}).encode() + b"\n"
    )
    with socket.create_connection((endpoint.host, endpoint.port), timeout=20) as connection:
        connection.sendall(request * 2)
        replies = connection.makefile("rb")
        assert [json.loads(replies.readline())["ok"] for _ in range(2)] == [True, True]


def test_status_tells_what_is_off_normal(plant: RunningPlant) -> None:
    control = plant.control
    control.request("slow", plc="FLT_PLC", delay_s=0.5)
    control.request("freeze", plc="LPS_PLC")
    control.request("sensor", variable="TK1.level", fault="stuck")
    control.request("trip", equipment="LPS.P2")
    status = control.request("status")
    assert status["plcs"] == {
        "LPS_PLC": {"state": "frozen", "message": "LPS.P2 tripped"},
        "FLT_PLC": {"state": "slow", "message": "Normal"},
    }
    assert status["sensors"] == {"TK1.level": "stuck"}
    assert (status["speed"], status["failure"]) == (1.0, None)


def test_a_sensor_can_be_given_each_fault_and_mended(plant: RunningPlant) -> None:
    def said(**fault: float | str) -> float | None:
        plant.control.request("sensor", variable="RAW.flow", **fault)
        value: float | None = plant.control.request("get", variable="RAW.flow")["value"]
        return value

    assert said(fault="value", value=7.5) == 7.5
    assert said(fault="nan") is None
    assert said(fault="clear") == 800.0
    assert said(fault="stuck") == 800.0
    assert said(fault="noisy", sigma=5.0) not in (None, 800.0)
    plant.control.request("speed", speed=600)
    plant.control.request("sensor", variable="RAW.flow", fault="drift", per_minute=-1.0)
    wait_until(lambda: plant.control.request("get", variable="RAW.flow")["value"] < 795, what="drift")
    assert plant.control.request("get", variable="RAW.flow")["truth"] == 800.0


def test_a_stamp_forces_a_value_and_tells_when(plant: RunningPlant) -> None:
    first = plant.control.request("stamp", plc="LPS_PLC", variable="TK1.level", value=12.0)["mono_ns"]
    second = plant.control.request("stamp", plc="LPS_PLC", variable="TK1.level", value=13.0)["mono_ns"]
    assert first < second
    assert plant.control.request("get", variable="TK1.level")["value"] == 13.0


def test_a_tripped_pump_shows_its_latched_fault(plant: RunningPlant) -> None:
    plant.control.request("trip", equipment="LPS.P1")
    assert plant.control.request("get", variable="LPS.P1.fault")["value"] == 1.0
    wait_until(lambda: plant.control.request("get", variable="LPS.P2.run")["value"] == 1.0, what="take-over")


def test_physics_faults_are_passed_on_with_their_arguments(plant: RunningPlant) -> None:
    plant.control.request("fault", name="burst", node="105", coefficient=12.5)
    assert plant.process.faults == [("burst", {"node": "105", "coefficient": 12.5})]


@pytest.mark.parametrize(
    ("request_body", "problem"),
    [
        ({"command": "dance"}, "unknown command 'dance'; there are freeze, thaw"),
        ({"command": "freeze", "plc": "MOON"}, "no PLC 'MOON'; there are LPS_PLC, FLT_PLC"),
        ({"command": "slow", "plc": "LPS_PLC"}, "delay_s is missing"),
        ({"command": "slow", "plc": "LPS_PLC", "delay_s": -1}, "delay_s must lie within 0 and 60"),
        ({"command": "slow", "plc": "LPS_PLC", "delay_s": True}, "delay_s is missing; it must be a finite number"),
        ({"command": "sensor", "variable": "MOON.level", "fault": "nan"}, "has a variable 'MOON.level'"),
        ({"command": "sensor", "variable": "TK1.level", "fault": "shy"}, "unknown sensor fault 'shy'"),
        ({"command": "sensor", "variable": "TK1.level", "fault": "drift"}, "per_minute is missing"),
        ({"command": "stamp", "plc": "LPS_PLC", "variable": "FLT.F1.mode", "value": 1}, "no variable 'FLT.F1.mode'"),
        ({"command": "trip", "equipment": "TK1"}, "no PLC has a drive 'TK1'"),
        ({"command": "fault", "name": "flood"}, "no such fault"),
        ({"command": "fault", "name": ["burst"]}, "name is missing"),
        ({"command": "speed", "speed": 1e6}, "speed 1e+06; it must lie within 0 and 3600"),
        ({"command": "speed", "speed": -1}, "must lie within"),
        ({"command": "get"}, "variable is missing"),
    ],
)
def test_a_command_that_cannot_be_obeyed_says_why(
    plant: RunningPlant, request_body: dict[str, float | str], problem: str
) -> None:
    with pytest.raises(ControlError) as caught:
        plant.control.request(**request_body)  # type: ignore[arg-type]
    assert problem in str(caught.value)


def test_a_client_without_a_server_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ControlError, match="doesn't answer"):
        ControlClient(Endpoint("127.0.0.1", port), "token").request("status")
