"""Commands on one connection: exactly one frame each, then the same address is read back. Runs on the worker's thread.

A frame is never repeated; if its reply is lost, the readback decides (`drivers.verdict`). One write is under way at a
time; polls go on between its readbacks.
"""

from dataclasses import dataclass
from typing import Final

from drivers.base import Sink, WriteState
from drivers.modbus.decoder import Decoder, Part
from drivers.modbus.errors import ModbusError, Refused
from drivers.modbus.orders import READ_MODIFY_WRITE, Bit, Words, order_of, writable_point
from drivers.modbus.points import Point
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Reply, Wire
from drivers.release import release
from drivers.schedule import NEVER_NS
from drivers.verdict import READBACK_WAITS_NS, last_verdict, verdict
from drivers.write_words import STILL_SET, TOO_LATE, not_connected, not_looked_up
from drivers.writes import STOPPING, PendingWrite, WriteQueue
from plant_models.clock import Clock
from plant_models.message import message, words_of

READBACK_LIMIT_NS: Final = 2_000_000_000


@dataclass(slots=True)
class _Readback:
    """A write that has left, and what became of it so far."""

    write: PendingWrite
    unit: Unit
    point: Point
    order: Words | Bit
    sent_ns: int
    doubt: str = ""
    tries: int = 0
    seen: float | None = None
    problem: str = ""

    @property
    def due_ns(self) -> int:
        return self.sent_ns + READBACK_WAITS_NS[self.tries]


class Writer:
    """The writing half of a connection."""

    def __init__(self, queue: WriteQueue, units: dict[int, Unit], wire: Wire, sink: Sink, clock: Clock) -> None:
        self._queue = queue
        self._units = units
        self._wire = wire
        self._sink = sink
        self._clock = clock
        self._current: PendingWrite | None = None
        self._readback: _Readback | None = None

    def step(self, now_ns: int) -> bool:
        """Do one thing for a command, if there is one; True if something was done."""
        if self._readback is not None:
            if now_ns < self._readback.due_ns:
                return False
            self._read_back(self._readback)
            return True
        self._current = self._queue.take()
        if self._current is None:
            return False
        self._send(self._current)
        return True

    def next_ns(self) -> int:
        """Return when `step` will next have something to do."""
        if self._readback is not None:
            return self._readback.due_ns
        return 0 if len(self._queue) else NEVER_NS

    def abandon(self, why: str) -> None:
        """Answer the command under way: what became of it is not known."""
        if self._current is not None:
            self._end(self._current, WriteState.UNKNOWN, message("Not read back. {why}", why=why))

    def close(self) -> None:
        """Answer every command that has not ended, and all that come later."""
        self._queue.close()
        self.abandon(STOPPING)

    def _send(self, write: PendingWrite) -> None:
        unit = self._units[write.request.tag]
        try:
            point = writable_point(unit, write.request.tag)
            order = order_of(point, write.request.value, unit.device)
            self._prepare(unit, point, order, write)
            frame = self._frame_of(order, unit, point, write)
        except ValueError as error:
            self._end(write, WriteState.NOT_SENT, words_of(error))
            return
        doubt = ""
        sent_ns = self._clock.mono_ns()
        try:
            frame.send(self._wire, unit)
        except Refused as refusal:
            self._end(write, WriteState.REFUSED, refusal.words)
            return
        except ModbusError as error:
            doubt = message("The command was sent. {why}", why=error.words)
        self._readback = _Readback(write, unit, point, order, sent_ns, doubt)

    def _prepare(self, unit: Unit, point: Point, order: Words | Bit, write: PendingWrite) -> None:
        """Get everything ready for the frame to leave now.

        Raises:
            ValueError: it must not; the text says why.
        """
        if not unit.is_up:
            raise ValueError(not_connected(unit.device.name, unit.counters.last_error))
        if write.request.is_pulse and order.is_set_in(self._present(unit, point)):
            raise ValueError(STILL_SET)
        self._be_in_time(unit, write)
        release(write.request, self._clock)

    def _frame_of(self, order: Words | Bit, unit: Unit, point: Point, write: PendingWrite) -> Words | Bit:
        """Return the frame of an order. Nothing of ours comes between the reading of a register and this frame.

        Raises:
            ValueError: the register can't be read, or it is too late by now; the text says so.
        """
        if isinstance(order, Bit) and unit.device.bit_writes == READ_MODIFY_WRITE:
            order = order.within(self._present(unit, point))
        self._be_in_time(unit, write)  # again: the audit may have taken its time, or the device closed the connection
        return order

    def _be_in_time(self, unit: Unit, write: PendingWrite) -> None:
        try:
            self._wire.prepare(unit.device.unit_id)
        except ModbusError as error:
            raise ValueError(not_connected(unit.device.name, error.words)) from None
        if self._clock.mono_ns() > write.request.not_after_ns:
            raise ValueError(TOO_LATE)

    def _present(self, unit: Unit, point: Point) -> bytes:
        try:
            return self._read(unit, point).payload
        except ModbusError as error:
            raise ValueError(not_looked_up(error.words)) from None

    def _read(self, unit: Unit, point: Point) -> Reply:
        address = point.address
        return self._wire.read(unit.device.unit_id, unit.counters, address.table, address.offset, address.count)

    def _read_back(self, sent: _Readback) -> None:
        sent.tries += 1
        try:
            reply = self._read(sent.unit, sent.point)
        except ModbusError as error:
            sent.problem = error.words
        else:
            address = sent.point.address
            part = Part([sent.point], address.offset, address.count)
            batch = Decoder([part], sent.unit.device).decode(reply)
            self._sink.offer(batch)
            assert batch.values is not None
            sent.seen = float(batch.values[0])
            found = verdict(sent.write, sent.doubt, sent.order.is_in(reply.payload), sent.seen)
            if found is not None:
                self._end(sent.write, *found, sent.seen)
                return
        is_late = self._clock.mono_ns() - sent.sent_ns >= READBACK_LIMIT_NS
        if sent.tries == len(READBACK_WAITS_NS) or is_late:
            self._end(sent.write, *last_verdict(sent.write, sent.doubt, sent.seen, sent.problem), sent.seen)

    def _end(self, write: PendingWrite, state: WriteState, words: str = "", readback: float | None = None) -> None:
        self._current = self._readback = None
        write.finish(state, words, readback)
