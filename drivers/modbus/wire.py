"""Requests on one connection: opened when needed, timed, counted, and closed on the second time-out in a row.

A connection that stays silent is never trusted again: the next request gets a new one. Owned by one worker thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.back_off import BackOff
from drivers.counters import Counters
from drivers.modbus.client import ModbusClient
from drivers.modbus.errors import BadReply, LinkLost, ModbusError, NoConnection, NoReply, Refused
from plant_models.address import Table
from plant_models.clock import Clock

_SILENT_LIMIT: Final = 2

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reply:
    """The data bytes of a read. `source_us` is the wall time in the middle of the request."""

    payload: bytes
    source_us: int
    received_ns: int


class Wire:
    """A client with its manners."""

    def __init__(self, client: ModbusClient, back_off: BackOff, clock: Clock) -> None:
        self._client = client
        self._back_off = back_off
        self._clock = clock
        self._silent_in_row = 0
        self._refusal = ""

    @property
    def ready_ns(self) -> int:
        """When the next attempt to connect is allowed (monotonic); past while there is a connection."""
        return self._back_off.due_ns

    def open(self) -> None:
        """Make sure there is a connection.

        Raises:
            NoConnection: there is none, and it is too early to try again or the attempt failed.
        """
        if not self._back_off.is_due(self._clock.mono_ns()):
            raise NoConnection(self._refusal)
        try:
            self._client.open()
        except NoConnection as error:
            self._refusal = error.words
            self._back_off.failed(self._clock.mono_ns())
            raise
        self._back_off.succeeded()

    def read(self, unit: int, counters: Counters, table: Table, offset: int, count: int) -> Reply:
        """Read registers or bits.

        Raises:
            ModbusError: any of its kinds.
        """
        self.open()
        before_us = self._clock.wall_us()
        payload = self._timed(lambda: self._client.read(unit, table, offset, count), counters)
        return Reply(payload, (before_us + self._clock.wall_us()) // 2, self._clock.mono_ns())

    def write(self, unit: int, counters: Counters, table: Table, offset: int, words: tuple[int, ...]) -> None:
        """Send one frame on the open connection; call `open` before.

        Raises:
            ModbusError: any of its kinds.
        """
        self._timed(lambda: self._client.write(unit, table, offset, words), counters)

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def abort(self) -> None:
        """Make a request under way fail soon; any thread."""
        self._client.abort()

    def _timed(self, request: Callable[[], Result], counters: Counters) -> Result:
        self._client.on_frame = counters.on_frame
        start_ns = self._clock.mono_ns()
        try:
            result = request()
        except NoReply:
            counters.timed_out()
            self._silent_in_row += 1
            if self._silent_in_row >= _SILENT_LIMIT:
                self._drop()
            raise
        except (LinkLost, BadReply) as error:
            counters.lost(error.words)
            self._drop()
            raise
        except Refused as refusal:
            self._answered(counters, start_ns)
            counters.failed(refusal.words, str(refusal.code), refusal.words)
            raise
        except ModbusError as error:
            self._answered(counters, start_ns)
            counters.failed(error.words)
            raise
        self._answered(counters, start_ns)
        return result

    def _answered(self, counters: Counters, start_ns: int) -> None:
        self._silent_in_row = 0
        counters.replied((self._clock.mono_ns() - start_ns) / 1e6)

    def _drop(self) -> None:
        self._silent_in_row = 0
        self._client.close()
