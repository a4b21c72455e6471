"""Requests on one connection: opened when needed, timed, counted, and closed after one or two time-outs in a row.

A connection that stays silent is never trusted again: the next request gets a new one. Owned by one worker thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.back_off import BackOff
from drivers.counters import Counters
from drivers.modbus.client import ModbusClient
from drivers.modbus.errors import BadReply, Doubtful, LinkLost, ModbusError, NoConnection, NoReply, Refused
from plant_models.address import Table
from plant_models.clock import Clock

_FRESH_NS: Final = 1_000_000
"""So soon after a reply nobody asks the system whether the connection is still there before a read."""

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
        self._heard_ns = -_FRESH_NS
        self._late = 0

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._client.connections

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

    def prepare(self, unit: int) -> None:
        """Make all ready for a frame to this unit to leave at once: the connection, and the silence before it.

        Raises:
            LinkLost: there is no connection.
            BadReply: bytes come without end.
        """
        self.open()
        self._prepare(unit)

    def read(self, unit: int, counters: Counters, table: Table, offset: int, count: int) -> Reply:
        """Read registers or bits.

        Raises:
            ModbusError: any of its kinds.
        """
        start_ns = self._clock.mono_ns()
        if start_ns - self._heard_ns > _FRESH_NS:
            self.open()
        try:
            self._prepare(unit)
        except (LinkLost, BadReply) as error:
            counters.lost(error.words)
            raise
        before_us = self._clock.wall_us()
        payload = self._timed(lambda: self._client.read(unit, table, offset, count), counters)
        return Reply(payload, (before_us + self._clock.wall_us()) // 2, self._heard_ns)

    def write(self, unit: int, counters: Counters, table: Table, offset: int, words: tuple[int, ...]) -> None:
        """Send one frame; call `prepare` before.

        Raises:
            ModbusError: any of its kinds.
        """
        self._timed(lambda: self._client.write(unit, table, offset, words), counters)

    def read_write(self, unit: int, counters: Counters, offset: int, words: tuple[int, ...]) -> bytes:
        """Send one frame that writes registers, and return their data bytes as it read them; call `prepare` before.

        Raises:
            ModbusError: any of its kinds.
        """
        span = offset, len(words)
        return self._timed(lambda: self._client.read_write(unit, span, offset, words), counters)

    def mask_write(self, unit: int, counters: Counters, offset: int, and_mask: int, or_mask: int) -> None:
        """Change bits of a holding register in one frame on the open connection; call `open` before.

        Raises:
            ModbusError: any of its kinds.
        """
        self._timed(lambda: self._client.mask_write(unit, offset, and_mask, or_mask), counters)

    def identify(self, unit: int, counters: Counters) -> str:
        """Return what the device says it is. It may well not know the question: silence or a refusal is no failure.

        Raises:
            ModbusError: any of its kinds.
        """
        self.open()
        self._prepare(unit)
        start_ns = self._clock.mono_ns()
        try:
            text = self._client.identify(unit)
        except NoReply:
            if self._client.silent_limit == 1:
                self._drop()
            raise
        except (LinkLost, BadReply):
            self._drop()
            raise
        self._answered(counters, start_ns)
        return text

    def close(self) -> None:
        """Drop the connection."""
        self._drop()

    def abort(self) -> None:
        """Make a request under way fail soon; any thread."""
        self._client.abort()

    def _timed(self, request: Callable[[], Result], counters: Counters) -> Result:
        self._client.on_frame = counters.on_frame
        start_ns = self._clock.mono_ns()
        try:
            result = self._watched(request, counters)
        except NoReply:
            counters.timed_out()
            self._silent_in_row += 1
            if self._silent_in_row >= self._client.silent_limit:
                self._drop()
            raise
        except (LinkLost, BadReply) as error:
            counters.lost(error.words)
            self._drop()
            raise
        except (Refused, Doubtful) as refusal:
            self._answered(counters, start_ns)
            counters.failed(refusal.words, str(refusal.code), refusal.words)
            raise
        except ModbusError as error:
            self._answered(counters, start_ns)
            counters.failed(error.words)
            raise
        self._answered(counters, start_ns)
        return result

    def _prepare(self, unit: int) -> None:
        try:
            self._client.prepare(unit)
        except (LinkLost, BadReply):
            self._drop()
            raise

    def _watched(self, request: Callable[[], Result], counters: Counters) -> Result:
        try:
            return request()
        finally:
            late = self._client.late
            if late != self._late:
                counters.came_late(late - self._late)
                self._late = late

    def _answered(self, counters: Counters, start_ns: int) -> None:
        self._silent_in_row = 0
        self._heard_ns = self._clock.mono_ns()
        counters.replied((self._heard_ns - start_ns) / 1e6)

    def _drop(self) -> None:
        self._silent_in_row = 0
        self._heard_ns = -_FRESH_NS
        self._client.close()
