"""Starts the virtual plant in a process of its own and ends it again: the near side of `standalone`. Any one thread.

The child lives as long as its stdin is open, so it also ends when this process is killed.
"""

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Final

from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_client import ControlClient

_START_S: Final = 60.0
_STOP_S: Final = 2.0
_KEPT_LINES: Final = 20


class VirtualPlantError(RuntimeError):
    """The virtual plant didn't start; one line says why."""


class VirtualPlant:
    """A running virtual plant: `endpoints` of its PLCs by device name, and its `control` port."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._errors: deque[str] = deque(maxlen=_KEPT_LINES)
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = [
            threading.Thread(target=_drain, args=(process.stdout, self._lines.put), name="virtual plant out"),
            threading.Thread(target=_drain, args=(process.stderr, self._errors.append), name="virtual plant errors"),
        ]
        for reader in self._readers:
            reader.start()

    @classmethod
    def start(cls, folder: Path, speed: float, command: Sequence[str], timeout_s: float = _START_S) -> "VirtualPlant":
        """Start `command FOLDER --speed SPEED` and return once its PLCs listen.

        Raises:
            VirtualPlantError: it can't be started, ended before it listened, or took longer than `timeout_s`.
        """
        line = [*command, str(folder), "--speed", f"{speed:g}"]
        try:
            process = subprocess.Popen(
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
            )
        except OSError as error:
            raise VirtualPlantError(f"the virtual plant can't be started: {error}") from error
        plant = cls(process)
        try:
            plant._await_announcement(timeout_s)
        except BaseException:
            plant.stop()
            raise
        return plant

    def is_running(self) -> bool:
        """Tell whether the process is alive; if it isn't, `last_words` may say why."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """Return the newest line of its stderr, or an empty text."""
        return next((line.strip() for line in reversed(tuple(self._errors)) if line.strip()), "")

    def stop(self) -> None:
        """End it: politely, and after 2 s by force. May be called again."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join()

    def _await_announcement(self, timeout_s: float) -> None:
        try:
            line = self._lines.get(timeout=timeout_s)
        except Empty:
            raise VirtualPlantError(f"the virtual plant did not listen within {timeout_s:g} s") from None
        if not line:
            self._process.wait()
            self._readers[1].join()
            raise VirtualPlantError(
                self.last_words() or f"the virtual plant ended with code {self._process.returncode}"
            )
        try:
            announcement = Announcement.from_line(line)
        except ValueError as error:
            raise VirtualPlantError(str(error)) from error
        self.announcement = announcement
        self.endpoints = announcement.endpoints
        self.control = ControlClient(announcement.control, announcement.token)


def _drain(stream: IO[str], keep: Callable[[str], object]) -> None:
    """Hand on every line, then an empty one at the end of the stream."""
    with stream:
        for line in stream:
            keep(line)
    keep("")
