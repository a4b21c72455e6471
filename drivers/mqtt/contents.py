"""What stands in a message: payloads to JSON, JSON to raw numbers, times and qualities, and numbers back to payloads.

Pure functions, run on the thread of the connection. Sources: RFC 8259 (JSON), RFC 6901 (JSON pointers), ISO 8601.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from plant_models.batch import text_code
from plant_models.message import message
from plant_models.mqtt_address import Pointer
from plant_models.quality import Quality
from plant_models.tag import INTEGER_LIMITS, DataType, Tag

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PER_UNIT: Final = {"s": 1_000_000, "ms": 1_000}
_LAST_US: Final = 253_402_300_800_000_000
"""The year 10000."""
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_QUALITIES: Final = {"good": Quality.GOOD, "uncertain": Quality.UNCERTAIN, "bad": Quality.BAD}


def content_of(payload: bytes) -> Any:
    """Return what a payload holds: JSON, with NaN and Infinity as many devices write them, or else a plain text.

    Raises:
        ValueError: it is neither.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        text = payload.decode()
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except ValueError:
        if text[:1] in ("{", "[", '"', ""):
            raise
        return text


def resolve(content: Any, pointer: Pointer) -> Any:
    """Return the value at a pointer.

    Raises:
        LookupError: the content holds no such thing.
    """
    for key in pointer:
        if isinstance(content, dict):
            content = content[key]
        elif isinstance(content, list) and _INDEX.fullmatch(key):
            content = content[int(key)]
        else:
            raise LookupError(key)
    return content


def number_of(content: Any, tag: Tag) -> tuple[float, str | None]:
    """Return the raw number of a value, and the text beside it for a text tag (whose number is its code).

    A word of `tag.states` is the number that it names.

    Raises:
        TypeError: it is of another type, or too large for the tag's.
    """
    if tag.is_text:
        text = _text_of(content)
        return text_code(text), text
    if isinstance(content, str):
        if content not in tag.states:
            raise TypeError("a text")
        return float(tag.states.index(content)), None
    if isinstance(content, bool) and tag.type is not DataType.BOOL:
        raise TypeError("true or false")
    if not isinstance(content, int | float):
        raise TypeError(type(content).__name__)
    limits = INTEGER_LIMITS.get(tag.type)
    if limits is not None and math.isfinite(content):
        if content != int(content) or not limits[0] <= content <= limits[1]:
            raise TypeError(f"no {tag.type}")
        content = int(content)
    if tag.modulus is not None and math.isfinite(content):
        # Python's integers are exact: no float stands between a 64-bit total and its rest.
        content %= int(tag.modulus) if isinstance(content, int) else tag.modulus
    return float(content), None


def time_us(content: Any, time_format: str) -> int:
    """Return a time of a message in µs UTC.

    Raises:
        ValueError, OverflowError: it is none, doesn't say its offset from UTC, or isn't from 1970 to the year 9999.
    """
    if time_format == "iso":
        if not isinstance(content, str):
            raise ValueError("no text")
        stamp = datetime.fromisoformat(content)
        if stamp.tzinfo is None:
            raise ValueError("no offset")
        at_us = int((stamp - _EPOCH) // _MICROSECOND)
    elif isinstance(content, bool) or not isinstance(content, int | float) or not math.isfinite(content):
        raise ValueError("no number")
    else:
        at_us = round(content * _PER_UNIT[time_format])
    if not 0 < at_us < _LAST_US:
        raise ValueError("no time of ours")
    return at_us


def quality_of(content: Any, qualities: Mapping[str, str]) -> int:
    """Return the quality that a word or number of a message means; uncertain if nothing says what it means."""
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    if isinstance(content, list | dict):  # as a text it may be nested deeper than Python goes
        return int(Quality.UNCERTAIN)
    word = json.dumps(content) if isinstance(content, bool) else str(content)
    return _QUALITIES[qualities.get(word, "uncertain")]


def raw_for(tag: Tag, raw: float) -> int | float:
    """Return a raw value as the tag's type holds it.

    Raises:
        ValueError: it doesn't fit.
    """
    if not math.isfinite(raw):
        raise ValueError(message("{value} is not a number that can be written", value=raw))
    limits = INTEGER_LIMITS.get(tag.type)
    if limits is None:
        return raw
    number = round(raw)
    if not limits[0] <= number <= limits[1]:
        raise ValueError(
            message(
                "{value} does not fit {type}, which holds {low} to {high}",
                value=number, type=tag.type.value, low=limits[0], high=limits[1],
            )
        )  # fmt: skip
    return number


def payload_for(tag: Tag, raw: int | float, pointer: Pointer, speaks_words: bool) -> bytes:
    """Return a message that holds `raw` at a pointer and nothing else; as one of the tag's words if it speaks those.

    Raises:
        ValueError: the tag has no word for it.
    """
    content: Any = bool(raw) if tag.type is DataType.BOOL else raw
    if speaks_words:
        if not 0 <= raw < len(tag.states):
            raise ValueError(message("{tag} has no word for {value}", tag=tag.name, value=raw))
        content = tag.states[int(raw)]
        if not pointer:
            return tag.states[int(raw)].encode()
    for key in reversed(pointer):
        content = {key: content}
    return orjson.dumps(content)


def _text_of(content: Any) -> str:
    if isinstance(content, bool):
        return json.dumps(content)
    if not isinstance(content, str | int | float):
        raise TypeError("no text")
    return str(content)
