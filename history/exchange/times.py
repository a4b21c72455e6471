"""Times as people and files write them. Pure functions, any thread."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from plant_models.message import message

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def us_of(text: str, zone: tzinfo) -> int:
    """Return a time in µs UTC: ISO 8601 with an offset or Z, or without one as local time of the site.

    Raises:
        ValueError: it is no time, or a local time that comes twice or never because clocks are put back or forward.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(message("{text} is no time", text=repr(text))) from None
    if at.tzinfo is None:
        at = _local(at, text, zone)
    try:
        return (at - EPOCH) // _MICROSECOND
    except OverflowError:
        raise ValueError(message("{text} is no time", text=repr(text))) from None


def utc_text(at_us: int) -> str:
    """Return "2026-11-29T06:47:00.000001Z"."""
    return f"{EPOCH + timedelta(microseconds=at_us):%Y-%m-%dT%H:%M:%S.%f}Z"


def local_text(at_us: int, zone: tzinfo) -> str:
    """Return the time of the site with its offset."""
    return (EPOCH + timedelta(microseconds=at_us)).astimezone(zone).isoformat(timespec="microseconds")


def _local(at: datetime, text: str, zone: tzinfo) -> datetime:
    first, second = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        raise ValueError(message("{text} doesn't exist: clocks were put forward", text=repr(text)))
    raise ValueError(message("{text} comes twice, since clocks were put back", text=repr(text)))
