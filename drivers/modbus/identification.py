"""What a device says it is: vendor, product and revision, from one reply or several.

From MODBUS Application Protocol Specification V1.1b3, section 6.21. One worker thread.
"""

from typing import Final

from drivers.modbus.errors import WrongLength
from drivers.modbus.pdu import READ_DEVICE_ID
from plant_models.message import message

_HEADER: Final = 7
_MORE: Final = 0xFF
_BASIC: Final = (0, 1, 2)
"""Vendor name, product code, revision."""


class Identification:
    """Collects objects until the device has no more of the basic category."""

    def __init__(self) -> None:
        self._objects: dict[int, str] = {}
        self.next_object = 0
        self.is_complete = False

    @property
    def text(self) -> str:
        """Vendor, product and revision in a row."""
        return " ".join(self._objects[number] for number in _BASIC if self._objects.get(number))

    def add(self, reply: bytes) -> None:
        """Take in one reply.

        Raises:
            WrongLength: it isn't what section 6.21 says.
        """
        if len(reply) < _HEADER or reply[1] != READ_DEVICE_ID:
            raise _garbled()
        place = _HEADER
        for _ in range(reply[6]):
            data = reply[place + 2 : place + 2 + reply[place + 1]] if place + 1 < len(reply) else b""
            if place + 2 > len(reply) or len(data) != reply[place + 1]:
                raise _garbled()
            self._objects[reply[place]] = _clean(data)
            place += 2 + len(data)
        if place != len(reply):
            raise _garbled()
        self._go_on(is_more=reply[4] == _MORE, next_object=reply[5])

    def _go_on(self, is_more: bool, next_object: int) -> None:
        self.is_complete = not is_more or next_object > _BASIC[-1]
        if not self.is_complete and next_object <= self.next_object:
            raise _garbled()  # it would never end
        self.next_object = next_object


def _clean(data: bytes) -> str:
    text = data.decode("ascii", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _garbled() -> WrongLength:
    return WrongLength(message("The device identifies itself in a way that is none"))
