"""What is said about conditions and what comes of it, as columns: verdicts and turns. Immutable; station thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.batch import Qualities, Values
from plant_models.quality import Quality, bad_mask

Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Times = NDArray[np.int64]

NEVER: Final = np.iinfo(np.int64).max
LONG_AGO: Final = -(2**61)
"""Before every monotonic time (ns), and far enough from the ends of int64 to be reckoned with."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Conditions that changed, in the order in which they did: alarm numbers, new state, value, time (µs UTC)."""

    alarms: Indices
    is_raised: Flags
    values: Values
    at_us: Times


@dataclass(frozen=True, slots=True)
class Placed:
    """Turns, and for each its place among all turns of a batch."""

    places: Indices
    turns: Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Which conditions hold and which are clear; where neither, they stay as they are. Each alarm occurs once.

    `places` order what comes of it, `values` are those of the alarms' tags, `at_us` (µs UTC) and `at_ns` (monotonic)
    say when. Where `is_anew`, what the condition is about has changed: a delay before its alarm begins again.
    """

    alarms: Indices
    places: Indices
    raises: Flags
    clears: Flags
    values: Values
    at_us: Times
    at_ns: Times
    is_anew: Flags | None = None


def usable(values: Values, qualities: Qualities) -> Flags:
    """Return which samples conditions may be judged by: numbers, neither bad nor stale. Outside the range is usable."""
    is_usable: Flags = np.isfinite(values)
    is_usable &= ~bad_mask(qualities)
    is_usable &= qualities != Quality.UNCERTAIN_LAST_USABLE
    return is_usable


def told(qualities: Qualities) -> Flags:
    """Return which samples come from somewhere: all but those of tags that wait for their first value."""
    is_told: Flags = qualities != Quality.BAD_WAITING_FOR_INITIAL_DATA
    return is_told


def in_order(parts: Sequence[Placed]) -> Turns:
    """Join turns by their places, those of one place by the numbers of their alarms."""
    places = np.concatenate([np.empty(0, np.intp), *(part.places for part in parts)])
    alarms = np.concatenate([np.empty(0, np.intp), *(part.turns.alarms for part in parts)])
    order = np.lexsort((alarms, places))
    return Turns(
        alarms[order],
        np.concatenate([np.empty(0, np.bool_), *(part.turns.is_raised for part in parts)])[order],
        np.concatenate([np.empty(0), *(part.turns.values for part in parts)])[order],
        np.concatenate([np.empty(0, np.int64), *(part.turns.at_us for part in parts)])[order],
    )


def rounds(keys: Indices) -> list[Indices]:
    """Return the places of `keys` in rounds in which no key occurs twice, those of each key in their order."""
    if not len(keys):
        return []
    order = np.argsort(keys, kind="stable")
    grouped = keys[order]
    is_first = np.r_[True, grouped[1:] != grouped[:-1]]
    if bool(is_first.all()):
        return [np.arange(len(keys))]
    begins = np.flatnonzero(is_first)
    turn = np.arange(len(keys)) - np.repeat(begins, np.diff(np.r_[begins, len(keys)]))
    return [np.sort(order[turn == number]) for number in range(int(turn.max()) + 1)]
