"""The virtual plant as a process of its own, main thread: announce on stdout, run until stdin ends or a signal comes.

The end of stdin is how it notices that the process which started it has gone, even if that was killed.

What a start makes stays (thousands of nodes of OPC UA's standard model): the garbage collector would look through it
again and again, for a third of the time until the PLCs listen, and find nothing. So it begins once they do.
"""

import gc
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO

from plant_models.simulation.announcement import Announcement
from plant_models.simulation.engine import HydraulicError
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.runner import run_simulation


def run_standalone(folder: Path, speed: float, stdin: IO[str], stdout: IO[str], control_port: int = 0) -> int:
    """Run the virtual plant of `folder` and return the exit code; what is wrong goes to stderr in one line.

    `control_port` 0 is any free one.
    """
    gc.disable()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_await_end, args=(stdin.fileno(), stop), name="stdin", daemon=True).start()

    def announce(announcement: Announcement) -> None:
        stdout.write(announcement.to_line() + "\n")
        stdout.flush()
        gc.freeze()
        gc.enable()

    try:
        run_simulation(folder, speed, announce, stop, control_port)
    except (ModelError, HydraulicError, ValueError, OSError) as error:
        sys.stderr.write(f"The virtual plant can't run: {error}\n")
        return 1
    return 0


def _await_end(descriptor: int, stop: threading.Event) -> None:
    """Set `stop` when the other end of stdin is closed.

    It reads the descriptor itself: a thread that sits in `sys.stdin` holds a lock which the interpreter needs to exit.
    """
    while os.read(descriptor, 4096):
        pass
    stop.set()
