"""Numbers and times as people read them on screen, in the units they have chosen. Pure, any thread."""

import math
from datetime import UTC, datetime, tzinfo
from typing import Final

from hmi.i18n import tr
from hmi.units.choice import shown_as
from plant_models.tag import Tag

THIN_SPACE: Final = "\u2009"
MINUS: Final = "−"
DASH: Final = "—"


def number_text(value: float, decimals: int) -> str:
    """Return a number with fixed decimals, thin spaces between thousands and a true minus; a dash for what is none."""
    if not math.isfinite(value):
        return DASH
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace(",", THIN_SPACE).replace("-", MINUS)


def figure_text(value: float, tag: Tag) -> str:
    """Return a value of `tag` (in the plant's unit) in the shown unit, without its name."""
    shown = shown_as(tag)
    return number_text(shown.to(value), shown.decimals)


def difference_text(value: float, tag: Tag) -> str:
    """Return a difference of two values of `tag` (in the plant's unit) in the shown unit, without its name."""
    shown = shown_as(tag)
    return number_text(shown.difference(value), shown.decimals)


def amount_text(value: float, tag: Tag) -> str:
    """Return a value of `tag` (in the plant's unit) as it is shown, with its unit, or its state word if it has one.

    Number and unit are not to be torn apart.
    """
    if tag.states and 0 <= value < len(tag.states) and value == int(value):
        return tr(tag.states[int(value)])
    return f"{figure_text(value, tag)}\u00a0{shown_as(tag).unit}".rstrip()


def local_time(at_us: int, zone: tzinfo) -> datetime:
    """Return µs UTC as a time of the plant's zone."""
    return datetime.fromtimestamp(at_us / 1e6, UTC).astimezone(zone)


def clock_text(at_us: int, zone: tzinfo) -> str:
    """Return the time of day, "14:41:09"."""
    return f"{local_time(at_us, zone):%H:%M:%S}"


def moment_text(at_us: int, now_us: int, zone: tzinfo) -> str:
    """Return the time of day, with the date before it when that isn't today: "2026-11-21 14:41:09"."""
    at, now = local_time(at_us, zone), local_time(now_us, zone)
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M:%S}"
