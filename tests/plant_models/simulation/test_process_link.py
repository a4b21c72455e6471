"""The virtual plant in a process of its own: it starts, obeys, and is gone when whoever started it is."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from plant_models.device import Endpoint
from plant_models.paths import RESOURCES
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.process_link import VirtualPlant, VirtualPlantError
from tests.fakes.model_folder import write_model
from tests.fakes.plant_process import SIMULATE
from tests.fakes.waiting import wait_until

DEMO = RESOURCES / "plants" / "netherby"
ROOT = Path(__file__).resolve().parents[3]


def is_listening(announcement: Announcement) -> bool:
    try:
        socket.create_connection((announcement.control.host, announcement.control.port)).close()
    except OSError:
        return False
    return True


def test_it_starts_obeys_and_stops() -> None:
    plant = VirtualPlant.start(DEMO, 60, SIMULATE)
    try:
        assert set(plant.endpoints) == {"LPS_PLC", "RPS_PLC", "TNK_PLC", "NET_PLC", "WTW_UA"}
        assert plant.control.request("status")["speed"] == 60
        assert plant.is_running()
    finally:
        plant.stop()
    plant.stop()
    assert not plant.is_running()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((plant.control.endpoint.host, plant.control.endpoint.port))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    with subprocess.Popen(
        [*SIMULATE, str(DEMO), "--speed", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        announcement = Announcement.from_line(child.stdout.readline())
        assert is_listening(announcement)
        child.send_signal(number)
        assert child.wait(20) == 0
        assert child.stdout.read() == ""
    assert not is_listening(announcement)


def test_it_ends_when_the_process_that_started_it_is_killed() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import threading\n"
        "from pathlib import Path\n"
        "from plant_models.simulation.process_link import VirtualPlant\n"
        "from tests.fakes.plant_process import SIMULATE\n"
        f"plant = VirtualPlant.start(Path({str(DEMO)!r}), 1, SIMULATE)\n"
        "print(plant.announcement.to_line(), flush=True)\n"
        "threading.Event().wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        announcement = Announcement.from_line(parent.stdout.readline())
        assert is_listening(announcement)
        os.kill(parent.pid, signal.SIGKILL)
        wait_until(lambda: not is_listening(announcement), what="the end of the orphan")


def test_a_model_that_is_wrong_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(VirtualPlantError, match=r"^The virtual plant can't run: .*model\.toml") as caught:
        VirtualPlant.start(tmp_path, 1, SIMULATE)
    assert "\n" not in str(caught.value)


def test_a_command_that_does_not_exist_is_told() -> None:
    with pytest.raises(VirtualPlantError, match="can't be started"):
        VirtualPlant.start(DEMO, 1, ["/nowhere/python"])


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("raise SystemExit(3)", "the virtual plant ended with code 3"),
        ("import sys; sys.stderr.write('first\\nsecond\\n\\n')", "second"),
        ("print('hello'); input()", "no announcement of a virtual plant: 'hello"),
    ],
)
def test_a_child_that_says_something_else_is_told(tmp_path: Path, code: str, problem: str) -> None:
    with pytest.raises(VirtualPlantError) as caught:
        VirtualPlant.start(write_model(tmp_path), 1, [sys.executable, "-c", code])
    assert problem in str(caught.value)


def test_an_announcement_that_breaks_whoever_reads_it_is_told_too(tmp_path: Path) -> None:
    line = '{"endpoints": {"PLC": {"host": "", "port": Infinity}}}'
    plant = VirtualPlant.launch(tmp_path, 1, [sys.executable, "-c", f"print({line!r}, flush=True); input()"])
    try:
        error = plant.found.exception(timeout=20)
        assert isinstance(error, VirtualPlantError)
        assert "OverflowError" in str(error)
    finally:
        plant.stop()


def test_a_child_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(VirtualPlantError, match=r"did not listen within 0\.2 s"):
        VirtualPlant.start(tmp_path, 1, [sys.executable, "-c", "input()"], timeout_s=0.2)


def test_a_child_that_does_not_end_is_ended_by_force(tmp_path: Path) -> None:
    stubborn = "import threading; threading.Event().wait()"
    with pytest.raises(VirtualPlantError, match="did not listen"):
        VirtualPlant.start(tmp_path, 1, [sys.executable, "-c", stubborn], timeout_s=0.2)


def test_one_that_still_starts_is_not_waited_for_at_the_stop() -> None:
    stubborn = "import threading; threading.Event().wait()"
    plant = VirtualPlant.launch(DEMO, 1, [sys.executable, "-c", stubborn])
    assert not plant.found.done()
    plant.stop()
    assert plant._process.returncode in (-signal.SIGTERM, 1), "ended at once, not killed after a wait"
    with pytest.raises(VirtualPlantError, match="ended with code"):
        plant.endpoints  # noqa: B018


def test_whoever_waits_is_told_where_the_plcs_are(tmp_path: Path) -> None:
    told: list[str] = []
    line = Announcement({"PLC": Endpoint("127.0.0.1", 1502)}, Endpoint("127.0.0.1", 1), "secret").to_line()
    plant = VirtualPlant.launch(tmp_path, 1, [sys.executable, "-c", f"print({line!r}, flush=True); input()"])
    plant.found.add_done_callback(lambda found: told.extend(found.result()))
    assert plant.endpoints == {"PLC": Endpoint("127.0.0.1", 1502)}
    assert not plant.found.cancel()
    plant.stop()
    assert told == ["PLC"]
