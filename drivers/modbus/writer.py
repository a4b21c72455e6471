"""Commands on one connection: exactly one frame each, then the same address is read back. Runs on the worker's thread.

A frame is never repeated. If its reply is lost, the readback decides: equal is VERIFIED, unless the device held that
value before; anything else is UNKNOWN, because the frame may still take effect. One write is under way at a time; polls
go on between its readbacks.
"""

from dataclasses import dataclass
from typing import Final

from drivers.base import Sink, WriteState
from drivers.modbus.codec import encode
from drivers.modbus.decoder import Decoder
from drivers.modbus.errors import LinkLost, ModbusError, Refused
from drivers.modbus.points import Point
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.schedule import NEVER_NS
from drivers.write_words import OTHER_VALUE, TOO_LATE, WRONG_ADDRESS, not_connected, not_released, unread
from drivers.writes import STOPPING, PendingWrite, WriteQueue, seen_again
from plant_models.address import Table
from plant_models.clock import Clock
from plant_models.message import joined, message, words_of
from plant_models.scaling import to_raw

READBACK_LIMIT_NS: Final = 2_000_000_000
_WAITS_NS: Final = (0, 300_000_000, 700_000_000)


@dataclass(slots=True)
class _Readback:
    """A write that has left, and what became of it so far."""

    write: PendingWrite
    unit: Unit
    point: Point
    words: tuple[int, ...]
    sent_ns: int
    doubt: str = ""
    tries: int = 0
    seen: float | None = None
    problem: str = ""

    @property
    def due_ns(self) -> int:
        return self.sent_ns + _WAITS_NS[self.tries]


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
            point = _writable(unit, write.request.tag)
            words = _words_of(point, write.request.value, unit.device.byte_order)
        except ValueError as error:
            self._end(write, WriteState.NOT_SENT, words_of(error))
            return
        problem = self._prepare(unit, write)
        if problem:
            self._end(write, WriteState.NOT_SENT, problem)
            return
        doubt = ""
        sent_ns = self._clock.mono_ns()
        try:
            self._wire.write(unit.device.unit_id, unit.counters, point.address.table, point.address.offset, words)
        except Refused as refusal:
            self._end(write, WriteState.REFUSED, refusal.words)
            return
        except ModbusError as error:
            doubt = message("The command was sent. {why}", why=error.words)
        self._readback = _Readback(write, unit, point, words, sent_ns, doubt)

    def _prepare(self, unit: Unit, write: PendingWrite) -> str:
        """Get everything ready for the frame to leave now; return why it must not, or an empty text."""
        if not unit.is_up:
            return not_connected(unit.device.name, unit.counters.last_error)
        try:
            self._wire.prepare(unit.device.unit_id)
        except LinkLost as error:
            return not_connected(unit.device.name, error.words)
        if self._clock.mono_ns() > write.request.not_after_ns:
            return TOO_LATE
        try:
            write.request.on_sent()
        except Exception as error:  # noqa: BLE001 - the sender's own code; whatever it raises, nothing may leave
            return not_released(error)
        return ""

    def _read_back(self, sent: _Readback) -> None:
        sent.tries += 1
        address = sent.point.address
        try:
            reply = self._wire.read(
                sent.unit.device.unit_id, sent.unit.counters, address.table, address.offset, address.count
            )
        except ModbusError as error:
            sent.problem = error.words
        else:
            batch = Decoder([sent.point], address.offset, sent.unit.device.byte_order).decode(reply)
            self._sink.offer(batch)
            assert batch.values is not None
            sent.seen = float(batch.values[0])
            if reply.payload == _payload_of(address.table, sent.words):
                self._end(sent.write, *seen_again(sent.write, sent.doubt), sent.seen)
                return
        is_late = self._clock.mono_ns() - sent.sent_ns >= READBACK_LIMIT_NS
        if sent.tries == len(_WAITS_NS) or is_late:
            self._give_up(sent)

    def _give_up(self, sent: _Readback) -> None:
        if sent.seen is None:
            self._end(sent.write, WriteState.UNKNOWN, unread(sent.doubt, sent.problem))
        elif sent.doubt:
            self._end(sent.write, WriteState.UNKNOWN, joined((sent.doubt, OTHER_VALUE)), sent.seen)
        else:
            self._end(sent.write, WriteState.MISMATCH, OTHER_VALUE, sent.seen)

    def _end(self, write: PendingWrite, state: WriteState, words: str = "", readback: float | None = None) -> None:
        self._current = self._readback = None
        write.finish(state, words, readback)


def _writable(unit: Unit, row: int) -> Point:
    """Return the point of a row if it may be written.

    Raises:
        ValueError: it may not; the text says why.
    """
    point = unit.points.get(row)
    if point is None:
        raise ValueError(WRONG_ADDRESS)
    address = point.address
    if not point.tag.writable:
        raise ValueError(message("{tag} is read only", tag=point.tag.name))
    if not address.table.is_writable:
        raise ValueError(message("{address} lies in a table that can only be read", address=point.tag.address))
    if address.bit is not None:
        raise ValueError(
            message(
                "{address} is one bit of a register; only whole registers can be written", address=point.tag.address
            )
        )
    if point.tag.is_text:
        raise ValueError(message("{tag} is a text; only numbers can be written", tag=point.tag.name))
    return point


def _words_of(point: Point, value: float, byte_order: str) -> tuple[int, ...]:
    raw = to_raw(point.tag, value)
    if point.address.table is Table.COIL:
        if raw not in (0.0, 1.0):
            raise ValueError(message("{value:g} is not a state of a coil; write 0 or 1", value=value))
        return (int(raw),)
    return encode(raw, point.tag.type, byte_order)


def _payload_of(table: Table, words: tuple[int, ...]) -> bytes:
    """Return the data bytes that a readback of `words` must have."""
    if table is Table.COIL:
        return bytes(words)
    return b"".join(word.to_bytes(2, "big") for word in words)
