"""RTU frames: unit, PDU and CRC, on a serial line or through a gateway that passes them on as they are.

From MODBUS over Serial Line V1.02, section 2.5.1. A frame has neither a number nor a length, so the length of a reply
is worked out from its first bytes. Used by one worker thread.
"""

from typing import Final

from drivers.modbus.crc import crc16
from drivers.modbus.errors import BadReply, no_reply, not_a_reply
from drivers.modbus.link import Link
from drivers.modbus.pdu import (
    EXCEPTION,
    IDENTIFY,
    MASK_WRITE,
    READ_WRITE,
    WRITE_COIL,
    WRITE_COILS,
    WRITE_REGISTER,
    WRITE_REGISTERS,
)
from plant_models.clock import Clock
from plant_models.message import message

_LONGEST: Final = 256
_NOISE_LIMIT_S: Final = 1.0
"""A line must be quiet so soon, or by the end of one longest frame more."""
_SHORTEST: Final = 5
"""A refusal: unit, function, code, CRC."""
_FIXED: Final = {WRITE_COIL: 8, WRITE_REGISTER: 8, WRITE_COILS: 8, WRITE_REGISTERS: 8, MASK_WRITE: 10}
_COUNTED: Final = (1, 2, 3, 4, READ_WRITE)


class RtuFraming:
    """Fulfils `drivers.modbus.framing.Framing`.

    A reply can't be told from one that is late. So a unit that has just been silent is not asked again before as much
    time as its time-out was has passed once more; what comes meanwhile is thrown away. A gateway can be later than
    that, but not on a connection that is closed: there the first silence must end it.
    """

    def __init__(self, clock: Clock, silent_limit: int = 2) -> None:
        self.late = 0
        self.silent_limit = silent_limit
        self._clock = clock
        self._listen_until_ns: dict[int, int] = {}

    def reset(self) -> None:
        pass  # a serial line is the same after it was opened again, and so is the one behind a gateway

    def clear(self, link: Link, unit: int) -> None:
        """Throw away what came unasked, and wait until the line is quiet."""
        end_ns = max(self._listen_until_ns.get(unit, 0), self._clock.mono_ns())
        limit_ns = end_ns + round((_NOISE_LIMIT_S + _LONGEST * link.character_s) * 1e9)
        while True:
            wait_s = max(0.0, (end_ns - self._clock.mono_ns()) / 1e9)
            if link.receive(_LONGEST, wait_s):
                self.late += 1
                if self._clock.mono_ns() >= limit_ns:
                    raise BadReply(message("Bytes come without end, though nothing was asked"))
                end_ns = max(end_ns, self._clock.mono_ns() + round(link.quiet_s * 1e9))
            elif self._clock.mono_ns() >= end_ns:
                return

    def exchange(self, link: Link, unit: int, pdu: bytes, timeout_s: float) -> bytes:
        body = bytes((unit,)) + pdu
        link.send(body + crc16(body))
        wait_s = timeout_s + (len(body) + 2) * link.character_s
        frame = self._receive(link, wait_s)
        while frame and frame[0] != unit and frame[0] in self._listen_until_ns:
            self.late += 1
            frame = self._receive(link, wait_s)
        if not frame:
            self._listen_until_ns[unit] = self._clock.mono_ns() + round(timeout_s * 1e9)
            raise no_reply()
        if frame[0] != unit or frame[1] & ~EXCEPTION != pdu[0]:
            raise not_a_reply()
        self._listen_until_ns.pop(unit, None)
        return frame[1:-2]

    def _receive(self, link: Link, wait_s: float) -> bytes:
        """Return one whole frame; nothing if none began in time."""
        data = link.receive(_SHORTEST, wait_s)
        if not data:
            return b""
        end_ns = self._clock.mono_ns() + round((wait_s + _LONGEST * link.character_s) * 1e9)
        while len(data) < (size := frame_size(data)):
            more = link.receive(size - len(data), (end_ns - self._clock.mono_ns()) / 1e9)
            if not more:
                raise not_a_reply()
            data += more
        if crc16(data[:-2]) != data[-2:]:
            raise not_a_reply()
        return data


def frame_size(data: bytes) -> int:
    """Return how many bytes the reply that begins with `data` has, or at least has.

    Raises:
        BadReply: no reply begins like this.
    """
    if len(data) < _SHORTEST:
        return _SHORTEST
    function = data[1]
    if function & EXCEPTION:
        return _SHORTEST
    if function in _COUNTED:
        return data[2] + _SHORTEST
    if function == IDENTIFY:
        return _identification_size(data)
    if function not in _FIXED:
        raise not_a_reply()
    return _FIXED[function]


def _identification_size(data: bytes) -> int:
    """Unit, function, 14, category, conformity, more follows, next, number of objects; then each with id and length."""
    place, header = 8, 10
    if len(data) < place:
        return header
    for _ in range(data[7]):
        if len(data) < place + 2:
            return place + 4
        place += 2 + data[place + 1]
    return place + 2
