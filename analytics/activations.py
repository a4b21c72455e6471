"""How often an alarm would have been active, from the runs of its condition and its delays. Pure, any thread."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.pages import Span
from analytics.runs import Runs
from analytics.turning import turns_of
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import Times, Values


@dataclass(frozen=True, slots=True)
class Activation:
    """One time in which an alarm was active: from and until when (µs UTC), None if it still was at the end.

    `peak` is its worst value, in the tag's unit: the greatest of a high alarm, the smallest of a low one, for `dev` the
    greatest distance, for `rate` the fastest change per minute.
    """

    start_us: int
    end_us: int | None
    peak: float

    def length_us(self, until_us: int) -> int:
        """How long it was active; of one that still is, until the time given."""
        return (until_us if self.end_us is None else self.end_us) - self.start_us


@dataclass(frozen=True, slots=True)
class Activations:
    """n of them in the order of time, as columns: there may be a million. The last one may go on (`is_open`).

    `ends_us` of one that goes on is the end of the time that was looked at.
    """

    starts_us: Times
    ends_us: Times
    peaks: Values
    is_open: bool = False

    def __len__(self) -> int:
        return len(self.starts_us)

    def __getitem__(self, number: int) -> Activation:
        """Return one of them; numbers below 0 count from the end."""
        is_open = self.is_open and number in (-1, len(self) - 1)
        end_us = None if is_open else int(self.ends_us[number])
        return Activation(int(self.starts_us[number]), end_us, float(self.peaks[number]))

    def __iter__(self) -> Iterator[Activation]:
        return map(self.__getitem__, range(len(self)))

    @property
    def lengths_us(self) -> Times:
        """How long each was active."""
        return self.ends_us - self.starts_us

    def meeting(self, others: "Activations") -> NDArray[np.intp]:
        """Return for each of them the number of the first of `others` that was active at the same time, -1 for none."""
        first = np.searchsorted(others.ends_us, self.starts_us, "right")
        is_met = np.append(others.starts_us, np.iinfo(np.int64).max)[first] < self.ends_us
        return np.where(is_met, first, -1)


def activations_of(runs: Runs, definition: AlarmDefinition, sign: float, span: Span) -> Activations:
    """Return how often and how long the alarm is active in a span; `sign` takes a peak back to what people read."""
    turns = turns_of(runs, definition)
    n = (len(turns.at_us) + 1) // 2
    is_open = len(turns.at_us) % 2 == 1
    at_us = np.append(turns.at_us, span.end_us) if is_open else turns.at_us
    peaks = np.full(n, np.nan)
    if n:
        excess = np.where(runs.holds, runs.peak, -np.inf)
        peaks = np.maximum.reduceat(excess, turns.runs)[::2] * sign
    starts_us = np.clip(at_us[::2], span.start_us, span.end_us)
    ends_us = at_us[1::2]
    inside = ends_us > span.start_us
    return Activations(starts_us[inside], ends_us[inside], peaks[inside], is_open)
