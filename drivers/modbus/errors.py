"""What can go wrong on a Modbus connection, and what each exception code means.

ModbusError
├── LinkLost        the connection broke while it was used
│   └── NoConnection  there is none, and none could be made
├── NoReply         the request was not answered in time
├── BadReply        bytes came that are no reply to the request; the stream can't be trusted
├── WrongLength     a well-framed reply with another number of registers than asked
├── Doubtful        an exception code to a write that may have been carried out all the same
├── HalfWritten     a write of several frames broke off after the first
└── Refused         the device answered with an exception code

Codes from MODBUS Application Protocol Specification V1.1b3, section 7. Pure, any thread.
"""

from dataclasses import dataclass
from typing import Final

from plant_models.message import message, words_of
from plant_models.quality import Quality

REJECTIONS: Final = (1, 2, 3, 6, 7, 10)
"""Codes of a write that was surely not carried out: not understood, not possible, too busy, no path. After a failure
while it was carried out (4, 8), while it goes on (5), when the device behind a gateway was silent (11) and for codes
that aren't in the specification nobody knows."""
HOLES: Final = (2, 3)
"""Codes of a block of which a part may well be read: no such address, or more at once than the device gives."""
ACKNOWLEDGE: Final = 5
BUSY: Final = 6
GATEWAY_PATH: Final = 10
GATEWAY_TARGET: Final = 11


class ModbusError(Exception):
    """`words` are for operators."""

    @property
    def words(self) -> str:
        return words_of(self)


class LinkLost(ModbusError):  # noqa: N818 - named as people say it
    """The connection broke while it was used."""


class NoConnection(LinkLost):
    """There is no connection, and none could be made."""


class NoReply(ModbusError):  # noqa: N818
    """The request was not answered in time."""


class BadReply(ModbusError):  # noqa: N818
    """Bytes came that are no reply to the request."""


class WrongLength(ModbusError):  # noqa: N818
    """A reply with another number of registers or bits than asked."""


class HalfWritten(ModbusError):  # noqa: N818
    """A write of several frames broke off after the first."""


class Refused(ModbusError):  # noqa: N818
    """The device answered with an exception code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(meaning(code).words)


class Doubtful(ModbusError):  # noqa: N818
    """An exception code to a write that may have been carried out all the same."""

    def __init__(self, refusal: Refused) -> None:
        self.code = refusal.code
        super().__init__(refusal.words)


def no_reply() -> NoReply:
    return NoReply(message("The device does not answer"))


def not_a_reply() -> BadReply:
    return BadReply(message("The device sends bytes that are no reply to the request"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an exception code makes of the tags that were asked for. `is_lasting`: asking again soon is useless."""

    quality: Quality
    words: str
    is_lasting: bool = False


_MEANINGS: Final = {
    1: Meaning(Quality.BAD_CONFIGURATION_ERROR, message("The device does not know this function (exception 1)"), True),
    2: Meaning(Quality.BAD_CONFIGURATION_ERROR, message("The device has no such address (exception 2)"), True),
    3: Meaning(Quality.BAD_CONFIGURATION_ERROR, message("The device refuses this value or count (exception 3)"), True),
    4: Meaning(Quality.BAD_DEVICE_FAILURE, message("The device reports a failure (exception 4)")),
    5: Meaning(Quality.UNCERTAIN_LAST_USABLE, message("The device is still working on it (exception 5)")),
    6: Meaning(Quality.UNCERTAIN_LAST_USABLE, message("The device is busy (exception 6)")),
    7: Meaning(Quality.BAD_CONFIGURATION_ERROR, message("The device can't do this function (exception 7)"), True),
    8: Meaning(Quality.BAD_DEVICE_FAILURE, message("The device reports a memory parity error (exception 8)")),
    10: Meaning(Quality.BAD_DEVICE_FAILURE, message("The gateway has no path to the device (exception 10)")),
    11: Meaning(Quality.BAD_DEVICE_FAILURE, message("The device behind the gateway does not answer (exception 11)")),
}


def meaning(code: int) -> Meaning:
    """Return what an exception code means; an unknown one is a device failure."""
    unknown = message("The device refuses with exception {code}", code=code)
    return _MEANINGS.get(code) or Meaning(Quality.BAD_DEVICE_FAILURE, unknown)
