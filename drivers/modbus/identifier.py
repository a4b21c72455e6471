"""Asks each unit once on each connection what it is. Nothing depends on the answer. Runs on the worker's thread.

A unit that refuses, stays silent or says something strange is never asked again.
"""

from collections.abc import Sequence
from typing import Final

from drivers.modbus.errors import LinkLost, ModbusError
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.schedule import NEVER_NS
from plant_models.clock import Clock

PATIENCE_NS: Final = 5_000_000_000
"""How long a unit has been up before it is asked: its values come first."""


class Identifier:
    """The curious part of a connection."""

    def __init__(self, units: Sequence[Unit], wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._units = list(units)
        self._due: dict[Unit, tuple[int, int]] = {}

    def step(self, now_ns: int) -> bool:
        """Ask one unit if one is due; True if it was asked."""
        connection = self._wire.connections
        for unit in self._units:
            of_connection, due_ns = self._due.get(unit, (0, NEVER_NS))
            if not unit.is_up:
                self._due.pop(unit, None)
            elif of_connection != connection:
                self._due[unit] = (connection, now_ns + PATIENCE_NS)
            elif due_ns <= now_ns:
                self._due[unit] = (connection, NEVER_NS)
                self._ask(unit)
                return True
        return False

    def next_ns(self) -> int:
        """Return when `step` will next have something to do."""
        return min((due_ns for _, due_ns in self._due.values()), default=NEVER_NS)

    def _ask(self, unit: Unit) -> None:
        try:
            unit.counters.identification = self._wire.identify(unit.device.unit_id, unit.counters)
        except LinkLost:
            return  # says nothing about the unit; it is asked on the next connection
        except ModbusError:
            self._units.remove(unit)
            self._due.pop(unit)
