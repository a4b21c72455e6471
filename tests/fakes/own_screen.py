"""A screen for each process of a test run: two programs on one screen would take the keyboard focus from each other."""

import atexit
import os
import shutil
import subprocess
from typing import Final

_SCREEN: Final = ("-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset")


def take_own_screen() -> None:
    """Begin an X server of this process's own and draw on it, where the run has a screen that others draw on too."""
    program = shutil.which("Xvfb")
    is_shared = "PYTEST_XDIST_WORKER" in os.environ and bool(os.environ.get("DISPLAY"))
    if not is_shared or program is None:
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), *_SCREEN],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(_stop, server)
    os.close(writing)
    with os.fdopen(reading) as answers:
        number = answers.readline().strip()
    if not number:
        raise RuntimeError(f"{program} ended before it had a screen")
    os.environ["DISPLAY"] = f":{number}"
    os.environ.pop("XAUTHORITY", None)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait()
