"""Starts the virtual plant in a process of its own and ends it again: the near side of `standalone`. Any one thread.

The child lives as long as its stdin is open, so it also ends when this process is killed. A thread waits for what it
announces; callbacks on `found` run there.
"""

import logging
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Final

from plant_models.device import Endpoint
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_client import ControlClient

_START_S: Final = 60.0
_STOP_S: Final = 2.0
_KEPT_LINES: Final = 20
_log = logging.getLogger(__name__)


class VirtualPlantError(RuntimeError):
    """The virtual plant didn't start; one line says why."""


class VirtualPlant:
    """A virtual plant that starts or runs. `found` has the endpoints of its PLCs by device name once they listen.

    It fails with VirtualPlantError if they never do. `announcement` and `control`, its control port, are there from
    then on.
    """

    def __init__(self, process: subprocess.Popen[str], timeout_s: float) -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._errors: deque[str] = deque(maxlen=_KEPT_LINES)
        self.found: Future[Mapping[str, Endpoint]] = Future()
        self.found.set_running_or_notify_cancel()  # from now on nobody can cancel it
        assert process.stdout is not None
        assert process.stderr is not None
        self._errors_reader = _thread("errors", _drain, process.stderr, self._errors.append)
        self._threads = [
            self._errors_reader,
            _thread("out", _drain, process.stdout, self._lines.put),
            _thread("start", self._await_announcement, timeout_s),
        ]
        for thread in self._threads:
            thread.start()

    @classmethod
    def launch(cls, folder: Path, speed: float, command: Sequence[str], timeout_s: float = _START_S) -> "VirtualPlant":
        """Start `command FOLDER --speed SPEED` and return at once; it has `timeout_s` until its PLCs listen.

        Raises:
            VirtualPlantError: it can't be started.
        """
        line = [*command, str(folder), "--speed", f"{speed:g}"]
        try:
            process = subprocess.Popen(
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
            )
        except OSError as error:
            raise VirtualPlantError(f"the virtual plant can't be started: {error}") from error
        return cls(process, timeout_s)

    @classmethod
    def start(cls, folder: Path, speed: float, command: Sequence[str], timeout_s: float = _START_S) -> "VirtualPlant":
        """Launch it and return once its PLCs listen.

        Raises:
            VirtualPlantError: it can't be started, ended before it listened, or took longer than `timeout_s`.
        """
        plant = cls.launch(folder, speed, command, timeout_s)
        try:
            plant.found.result()
        except BaseException:
            plant.stop()
            raise
        return plant

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """Where its PLCs are; waits until they listen.

        Raises:
            VirtualPlantError: they never will.
        """
        return self.found.result()

    def is_running(self) -> bool:
        """Tell whether the process is alive; if it isn't, `last_words` may say why."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """Return the newest line of its stderr, or an empty text."""
        return next((line.strip() for line in reversed(tuple(self._errors)) if line.strip()), "")

    def stop(self) -> None:
        """End it: politely, and after 2 s by force; one that still starts isn't waited for. May be called again."""
        if not self.found.done():
            self._process.terminate()  # it has nothing to put in order, and doesn't look at its stdin yet
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()

    def _await_announcement(self, timeout_s: float) -> None:
        try:
            endpoints = self._listen(timeout_s)
        except VirtualPlantError as error:
            self.found.set_exception(error)
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, told to whoever waits
            _log.exception("the start of the virtual plant can't be followed")
            self.found.set_exception(VirtualPlantError(f"the virtual plant can't be reached: {error!r}"))
        else:
            self.found.set_result(endpoints)

    def _listen(self, timeout_s: float) -> Mapping[str, Endpoint]:
        try:
            line = self._lines.get(timeout=timeout_s)
        except Empty:
            raise VirtualPlantError(f"the virtual plant did not listen within {timeout_s:g} s") from None
        if not line:
            self._process.wait()
            self._errors_reader.join()
            raise VirtualPlantError(
                self.last_words() or f"the virtual plant ended with code {self._process.returncode}"
            )
        try:
            announcement = Announcement.from_line(line)
        except ValueError as error:
            raise VirtualPlantError(str(error)) from error
        self.announcement = announcement
        self.control = ControlClient(announcement.control, announcement.token)
        return announcement.endpoints


def _thread(name: str, target: Callable[..., None], *arguments: object) -> threading.Thread:
    return threading.Thread(target=target, args=arguments, name=f"virtual plant {name}")


def _drain(stream: IO[str], keep: Callable[[str], object]) -> None:
    """Hand on every line, then an empty one at the end of the stream."""
    with stream:
        for line in stream:
            keep(line)
    keep("")
