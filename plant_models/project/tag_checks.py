"""Whether each tag makes sense by itself: unit, ranges, scaling, 64-bit values, what may be written. Any thread."""

from collections.abc import Callable, Iterator
from typing import Final

from plant_models.project.finding import Finding
from plant_models.project.tag_rows import TagList
from plant_models.project.units import is_unit, unit_remedy
from plant_models.tag import INTEGER_LIMITS, DataType, Tag

EXACT: Final = 2**53
"""The largest magnitude below which float64 holds every whole number."""

_Mistake = tuple[str, str, str]
_64_BIT: Final = (DataType.U64, DataType.I64)


def check_tags(tags: TagList, findings: list[Finding]) -> None:
    """Add a finding for each mistake in each tag."""
    for position, tag in enumerate(tags.tags):
        if not tags.is_bad(position):
            for check in _CHECKS:
                for column, problem, remedy in check(tag):
                    findings.append(tags.finding(position, column, f"{tag.name}: {problem}", remedy))


def _unit(tag: Tag) -> Iterator[_Mistake]:
    if tag.unit and not is_unit(tag.unit):
        yield "unit", f"unknown unit {tag.unit!r}", unit_remedy(tag.unit)


def _range(tag: Tag) -> Iterator[_Mistake]:
    low, high = tag.low, tag.high
    if low is not None and high is not None and low >= high:
        yield "low", f"low {low:g} is not below high {high:g}", "exchange or correct them"
        return
    yield from _representable(tag)
    for column, value in (("write_low", tag.write_low), ("write_high", tag.write_high)):
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            yield column, f"{column} {value:g} lies outside the range", "use a value from low to high"
    if tag.write_low is not None and tag.write_high is not None and tag.write_low >= tag.write_high:
        yield "write_low", "write_low is not below write_high", "exchange or correct them"


def _representable(tag: Tag) -> Iterator[_Mistake]:
    """Yield the ends of a range that a whole number of the tag's type, read without scaling, never reaches."""
    limits = INTEGER_LIMITS.get(tag.type)
    if limits is None or tag.expression or tag.raw_low is not None or tag.raw_high is not None:
        return
    for column in ("low", "high", "write_low", "write_high"):
        value = getattr(tag, column)
        if value is not None and not limits[0] <= value <= limits[1]:
            remedy = f"use {limits[0]} to {limits[1]}, a wider type, or raw_low and raw_high"
            yield column, f"{column} {value:g} doesn't fit in {tag.type}", remedy


def _scaling(tag: Tag) -> Iterator[_Mistake]:
    ends = (tag.raw_low, tag.raw_high)
    if ends == (None, None):
        return
    if None in ends or tag.low is None or tag.high is None:
        problem = "scaling needs low, high, raw_low and raw_high"
        yield "raw_low", problem, "fill in all four, or leave raw_low and raw_high empty"
        return
    if tag.raw_low == tag.raw_high:
        yield "raw_high", "raw_low and raw_high are equal", "give the raw values at low and at high"
    least, most = INTEGER_LIMITS.get(tag.type, (None, None))
    for column, value in (("raw_low", tag.raw_low), ("raw_high", tag.raw_high)):
        if value is not None and least is not None and most is not None and not least <= value <= most:
            yield column, f"{column} {value:g} doesn't fit in {tag.type}", f"use {least} to {most}"


def _wide_integer(tag: Tag) -> Iterator[_Mistake]:
    if tag.type not in _64_BIT or tag.as_text:
        return
    low, high = (tag.low, tag.high) if tag.raw_high is None else (tag.raw_low, tag.raw_high)
    has_floor = tag.type is DataType.U64 or (low is not None and low >= -EXACT)
    is_bounded = has_floor and high is not None and high <= EXACT
    if not is_bounded and (tag.modulus is None or tag.modulus > EXACT):
        problem = f"a {tag.type} may exceed 2^53, beyond which values are no longer exact"
        yield "type", problem, "set as_text, a modulus, or low and high within 2^53"


def _source(tag: Tag) -> Iterator[_Mistake]:
    if tag.expression and (tag.device or tag.address):
        yield "expression", "both an address and an expression", "keep one of them"
    elif tag.device and not tag.address:
        yield "address", f"no address in {tag.device}", "give it one, such as hr:100, ns=2;s=NAME or TOPIC#/POINTER"
    elif tag.address and not tag.device:
        yield "device", "an address without a device", "name the device"


def _writing(tag: Tag) -> Iterator[_Mistake]:
    if not tag.writable:
        return
    if tag.expression:
        yield "writable", "a calculated tag can't be written", "set writable to false"
    elif tag.address.startswith(("ir:", "di:")):
        yield "writable", f"{tag.address[:2]} can't be written", "use hr or co, or set writable to false"
    elif tag.is_text:
        yield "writable", "a text can't be written", "set writable to false"


def _pulse(tag: Tag) -> Iterator[_Mistake]:
    if not tag.pulse:
        return
    if not tag.writable or not tag.device:
        yield "pulse", "an order that no device takes", "name a device and set writable to true, or pulse to false"
    if tag.type not in INTEGER_LIMITS or tag.raw_low is not None or tag.raw_high is not None:
        yield "pulse", "an order is a bool or a whole number without scaling", "correct the type, or set pulse to false"


def _states(tag: Tag) -> Iterator[_Mistake]:
    if tag.type is DataType.BOOL and len(tag.states) > 2:
        yield "states", f"{len(tag.states)} words for a bool", "give one word for 0 and one for 1"


def _thinning(tag: Tag) -> Iterator[_Mistake]:
    if tag.deviation and not tag.is_sloped:
        yield "deviation", "a deviation of what goes in steps", "use deadband, or leave both empty"
    if tag.deadband and (tag.is_text or tag.type is DataType.BOOL):
        yield "deadband", f"a deadband of a {'text' if tag.is_text else 'bool'}", "leave it empty"


_CHECKS: Final[tuple[Callable[[Tag], Iterator[_Mistake]], ...]] = (
    _unit, _range, _scaling, _wide_integer, _source, _writing, _pulse, _states, _thinning,
)  # fmt: skip
