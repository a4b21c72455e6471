"""The driver of the how-to page: installed as its entry point says, run against real gauges, and short."""

import importlib
import socket
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.base import WriteState
from drivers.health import LinkState
from plant_models.plant import Plant
from plant_models.project import check_plant, load_plant, mistakes
from plant_models.protocols import known_protocols
from plant_models.quality import Quality
from tests.docs.markdown import ROOT, blocks
from tests.fakes.plant_folder import PlantFolder
from tests.fakes.running_pool import RunningPool
from tests.fakes.waiting import wait_until

PAGE = ROOT / "docs" / "how-to" / "write-a-driver.md"
FILES = {block.file: block.text for block in blocks(PAGE.read_text(encoding="utf-8")) if block.file}


class Gauges:
    """A real server of lines; `values` by name. `refuses` commands, `loses` the answer to them, or sends `nonsense`."""

    def __init__(self, port: int = 0) -> None:
        self.values = {"river.flow": "12.5", "river.setpoint": "3.0", "river.note": "all is well"}
        self.lines: list[str] = []
        self.refuses = self.loses = self.is_mute = False
        self._links: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def stop(self) -> None:
        """End the server and every connection; does nothing if it has ended."""
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join(20)

    @property
    def writes(self) -> list[str]:
        return [line for line in list(self.lines) if line.startswith("WRITE")]

    def _start(self, work: object, *parts: object) -> None:
        self._threads.append(threading.Thread(target=work, args=parts, daemon=True))  # type: ignore[arg-type]
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._links.append(link)
            self._start(self._serve, link)

    def _serve(self, link: socket.socket) -> None:
        with link, link.makefile("rb") as requests:
            try:
                for line in requests:
                    self.lines.append(line.decode().strip())
                    reply = self._reply(*self.lines[-1].split())
                    if reply and not self.is_mute:
                        link.sendall(reply.encode() + b"\n")
            except OSError:
                return

    def _reply(self, verb: str, name: str, value: str = "") -> str:
        if verb == "READ":
            return self.values.get(name, "ERR no such name")
        if self.refuses:
            return "ERR locked"
        self.values[name] = value
        return "" if self.loses else "OK"


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the package as pip would: its module, and what its metadata says of entry points."""
    folder = tmp_path_factory.mktemp("site-packages")
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    (folder / "clearwell_lines.py").write_text(FILES["clearwell_lines.py"], encoding="utf-8")
    info = folder / f"clearwell_lines-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text(points)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield
    sys.path.remove(str(folder))
    sys.modules.pop("clearwell_lines", None)


@pytest.fixture
def gauges() -> Iterator[Gauges]:
    one = Gauges()
    yield one
    one.stop()


@pytest.fixture
def plant(tmp_path: Path, gauges: Gauges) -> Plant:
    """The plant of the page, read every 50 ms."""
    folder = PlantFolder(tmp_path / "plant")
    folder.replace("plant.toml", "normal = 1.0", "normal = 0.05")
    folder.write("devices.toml", FILES["devices.toml"].replace("5020", str(gauges.port)))
    folder.write("tags.csv", FILES["tags.csv"])
    assert mistakes(check_plant(folder.path)) == []
    return load_plant(folder.path)


@pytest.fixture
def pool(plant: Plant) -> Iterator[RunningPool]:
    with RunningPool(plant) as one:
        one.wait_good("FLOW", "SETPOINT", "NOTE")
        yield one


def test_the_driver_is_shorter_than_a_hundred_lines() -> None:
    assert FILES["clearwell_lines.py"].count("\n") < 100
    assert known_protocols()[-1] == "lines"


def test_values_and_texts_come_and_change(pool: RunningPool, gauges: Gauges) -> None:
    assert pool.sink.values(["FLOW", "SETPOINT"]) == [12.5, 3.0]
    assert pool.sink.sample("NOTE").text == "all is well"
    gauges.values["river.flow"] = "13.25"
    wait_until(lambda: pool.sink.sample("FLOW").value == 13.25)
    assert pool.health("GAUGES").state is LinkState.CONNECTED


def test_a_server_that_is_killed_makes_all_bad_and_comes_back_on_a_new_connection(
    pool: RunningPool, gauges: Gauges
) -> None:
    gauges.stop()
    pool.wait_bad("FLOW", "SETPOINT", "NOTE")
    assert pool.sink.sample("FLOW").quality == Quality.BAD_NO_COMMUNICATION
    pool.wait_for("GAUGES", LinkState.DOWN)
    assert pool.write("SETPOINT", 5.0).state is WriteState.NOT_SENT
    again = Gauges(gauges.port)
    pool.wait_good("FLOW", "SETPOINT", "NOTE")
    assert pool.health("GAUGES").reconnects == 1
    assert again.writes == []
    again.stop()


def test_a_mute_server_makes_all_bad(pool: RunningPool, gauges: Gauges) -> None:
    gauges.is_mute = True
    pool.wait_bad("FLOW", "SETPOINT", "NOTE")
    gauges.is_mute = False
    pool.wait_good("FLOW", "SETPOINT", "NOTE")
    assert pool.health("GAUGES").timeouts >= 1


def test_a_name_that_the_gauge_does_not_know_is_bad_alone(pool: RunningPool, gauges: Gauges) -> None:
    del gauges.values["river.flow"]
    pool.wait_bad("FLOW")
    assert pool.sink.sample("FLOW").quality == Quality.BAD_DECODING_ERROR
    assert pool.sink.is_good("SETPOINT", "NOTE")
    assert "FLOW can't be read" in pool.health("GAUGES").last_error


def test_a_command_leaves_once_and_is_verified(pool: RunningPool, gauges: Gauges) -> None:
    outcome = pool.write("SETPOINT", 7.5)
    assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, 7.5)
    assert gauges.writes == ["WRITE river.setpoint 7.5"]
    assert pool.write("FLOW", 1.0).message == "FLOW is read only"


def test_a_command_that_is_refused_changes_nothing(pool: RunningPool, gauges: Gauges) -> None:
    gauges.refuses = True
    assert pool.send("SETPOINT", 7.5).result(20).state is WriteState.REFUSED
    assert pool.sink.sample("SETPOINT").value == 3.0


def test_a_command_whose_answer_is_lost_is_unknown_and_never_repeated(pool: RunningPool, gauges: Gauges) -> None:
    gauges.loses = True
    assert pool.write("SETPOINT", 7.5).state is WriteState.UNKNOWN
    wait_until(lambda: pool.sink.sample("SETPOINT").value == 7.5)
    assert gauges.writes == ["WRITE river.setpoint 7.5"]
