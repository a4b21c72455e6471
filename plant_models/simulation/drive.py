"""One motor starter with its local logic: mode, commands, fault latch, run hours. Loop thread only.

Rules: `cmd` acts on each write and keeps the value; a refused command puts it back to 0, so that a readback shows it.
Start is accepted in Manual only, without a fault and with its permissive. Stop is accepted in every mode and turns Auto
into Manual. Reset clears the latched fault in every mode. A change of mode never starts a drive; Off stops it at once.
"""

import math
from collections.abc import Iterable, Mapping
from enum import IntEnum

from plant_models.simulation.program import Variable


class Mode(IntEnum):
    """Who decides whether the drive runs."""

    OFF = 0
    MANUAL = 1
    AUTO = 2


class Command(IntEnum):
    """What may be written to `cmd`."""

    NONE = 0
    START = 1
    STOP = 2
    RESET = 3


class Drive:
    """A drive named `name`. `since_s` is the plant time since it last started or stopped, infinite before that.

    `is_permitted` is its hard-wired permissive, set by the program that owns it; without it the drive can't run.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.run, self.fault, self.avail = Variable(), Variable(), Variable(1)
        self.hours, self.starts = Variable(), Variable()
        self.mode = Variable(Mode.AUTO, self._write_mode)
        self.cmd = Variable(Command.NONE, self._write_cmd)
        self.since_s = math.inf
        self.is_permitted = True

    @property
    def is_running(self) -> bool:
        return self.run.value == 1.0

    @property
    def is_automatic(self) -> bool:
        """In Auto and without a fault: the program may start it."""
        return self.mode.value == Mode.AUTO and self.fault.value == 0.0

    def variables(self) -> Mapping[str, Variable]:
        names = ("run", "fault", "avail", "mode", "cmd", "hours", "starts")
        return {f"{self.name}.{name}": getattr(self, name) for name in names}

    def remarks(self) -> Iterable[str]:
        """Return what isn't normal, in words."""
        if self.fault.value:
            yield f"{self.name} tripped"

    def order(self, is_on: bool) -> None:
        """Start or stop it, as the program decides; a start counts."""
        if is_on == self.is_running:
            return
        self.run.value = float(is_on)
        self.starts.value += float(is_on)
        self.since_s = 0.0

    def trip(self) -> None:
        """Stop it with a fault that stays until it is reset."""
        self.order(False)
        self.fault.value = 1.0
        self._show_availability()

    def step(self, dt_s: float) -> None:
        """Let `dt_s` of plant time pass."""
        if not self.is_permitted:
            self.order(False)
        self.since_s += dt_s
        if self.is_running:
            self.hours.value += dt_s / 3600.0

    def _write_mode(self, wanted: float) -> None:
        if wanted not in (Mode.OFF, Mode.MANUAL, Mode.AUTO):
            return
        self.mode.value = wanted
        if wanted == Mode.OFF:
            self.order(False)
        self._show_availability()

    def _write_cmd(self, wanted: float) -> None:
        self.cmd.value = wanted if self._obey(wanted) else Command.NONE

    def _obey(self, wanted: float) -> bool:
        if wanted == Command.START:
            if self.mode.value != Mode.MANUAL or self.fault.value or not self.is_permitted:
                return False
            self.order(True)
        elif wanted == Command.STOP:
            self.order(False)
            if self.mode.value == Mode.AUTO:
                self.mode.value = float(Mode.MANUAL)
        elif wanted == Command.RESET:
            self.fault.value = 0.0
            self._show_availability()
        return wanted in (Command.START, Command.STOP, Command.RESET)

    def _show_availability(self) -> None:
        self.avail.value = float(self.mode.value != Mode.OFF and not self.fault.value)
