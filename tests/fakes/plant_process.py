"""A small virtual plant that is up and running on real sockets, for tests of whatever talks to PLCs.

`running_plant` runs it on a thread of the test's own process, without hydraulics and within milliseconds; `SIMULATE` is
the command that runs a real one in a process of its own (see VirtualPlant.start).
"""

import asyncio
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Final

from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_client import ControlClient
from plant_models.simulation.runner import serve
from plant_models.simulation.simulation import Simulation
from tests.fakes.model_folder import write_model
from tests.fakes.process import FakeProcess

_ROOT: Final = Path(__file__).resolve().parents[2]
SIMULATE: Final = (sys.executable, str(_ROOT / "main.py"), "simulate")


@dataclass(frozen=True)
class RunningPlant:
    """The plant of tests/fakes/model_folder.py; `process` is its FakeProcess."""

    endpoints: Mapping[str, Endpoint]
    control: ControlClient
    announcement: Announcement
    process: FakeProcess


@contextmanager
def running_plant(folder: Path, speed: float = 1.0, with_opcua: bool = False) -> Iterator[RunningPlant]:
    """Run the small plant in `folder` (an empty one, such as tmp_path) until the block ends."""
    process = FakeProcess()
    simulation = Simulation(write_model(folder / "model", with_opcua), process, speed, SystemClock())
    stop, announced = threading.Event(), Queue[Announcement]()
    thread = threading.Thread(
        target=lambda: asyncio.run(serve(simulation, announced.put, stop)), name="virtual plant of a test"
    )
    thread.start()
    try:
        announcement = announced.get(timeout=30)
        control = ControlClient(announcement.control, announcement.token)
        yield RunningPlant(announcement.endpoints, control, announcement, process)
    finally:
        stop.set()
        thread.join()
