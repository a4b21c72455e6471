"""Requests and commands over one link, one at a time; every reply is checked to the last byte.

Nothing is ever sent twice here, and the link is opened and closed by the caller only. Owned by one worker thread; only
`abort` may come from another.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from drivers.modbus import pdu
from drivers.modbus.errors import (
    REJECTIONS,
    Doubtful,
    HalfWritten,
    LinkLost,
    ModbusError,
    Refused,
    not_a_reply,
)
from drivers.modbus.framing import Framing
from drivers.modbus.identification import Identification
from drivers.modbus.link import Link, OnFrame
from drivers.modbus.manners import Manners
from plant_models.address import Table
from plant_models.clock import Clock
from plant_models.message import message

_LONG_AGO_NS: Final = 2**62


class ModbusClient:
    """Blocking reads and writes, each bounded by the time-out of its unit (up to twice that if a reply trickles in).

    `connections` counts those that were made.
    """

    def __init__(self, link: Link, framing: Framing, manners: Mapping[int, Manners], clock: Clock) -> None:
        self.connections = 0
        self._link = link
        self._framing = framing
        self._manners = manners
        self._clock = clock
        self._is_paced = link.quiet_s > 0 or any(unit.delay_s > 0 for unit in manners.values())
        self._last_frame_ns = -_LONG_AGO_NS
        self._aborted = threading.Event()

    @property
    def late(self) -> int:
        """How many replies came after their time was over, since the start; none of them was taken for another."""
        return self._framing.late

    @property
    def silent_limit(self) -> int:
        """After so many requests in a row without a reply it must be closed."""
        return self._framing.silent_limit

    @property
    def on_frame(self) -> OnFrame:
        """Is told of the bytes that leave and arrive."""
        return self._link.on_frame

    @on_frame.setter
    def on_frame(self, on_frame: OnFrame) -> None:
        self._link.on_frame = on_frame

    def open(self) -> None:
        """Make sure there is a connection; one that the device has closed meanwhile is replaced.

        Raises:
            NoConnection: none could be made.
        """
        if self._link.open():
            self._framing.reset()
            self.connections += 1

    def close(self) -> None:
        """Drop the connection, if there is one; the next request needs `open`."""
        self._link.close()

    def abort(self) -> None:
        """Make a request under way fail at once, and every later one; any thread."""
        self._aborted.set()
        self._link.abort()

    def prepare(self, unit: int) -> None:
        """Wait until the next frame may leave: for the delay of this unit, and for a line that is quiet.

        Every request does so; whoever must know when a frame leaves does it before.

        Raises:
            LinkLost: there is no connection.
            BadReply: bytes come without end.
        """
        if self._is_paced:
            self._pause(self._manners[unit].delay_s)
        try:
            self._framing.clear(self._link, unit)
        except OSError:
            raise _lost() from None

    def read(self, unit: int, table: Table, offset: int, count: int) -> bytes:
        """Return the data bytes of `count` registers (2 each) or bits (8 to a byte, low first).

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, WrongLength or Refused.
        """
        reply = self._ask(unit, pdu.read(table, offset, count))
        wanted = (count + 7) // 8 if table.is_bits else 2 * count
        return pdu.data_of(reply, wanted, f"{table.value}:{offset}")

    def write(self, unit: int, table: Table, offset: int, words: Sequence[int]) -> None:
        """Send one frame that sets a coil (0 or 1), a register, or several of them; it is never repeated.

        A unit that takes only single registers gets one frame for each, in order: that is not one change any more.

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, Refused, Doubtful, or HalfWritten.
        """
        if table is Table.COIL and len(words) > 1:
            self._send(unit, pdu.write_coils(offset, [bool(word) for word in words]), echoed=5)
        elif table is Table.COIL:
            self._send(unit, pdu.write_coil(offset, bool(words[0])))
        elif len(words) == 1:
            self._send(unit, pdu.write_register(offset, words[0]))
        elif self._manners[unit].single_writes:
            self._write_one_by_one(unit, offset, words)
        else:
            self._send(unit, pdu.write_registers(offset, words), echoed=5)

    def mask_write(self, unit: int, offset: int, and_mask: int, or_mask: int) -> None:
        """Send one frame that makes a holding register (old AND `and_mask`) OR (`or_mask` AND NOT `and_mask`).

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, Refused or Doubtful.
        """
        self._send(unit, pdu.mask_write(offset, and_mask, or_mask))

    def read_write(self, unit: int, span: tuple[int, int], offset: int, words: Sequence[int]) -> bytes:
        """Send one frame that writes holding registers at `offset`, and return `span` (offset, count) as read after it.

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, WrongLength, Refused or Doubtful.
        """
        reply = self._change(unit, pdu.read_write(*span, offset, words))
        return pdu.data_of(reply, 2 * span[1], f"{Table.HOLDING.value}:{span[0]}")

    def identify(self, unit: int) -> str:
        """Return vendor, product and revision as the device gives them.

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, WrongLength or Refused.
        """
        found = Identification()
        while not found.is_complete:
            found.add(self._ask(unit, pdu.identify(found.next_object)))
        return found.text

    def _write_one_by_one(self, unit: int, offset: int, words: Sequence[int]) -> None:
        for place, word in enumerate(words):
            try:
                self._send(unit, pdu.write_register(offset + place, word))
            except ModbusError as error:
                if not place:
                    raise
                what = {"done": place, "all": len(words), "why": error.words}
                raise HalfWritten(message("Only {done} of {all} registers were written. {why}", **what)) from error

    def _send(self, unit: int, request: bytes, echoed: int | None = None) -> None:
        """Send a write; the device must confirm its first `echoed` bytes, or all of it."""
        pdu.check_echo(self._change(unit, request), request[:echoed])

    def _change(self, unit: int, request: bytes) -> bytes:
        try:
            return self._ask(unit, request)
        except Refused as refusal:
            if refusal.code in REJECTIONS:
                raise
            raise Doubtful(refusal) from None

    def _ask(self, unit: int, request: bytes) -> bytes:
        if not self._link.is_open:
            raise LinkLost(message("There is no connection"))
        self.prepare(unit)
        try:
            reply = self._framing.exchange(self._link, unit, request, self._manners[unit].timeout_s)
        except OSError:
            raise _lost() from None
        finally:
            self._last_frame_ns = self._clock.mono_ns()
        if reply[0] == request[0]:
            return reply
        if reply[0] == request[0] | pdu.EXCEPTION and len(reply) == 2:
            raise Refused(reply[1])
        raise not_a_reply()

    def _pause(self, delay_s: float) -> None:
        since_s = (self._clock.mono_ns() - self._last_frame_ns) / 1e9
        wait_s = max(delay_s, self._link.quiet_s) - since_s
        if wait_s > 0:
            self._aborted.wait(wait_s)


def _lost() -> LinkLost:
    return LinkLost(message("The device closed the connection"))
