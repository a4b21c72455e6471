"""One person's preferences: each change is applied at once, and kept beside the GUI thread.

They belong to the person, not to a plant: one file in the user's own folder, named by whoever starts the program. Of
two programs of one person that run at the same time, the one that changes something last is remembered.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import structlog
from PySide6.QtCore import QObject, Signal

from hmi.preferences.chosen import Chosen, sensible
from hmi.preferences.list_look import ListLook
from hmi.preferences.small_file import read_small, write_small
from hmi.sound.settings import SoundSettings
from hmi.tasks import Tasks
from hmi.theme.theme import theme
from hmi.units.choice import units

FILE_NAME: Final = "preferences.json"
_LOG: Final = structlog.get_logger(__name__)


def load_chosen(folder: Path | None) -> Chosen:
    """Return what a person has chosen before; without a folder what holds at a first start."""
    return Chosen() if folder is None else sensible(read_small(folder / FILE_NAME))


class Preferences(QObject):
    """Without a folder nothing is kept: pictures, tests, benchmarks."""

    changed = Signal()

    def __init__(self, chosen: Chosen, folder: Path | None, tasks: Tasks) -> None:
        super().__init__()
        self._chosen = self._kept = chosen
        self._path = None if folder is None else folder / FILE_NAME
        self._tasks = tasks
        self._lock = threading.Lock()
        self._problem = ""

    @property
    def chosen(self) -> Chosen:
        return self._chosen

    @property
    def problem(self) -> str:
        """Why the last change isn't kept, "" if it is."""
        return self._problem

    def choose_theme(self, name: str) -> None:
        """Show everything in a theme, now and from the next start on."""
        theme().set_name(name)
        self._change(lambda chosen: replace(chosen, theme=name))

    def choose_language(self, language: str) -> None:
        """Speak a language from the next start on."""
        self._change(lambda chosen: replace(chosen, language=language))

    def choose_unit(self, quantity: str, unit: str) -> None:
        """Show a quantity in a unit, now and from the next start on; "" is the plant's."""
        chosen = {name: each for name, each in self._chosen.units.items() if name != quantity}
        wanted: Mapping[str, str] = chosen | {quantity: unit} if unit else chosen
        units().choose(wanted)
        self._change(lambda chosen: replace(chosen, units=wanted))

    def choose_sound(self, sound: SoundSettings) -> None:
        """Let alarms sound like this, now and from the next start on."""
        self._change(lambda chosen: replace(chosen, sound=sound))

    def choose_alarm_list(self, look: ListLook) -> None:
        """Show the alarm list otherwise, now and from the next start on."""
        self._change(lambda chosen: replace(chosen, alarm_list=look))

    def save(self) -> None:
        """Write what holds now, unless it is written already; what goes wrong is logged and told. Any thread."""
        if self._path is None:
            return
        with self._lock:
            chosen = self._chosen
            if chosen == self._kept:
                return
            try:
                write_small(self._path, asdict(chosen))
                self._kept, self._problem = chosen, ""
            except OSError as error:
                self._problem = error.strerror or str(error)
                _LOG.warning("preferences not saved", path=str(self._path), error=str(error))

    def _change(self, make: Callable[[Chosen], Chosen]) -> None:
        before, self._chosen = self._chosen, make(self._chosen)
        if self._chosen != before:
            self.changed.emit()
            if self._path is not None:
                self._tasks.start(self._keep())

    async def _keep(self) -> None:
        await asyncio.to_thread(self.save)
        self.changed.emit()
