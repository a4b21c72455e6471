"""How far a value can be trusted: the upper 16 bits of the OPC UA StatusCode, as uint16 everywhere.

Bits 15-14 are the severity (00 good, 01 uncertain, 10 bad), the rest the reason. Codes and names from
OPC UA Part 8 (data access), Part 11 (history) and Part 4, table of common status codes. Pure functions, any thread.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

QualityArray = NDArray[np.uint16]


class Quality(IntEnum):
    """The codes Clearwell itself gives; devices may send any other code of the same layout."""

    GOOD = 0x0000
    GOOD_LOCAL_OVERRIDE = 0x0096
    UNCERTAIN = 0x4000
    UNCERTAIN_LAST_USABLE = 0x4090
    UNCERTAIN_SENSOR_NOT_ACCURATE = 0x4093
    UNCERTAIN_ENGINEERING_UNITS_EXCEEDED = 0x4094
    UNCERTAIN_DATA_SUB_NORMAL = 0x40A4
    BAD = 0x8000
    BAD_COMMUNICATION_ERROR = 0x8005
    BAD_DECODING_ERROR = 0x8007
    BAD_TIMEOUT = 0x800A
    BAD_NO_COMMUNICATION = 0x8031
    BAD_WAITING_FOR_INITIAL_DATA = 0x8032
    BAD_NODE_ID_UNKNOWN = 0x8034
    BAD_OUT_OF_RANGE = 0x803C
    BAD_TYPE_MISMATCH = 0x8074
    BAD_CONFIGURATION_ERROR = 0x8089
    BAD_NOT_CONNECTED = 0x808A
    BAD_DEVICE_FAILURE = 0x808B
    BAD_SENSOR_FAILURE = 0x808C
    BAD_OUT_OF_SERVICE = 0x808D
    BAD_NO_DATA = 0x809B


class Severity(IntEnum):
    """The two top bits; 3 is reserved by the standard and counts as bad."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2


SEVERITY_SHIFT: Final = 14

_WORDS: Final[dict[int, str]] = {
    Quality.GOOD: "good",
    Quality.GOOD_LOCAL_OVERRIDE: "manual value",
    Quality.UNCERTAIN: "uncertain",
    Quality.UNCERTAIN_LAST_USABLE: "last usable value",
    Quality.UNCERTAIN_SENSOR_NOT_ACCURATE: "sensor not accurate",
    Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED: "outside the range",
    Quality.UNCERTAIN_DATA_SUB_NORMAL: "from incomplete data",
    Quality.BAD: "bad",
    Quality.BAD_COMMUNICATION_ERROR: "communication error",
    Quality.BAD_DECODING_ERROR: "reply not understood",
    Quality.BAD_TIMEOUT: "time-out",
    Quality.BAD_NO_COMMUNICATION: "no communication",
    Quality.BAD_WAITING_FOR_INITIAL_DATA: "waiting for the first value",
    Quality.BAD_NODE_ID_UNKNOWN: "node unknown to the device",
    Quality.BAD_OUT_OF_RANGE: "not a number",
    Quality.BAD_TYPE_MISMATCH: "wrong type",
    Quality.BAD_CONFIGURATION_ERROR: "configuration error",
    Quality.BAD_NOT_CONNECTED: "not connected",
    Quality.BAD_DEVICE_FAILURE: "device failure",
    Quality.BAD_SENSOR_FAILURE: "sensor fault",
    Quality.BAD_OUT_OF_SERVICE: "out of service",
    Quality.BAD_NO_DATA: "nothing recorded",
}
_FALLBACK: Final = {Severity.GOOD: "good", Severity.UNCERTAIN: "uncertain", Severity.BAD: "bad"}


def severity(quality: int) -> Severity:
    """Return the severity of one code; the reserved fourth value is bad."""
    return Severity(min((quality & 0xFFFF) >> SEVERITY_SHIFT, Severity.BAD))


def is_good(quality: int) -> bool:
    """Tell whether a value of this quality may be shown and used as it is."""
    return severity(quality) is Severity.GOOD


def is_bad(quality: int) -> bool:
    """Tell whether a value of this quality must not be used at all."""
    return severity(quality) is Severity.BAD


def good_mask(qualities: QualityArray) -> NDArray[np.bool_]:
    """Return which of n codes are good, shape (n,)."""
    return qualities < np.uint16(Severity.UNCERTAIN << SEVERITY_SHIFT)


def bad_mask(qualities: QualityArray) -> NDArray[np.bool_]:
    """Return which of n codes are bad (the reserved severity included), shape (n,)."""
    return qualities >= np.uint16(Severity.BAD << SEVERITY_SHIFT)


def describe(quality: int) -> str:
    """Return the reason in English words, as `hmi` translates it; never empty."""
    return _WORDS.get(quality & 0xFFFF) or _FALLBACK[severity(quality)]


def all_words() -> tuple[str, ...]:
    """Return every text that `describe` can give, for the translation tables."""
    return tuple(dict.fromkeys([*_WORDS.values(), *_FALLBACK.values()]))
