"""The rules of aggregates µs by µs, written as plainly as they are read; for comparison only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from history.aggregates.samples import TagSamples
from history.aggregates.settings import AggregateSettings
from plant_models.quality import Quality, Severity, severity

Row = tuple[int, float, int]
NAN = math.nan


def tag_samples(
    rows: Sequence[Row], is_stepped: bool, known_until_us: int | None = None, hold_us: int | None = None
) -> TagSamples:
    """Samples from rows of time, value and quality."""
    times, values, codes = zip(*rows, strict=True) if rows else ((), (), ())
    return TagSamples(
        np.array(times, np.int64),
        np.array(values, float),
        np.array(codes, np.uint16),
        is_stepped,
        known_until_us,
        hold_us,
    )


def severity_of(row: Row) -> Severity:
    return severity(row[2]) if math.isfinite(row[1]) else Severity.BAD


@dataclass
class Slow:
    """A tag and its settings; every question is answered by looking through all rows."""

    rows: Sequence[Row]
    is_stepped: bool
    ends: int
    settings: AggregateSettings
    hold: int | None = None

    def is_silent_after(self, row: Row) -> bool:
        following = self.after(row[0])
        return self.hold is not None and (self.ends if following is None else following[0]) - row[0] > self.hold

    def is_usable(self, row: Row) -> bool:
        return severity_of(row) < (Severity.UNCERTAIN if self.settings.treat_uncertain_as_bad else Severity.BAD)

    def before(self, at: float) -> Row | None:
        return max((row for row in self.rows if row[0] <= at), default=None)

    def after(self, at: float) -> Row | None:
        return min((row for row in self.rows if row[0] > at), default=None)

    def value(self, at: float) -> float:
        """The simple bounding value; NaN if there is none."""
        left, right = self.before(at), self.after(at)
        if left is None or not self.is_usable(left) or (self.is_silent_after(left) and left[0] != at):
            return NAN
        if self.is_stepped:
            return left[1]
        if right is None and self.settings.use_sloped_extrapolation:
            earlier = self.before(left[0] - 1)
            if earlier is not None and self.is_usable(earlier):
                return left[1] + (left[1] - earlier[1]) * (at - left[0]) / (left[0] - earlier[0])
        if right is None or not self.is_usable(right):
            return left[1]
        return left[1] + (right[1] - left[1]) * (at - left[0]) / (right[0] - left[0])

    def state(self, at: int) -> Severity | None:
        """How the µs that begins there is weighed; None after the end of data."""
        left, right = self.before(at), self.after(at)
        if at >= self.ends:
            return None
        if left is None or not self.is_usable(left) or self.is_silent_after(left):
            return Severity.BAD
        if self.is_stepped:
            return severity_of(left)
        if right is None or not self.is_usable(right):
            return Severity.UNCERTAIN
        return max(severity_of(left), severity_of(right))

    def status(self, states: Sequence[Severity | None]) -> int:
        """5.4.3.2.1, of µs or of samples."""
        good, unsure, bad = (sum(state == each for state in states) for each in Severity)
        whole = good + unsure + bad
        if not good + unsure:
            return Quality.BAD_NO_DATA
        if bad and 100 * bad / whole >= self.settings.percent_data_bad:
            return Quality.BAD
        if unsure or (bad and 100 * good / whole < self.settings.percent_data_good):
            return Quality.UNCERTAIN_DATA_SUB_NORMAL
        return Quality.GOOD

    def is_outside(self, start: int, end: int) -> bool:
        return not self.rows or end <= self.rows[0][0] or start >= self.ends

    def is_partial(self, start: int, end: int) -> bool:
        return start < self.rows[0][0] or end > self.ends

    def inside(self, start: int, end: int) -> list[Row]:
        return [row for row in self.rows if start <= row[0] < end]

    def average(self, start: int, end: int) -> tuple[float, int, float]:
        """TimeAverage2, its status, and Total2."""
        states = [self.state(at) for at in range(start, end)]
        used = [
            self.value(at + 0.5) for at, s in zip(range(start, end), states, strict=True) if s is not None and s < 2
        ]
        return (sum(used) / len(used) if used else NAN), self.status(states), sum(used) / 1e6

    def extremes(self, start: int, end: int) -> list[tuple[float, int]]:
        """All values that Minimum2 and Maximum2 choose from, with their times."""
        found = [(row[1], row[0]) for row in self.inside(start, end) if self.is_usable(row)]
        if not any(row[0] == start for row in self.rows):
            found.append((self.value(start), start))
        if not self.is_stepped and end <= self.rows[-1][0]:
            found.append((self.value(end), end - 1))
        return [(value, time) for value, time in found if not math.isnan(value)]

    def durations_ms(self, start: int, end: int) -> tuple[float, float]:
        """DurationGood and DurationBad: each µs is as the sample or bounding value that its region begins with."""
        good = bad = 0
        for at in range(start, min(end, self.ends)):
            left = self.before(at)
            is_sample = left is not None and left[0] >= start and not self.is_silent_after(left)
            state = severity_of(left) if left is not None and is_sample else self.state(at)
            good += state is Severity.GOOD
            bad += state is Severity.BAD or (
                is_sample and state is Severity.UNCERTAIN and self.settings.treat_uncertain_as_bad
            )
        return good / 1e3, bad / 1e3

    def transitions(self, start: int, end: int) -> int:
        usable = [row for row in self.rows if self.is_usable(row)]
        changes = [row for n, row in enumerate(usable) if n == 0 or row[1] != usable[n - 1][1]]
        return len([row for row in changes if start <= row[0] < end])
