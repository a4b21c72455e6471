"""Data values of an OPC UA server to numbers, texts and qualities, and numbers back to the node's own type.

Pure functions, run on the OPC UA thread. Sources: OPC UA Part 4, 7.11 (DataValue), 7.38 (StatusCode); Part 6, 5.2.2.
"""

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asyncua import ua

from plant_models.batch import text_code
from plant_models.message import message
from plant_models.tag import Tag

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_TIME_US: Final = -11_644_473_600_000_000
"""1601-01-01: how a server writes that it has no time (Part 6, 5.2.2.5)."""

_INTEGER_LIMITS: Final = {
    ua.VariantType.Boolean: (0, 1),
    ua.VariantType.SByte: (-(2**7), 2**7 - 1),
    ua.VariantType.Byte: (0, 2**8 - 1),
    ua.VariantType.Int16: (-(2**15), 2**15 - 1),
    ua.VariantType.UInt16: (0, 2**16 - 1),
    ua.VariantType.Int32: (-(2**31), 2**31 - 1),
    ua.VariantType.UInt32: (0, 2**32 - 1),
    ua.VariantType.Int64: (-(2**63), 2**63 - 1),
    ua.VariantType.UInt64: (0, 2**64 - 1),
}


def quality_of(status: Any) -> int:
    """Return the upper 16 bits of a StatusCode; none at all means good (Part 6: Good is left out)."""
    return 0 if status is None else int(status.value) >> 16


def source_us_of(value: Any, wall_us: int) -> int:
    """Return the source time of a data value in µs UTC, else the server's, else `wall_us`."""
    for stamp in (value.SourceTimestamp, value.ServerTimestamp):
        if stamp is not None:
            since_1970_us = int((stamp.replace(tzinfo=stamp.tzinfo or UTC) - _EPOCH) // _MICROSECOND)
            if since_1970_us > _NO_TIME_US:
                return since_1970_us
    return wall_us


def content_of(value: Any) -> Any:
    """Return what a data value carries, None if nothing."""
    return None if value.Value is None else value.Value.Value


def number_of(content: Any, tag: Tag) -> tuple[float, str | None]:
    """Return the raw number of a content, and the text beside it for a text tag (whose number is its code).

    Raises:
        TypeError: it is neither a number nor a text that the tag can show.
    """
    if isinstance(content, ua.LocalizedText):
        content = content.Text or ""
    if tag.is_text:
        if not isinstance(content, str | int | float):
            raise TypeError(f"{type(content).__name__} is not a text")
        # Bytes that are no UTF-8 come as lone surrogates, which nothing can store or show.
        text = str(content).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return text_code(text), text
    if not isinstance(content, bool | int | float):
        raise TypeError(f"{type(content).__name__} is not a number")
    if tag.modulus is not None and math.isfinite(content):
        # Python's integers are exact: no float stands between a 64-bit total and its rest.
        return float(content % (int(tag.modulus) if isinstance(content, int) else tag.modulus)), None
    return float(content), None


def variant_of(raw: float, kind: ua.VariantType) -> ua.Variant:
    """Return `raw` as a variant of the node's own type; integers are rounded to the nearest.

    Raises:
        ValueError: it doesn't fit, or the node holds no number.
    """
    if not math.isfinite(raw):
        raise ValueError(message("{value} is not a number that can be written", value=raw))
    if kind is ua.VariantType.Double:
        return ua.Variant(raw, kind)
    if kind is ua.VariantType.Float:
        try:
            return ua.Variant(struct.unpack("<f", struct.pack("<f", raw))[0], kind)
        except OverflowError:
            raise ValueError(message("{value:g} is too large for {type}", value=raw, type=kind.name)) from None
    if kind not in _INTEGER_LIMITS:
        raise ValueError(message("The node holds {type}, which can't be written", type=kind.name))
    low, high = _INTEGER_LIMITS[kind]
    number = round(raw)
    if not low <= number <= high:
        raise ValueError(
            message(
                "{value} does not fit {type}, which holds {low} to {high}",
                value=number,
                type=kind.name,
                low=low,
                high=high,
            )
        )
    return ua.Variant(bool(number) if kind is ua.VariantType.Boolean else number, kind)
