"""What is known between two samples: its value, and how far it can be trusted. Pure, any thread.

Simple Bounding Values of OPC UA Part 13, sections 3.1.9 and 5.4.3.2.2: only the samples next to a time count, even if
they are bad. A segment reaches from a sample to the next.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Mask, Rows, TagSamples, Times
from history.aggregates.settings import AggregateSettings
from plant_models.quality import SEVERITY_SHIFT, Severity

States = NDArray[np.uint8]
BEYOND: Final = 3
"""A state beside those of Severity: data has ended."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Samples with the severity of each (bad if the value isn't finite), and which are used by the settings."""

    samples: TagSamples
    severities: States
    is_usable: Mask


@dataclass(frozen=True, slots=True)
class Segments:
    """A row per sample: the state of the segment that begins with it, and where its value goes to after how long."""

    judged: Judged
    states: States
    targets: Floats
    durations_us: Times | None
    """None if the tag is stepped."""

    def values_at(self, rows: Rows, times_us: Times) -> Floats:
        """Return the values of the segments at times within them; without meaning where a segment is bad."""
        start = self.judged.samples.values[rows]
        if self.durations_us is None:
            return start
        end = self.targets[rows]
        share = (times_us - self.judged.samples.times_us[rows]) / self.durations_us[rows]
        with np.errstate(all="ignore"):
            value = start + (end - start) * share
            return np.where(np.isfinite(value), value, start * (1 - share) + end * share)


def judge_samples(samples: TagSamples, settings: AggregateSettings) -> Judged:
    """Return the samples with what their qualities come to."""
    severities = np.minimum(samples.qualities >> np.uint16(SEVERITY_SHIFT), np.uint16(Severity.BAD)).astype(np.uint8)
    severities[~np.isfinite(samples.values)] = Severity.BAD
    limit = Severity.UNCERTAIN if settings.treat_uncertain_as_bad else Severity.BAD
    return Judged(samples, severities, severities < limit)


def make_segments(judged: Judged, settings: AggregateSettings) -> Segments:
    """Return the segments of a tag, which has samples; a silence is bad."""
    samples, is_usable = judged.samples, judged.is_usable
    states = np.where(is_usable, judged.severities, np.uint8(Severity.BAD))
    if samples.is_stepped:
        states[samples.is_silent_after] = Severity.BAD
        return Segments(judged, states, samples.values, None)
    targets, durations = samples.values.copy(), np.ones(len(samples), np.int64)
    np.subtract(samples.times_us[1:], samples.times_us[:-1], out=durations[:-1])
    np.copyto(targets[:-1], samples.values[1:], where=is_usable[1:])
    states[:-1][is_usable[:-1] & (states[1:] != Severity.GOOD)] = Severity.UNCERTAIN
    if is_usable[-1]:
        states[-1] = Severity.UNCERTAIN
    if settings.use_sloped_extrapolation and len(samples) > 1 and is_usable[-2:].all():
        durations[-1] = durations[-2]
        targets[-1] = 2 * samples.values[-1] - samples.values[-2]
    states[samples.is_silent_after] = Severity.BAD
    return Segments(judged, states, targets, durations)
