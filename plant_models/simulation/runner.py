"""Runs a virtual plant on the calling thread, with an asyncio loop of its own, until told to stop."""

import asyncio
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from plant_models.clock import SystemClock
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_commands import ControlCommands
from plant_models.simulation.control_port import ControlPort
from plant_models.simulation.process import Process
from plant_models.simulation.simulation import Simulation

TICK_S: Final = 0.1


Announce = Callable[[Announcement], None]


def run_simulation(
    folder: Path, speed: float, announce: Announce, stop: threading.Event, control_port: int = 0
) -> None:
    """Run the virtual plant of a plant folder (its `model/`) until `stop` is set; `announce` is called once it listens.

    `control_port` 0 is any free one.

    Raises:
        ModelError, HydraulicError: the model folder is wrong.
        ValueError: the speed isn't within 0…3600.
        PortError: a port that was asked for can't be opened.
    """
    model = folder / "model"
    process = Process(model)
    try:
        simulation = Simulation(model, process, speed, SystemClock())
    except BaseException:
        process.close()
        raise
    asyncio.run(serve(simulation, announce, stop, control_port))


async def serve(simulation: Simulation, announce: Announce, stop: threading.Event, control_port: int = 0) -> None:
    """Serve a simulation until `stop` is set, then close its sockets and its physics."""
    token = secrets.token_hex(32)  # never begins with a dash, so a terminal takes it as it is
    control = ControlPort(ControlCommands(simulation, stop), token, control_port)
    try:
        await control.start()
        await simulation.start()
        announce(Announcement(simulation.endpoints, control.endpoint, token))
        while not stop.is_set():
            await simulation.tick()
            await asyncio.sleep(TICK_S)
    finally:
        await control.stop()
        await simulation.stop()
