"""Modbus TCP frames: a header with the number of the request, the length and the unit (MBAP).

From MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 3.1.3. Used by one worker thread.
"""

import struct
from typing import Final

from drivers.modbus.errors import BadReply, NoReply, no_reply, not_a_reply
from drivers.modbus.link import Link
from plant_models.clock import Clock

_HEADER: Final = struct.Struct(">HHHB")
_HEADER_BYTES: Final = 7
_BEFORE_LENGTH: Final = 6
_LONGEST_BODY: Final = 254
"""Unit and PDU: the length field of the largest frame."""
_RECEIVE: Final = 1024


class MbapFraming:
    """Fulfils `drivers.modbus.framing.Framing`.

    A reply that carries the number of a request that was given up is late: it is thrown away, the fresh one behind it
    is taken. A reply with any other number than that of the request spoils the connection.
    """

    def __init__(self, clock: Clock) -> None:
        self.late = 0
        self.silent_limit = 2
        self._clock = clock
        self._number = 0
        self._given_up: set[int] = set()
        self._rest = b""

    def reset(self) -> None:
        self._given_up.clear()
        self._rest = b""

    def clear(self, _link: Link, _unit: int) -> None:
        """Nothing to do: replies have numbers."""

    def exchange(self, link: Link, unit: int, pdu: bytes, timeout_s: float) -> bytes:
        self._number = number = self._number + 1 & 0xFFFF
        if not number:
            self._given_up.clear()  # the numbers start again, and these are long gone
        link.send(_HEADER.pack(number, 0, len(pdu) + 1, unit) + pdu)
        if not self._rest:
            data = link.receive(_RECEIVE, timeout_s)
            size = len(data)
            # Nearly always this is one frame, whole.
            if size > _HEADER_BYTES and _HEADER.unpack_from(data) == (number, 0, size - _BEFORE_LENGTH, unit):
                return data[_HEADER_BYTES:]
            if not size:
                self._given_up.add(number)
                raise no_reply()
            self._rest = data
        return self._search(link, number, unit, timeout_s)

    def _search(self, link: Link, number: int, unit: int, timeout_s: float) -> bytes:
        """Go through what comes, frame by frame, until the reply is there."""
        end_ns = self._clock.mono_ns() + round(timeout_s * 1e9)
        while True:
            while (frame := self._take_frame()) is None:
                data = link.receive(_RECEIVE, (end_ns - self._clock.mono_ns()) / 1e9)
                if not data:
                    raise self._silence(number)
                self._rest += data
            got_number, got_unit, pdu = frame
            if got_number == number and got_unit == unit:
                return pdu
            if got_number not in self._given_up:
                raise not_a_reply()
            self._given_up.discard(got_number)
            self.late += 1

    def _take_frame(self) -> tuple[int, int, bytes] | None:
        """Cut a frame off what has come; None while it isn't whole."""
        if len(self._rest) < _HEADER_BYTES:
            return None
        number, protocol, length, unit = _HEADER.unpack_from(self._rest)
        if protocol or not 2 <= length <= _LONGEST_BODY:
            raise not_a_reply()
        end = _BEFORE_LENGTH + length
        if len(self._rest) < end:
            return None
        pdu, self._rest = self._rest[_HEADER_BYTES:end], self._rest[end:]
        return number, unit, pdu

    def _silence(self, number: int) -> BadReply | NoReply:
        if self._rest:
            return not_a_reply()
        self._given_up.add(number)
        return no_reply()
