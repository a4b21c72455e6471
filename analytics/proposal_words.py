"""A proposed setting in sentences, and why there is none. Pure, any thread."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from analytics.candidates import DEADBAND_KINDS, longest_on_delay_s, unit_of
from analytics.ground import Ground
from analytics.lengths import length_words
from analytics.outcome import Outcome
from analytics.starting_points import starting_point
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.batch import Values
from plant_models.message import message

_NORMAL: Final = 99.0
"""Percentile that normal running keeps within."""
_LOW: Final = (AlarmKind.LOW, AlarmKind.LOW_LOW)
_MEASURED: Final = (*LIMIT_KINDS, AlarmKind.DEVIATION, AlarmKind.RATE)


def change_words(present: AlarmDefinition, proposed: AlarmDefinition, ground: Ground) -> Iterator[str]:
    """Yield what would be changed, and what it is measured by."""
    unit = unit_of(present, ground)
    if proposed.deadband != present.deadband:
        yield message(
            "Deadband {new:g} {unit} instead of {old:g} {unit}",
            new=proposed.deadband,
            old=present.deadband,
            unit=unit,
        )
    if proposed.on_delay_s != present.on_delay_s:
        yield message("On-delay {new:g} s instead of {old:g} s", new=proposed.on_delay_s, old=present.on_delay_s)
    if proposed.off_delay_s != present.off_delay_s:
        yield message("Off-delay {new:g} s instead of {old:g} s", new=proposed.off_delay_s, old=present.off_delay_s)
    if present.kind in _MEASURED:
        point = starting_point(unit)
        yield message(
            "Usual to begin with are a deadband of {share:.0%} of the range and delays of {delay_s:.0f} s",
            share=point.share,
            delay_s=point.delay_s,
        )


def where_words(definition: AlarmDefinition) -> Iterator[str]:
    """Yield where a change has to be made, if not in the definition of the alarm."""
    if definition.kind is AlarmKind.DEVICE:
        yield message("In the device, which raises it")
    elif not definition.tag:
        yield message("In an alarm of the kind comm on a tag of the device, in place of the one that the program makes")


def helpless_words(present: Outcome, days: int) -> str:
    """Say that no change helps."""
    if present.definition.kind in DEADBAND_KINDS:
        return message("{n} alarms in {days} days, and no deadband or delay helps", n=present.count, days=days)
    return message("{n} alarms in {days} days, and no delay helps", n=present.count, days=days)


def limit_words(definition: AlarmDefinition, unit: str, over: Values) -> Iterator[str]:
    """Yield what the limit has to do with it; `over` is how far samples were over it, in rising order."""
    if definition.kind not in _MEASURED:
        return
    share, normal = float((over > 0).mean()), float(np.percentile(over, _NORMAL))
    yield message("The value is beyond the limit {share:.1%} of the time", share=share)
    if normal <= 0:
        return
    if definition.kind in LIMIT_KINDS and definition.limit is not None and not definition.limit_tag:
        bound = definition.limit - normal if definition.kind in _LOW else definition.limit + normal
        yield message(
            "The limit is too near to normal running: 99 % of the time the value keeps within {bound:.4g} {unit}",
            bound=bound,
            unit=unit,
        )
    else:
        yield message(
            "The limit is too near to normal running: 99 % of the time the value is no further beyond than {over:.3g}",
            over=normal,
        )


def bound_words(definition: AlarmDefinition, ground: Ground) -> Iterator[str]:
    """Yield how far delays may go."""
    longest_s = longest_on_delay_s(definition, ground)
    if longest_s is None:
        yield message("No time to respond is given, so the on-delay was left as it is")
    else:
        yield message(
            "The on-delay may be {longest} at most, by the time to respond of {respond}",
            longest=length_words(longest_s),
            respond=length_words((definition.respond_min or 0.0) * 60.0),
        )
