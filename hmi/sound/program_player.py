"""Plays tones with a program of the computer, one process at a time. GUI thread, which waits for none of it.

A process that takes longer than its tone and a few seconds hangs on a dead sound server: it is ended and has failed.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer

from hmi.i18n import tr
from hmi.sound.player import Told
from hmi.sound.tones import TONES, tone_file

PROGRAMS: Final = (("pw-play", ()), ("paplay", ()), ("aplay", ("-q",)), ("afplay", ()))
"""Programs and their first arguments: PipeWire, PulseAudio, ALSA, macOS; the first that works is used."""
MOST_MS: Final = 4_000
"""What a program may take beside the length of its tone."""
_END_MS: Final = 1_000
_WORDS: Final = 200


def program_players(folder: Path) -> Iterator["ProgramPlayer"]:
    """Yield a player for each program that is on the PATH; the tones lie in `folder`."""
    for name, arguments in PROGRAMS:
        if (found := shutil.which(name)) is not None:
            yield ProgramPlayer(found, arguments, folder)


class ProgramPlayer(QObject):
    """One program. `is_certain`: its exit code tells whether it could play."""

    is_certain = True

    def __init__(self, program: str, arguments: tuple[str, ...], folder: Path, most_ms: int = MOST_MS) -> None:
        super().__init__()
        self.title = Path(program).name
        self._program, self._arguments, self._folder, self._most_ms = program, arguments, folder, most_ms
        self._process: QProcess | None = None
        self._told: Told | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(lambda: self._end(tr("it takes too long")))

    def play(self, priority: int, volume: str, told: Told) -> None:
        self.stop()
        process = self._process = QProcess(self)
        self._told = told
        process.setStandardOutputFile(QProcess.nullDevice())
        process.finished.connect(lambda code, status: self._on_finished(process, code, status))
        process.errorOccurred.connect(lambda error: self._on_error(process, error))
        self._limit.start(self._most_ms + round(TONES[priority].seconds * 1_000))
        process.start(self._program, [*self._arguments, str(tone_file(self._folder, priority, volume))])

    def stop(self) -> None:
        self._limit.stop()
        process, self._process, self._told = self._process, None, None
        if process is not None:
            process.kill()  # it is taken away by _on_finished

    def close(self) -> None:
        self.stop()
        for process in self.findChildren(QProcess):
            process.kill()
            process.waitForFinished(_END_MS)

    def _on_finished(self, process: QProcess, code: int, status: QProcess.ExitStatus) -> None:
        said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()[:_WORDS]
        process.deleteLater()
        if process is self._process:
            is_good = code == 0 and status is QProcess.ExitStatus.NormalExit
            self._end("" if is_good else said or tr("it ended with code {code}").format(code=code))

    def _on_error(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            process.deleteLater()
            if process is self._process:
                self._end(process.errorString())

    def _end(self, reason: str) -> None:
        told = self._told
        self.stop()
        if told is not None:
            told(reason)
