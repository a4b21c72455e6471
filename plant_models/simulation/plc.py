"""One virtual PLC: its programs, its own variables, and the view of the process that its registers or nodes serve.

Loop thread only. Servers read through `read` and write through `write`, so that a program acts within the request and
what a client reads next is already its answer.
"""

import math
from collections.abc import Sequence

from plant_models.simulation.address_map import MapEntry
from plant_models.simulation.dosing import Dosing
from plant_models.simulation.filter_program import FilterBank
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.plc_config import PlcConfig
from plant_models.simulation.program import Program, Totals, Variable
from plant_models.simulation.pump_group import PumpGroup
from plant_models.simulation.sensors import Sensors
from plant_models.simulation.valve import ControlValve, PressureValve

_HEARTBEAT_MODULUS = 65536


class Plc:
    """The PLC that `config` describes. `process_variables` is everything that its sensors may read."""

    def __init__(self, config: PlcConfig, sensors: Sensors, process_variables: frozenset[str]) -> None:
        self.config = config
        self.name = config.name
        self._sensors = sensors
        self._process_variables = process_variables
        self._programs = _programs(config)
        self._asset = config.heartbeat or config.name
        self._heartbeat = Variable()
        self._variables: dict[str, Variable] = {f"{self._asset}.heartbeat": self._heartbeat}
        for program in self._programs:
            self._variables |= program.variables()

    @property
    def message_variable(self) -> str:
        """The name of its text variable."""
        return f"{self._asset}.message"

    def check(self, entries: Sequence[MapEntry]) -> None:
        """Refuse a map that names what this PLC doesn't have.

        Raises:
            ModelError: an unknown variable, rw on a read-only one, or a text that isn't the message.
        """
        for entry in entries:
            name, text = entry.variable, self.message_variable
            if (entry.type == "text") != (name == text):
                raise ModelError(f"{entry.where}: type {entry.type} for {name}; {text} is a text, all others are not")
            if name != text and not self.knows(name):
                raise ModelError(f"{entry.where}: {self.name} knows no variable {name!r}{self._hint(name)}")
            if entry.is_writable and not self.is_writable(name):
                raise ModelError(f"{entry.where}: {name} is read-only; write access r")

    def knows(self, variable: str) -> bool:
        return variable in self._variables or variable in self._process_variables

    def is_writable(self, variable: str) -> bool:
        own = self._variables.get(variable)
        return own is not None and own.on_write is not None

    def read(self, variable: str) -> float:
        """Return a variable as its sensor gives it; NaN if there is no value."""
        own = self._variables.get(variable)
        return self._sensors.read(variable) if own is None else self._sensors.sense(variable, own.value)

    def truth(self, variable: str) -> float:
        """Return a variable as it really is, whatever its sensor says."""
        own = self._variables.get(variable)
        return self._sensors.truth(variable) if own is None else own.value

    def message(self) -> str:
        """Return what the PLC has to say in words: everything that isn't normal, or "Normal"."""
        if self._sensors.failure:
            return f"Simulation stopped: {self._sensors.failure}"
        return "; ".join(remark for program in self._programs for remark in program.remarks()) or "Normal"

    def write(self, variable: str, value: float) -> None:
        """Hand a client's finite value to the program, which may refuse or limit it; a read-only one ignores it."""
        own = self._variables.get(variable)
        if own is not None and own.on_write is not None and math.isfinite(value):
            own.on_write(value)

    def trip(self, equipment: str) -> bool:
        """Trip a drive; False if it isn't one of this PLC's."""
        return any(program.trip(equipment) for program in self._programs)

    def step(self, dt_s: float) -> None:
        """Run the programs over `dt_s` of plant time."""
        for program in self._programs:
            program.step(dt_s, self._sensors)

    def beat(self, wall_s: float) -> None:
        """Set the heartbeat, which counts whole seconds of wall time since the start and wraps at 65536."""
        self._heartbeat.value = float(int(wall_s) % _HEARTBEAT_MODULUS)

    def _hint(self, variable: str) -> str:
        asset = variable.rpartition(".")[0]
        known = {*self._variables, *self._process_variables}
        siblings = sorted(name for name in known if name.rpartition(".")[0] == asset)
        return f"; it has {', '.join(siblings)}" if siblings else f"; it has nothing of {asset or variable}"


def _programs(config: PlcConfig) -> tuple[Program, ...]:
    return (
        *(PumpGroup(each) for each in config.group),
        *(Dosing(each) for each in config.dosing),
        *(FilterBank(each) for each in config.filters),
        *(ControlValve(each) for each in config.valve),
        *(PressureValve(each) for each in config.prv),
        *([Totals(config.totals)] if config.totals else []),
    )
