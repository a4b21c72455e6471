"""What is known between two samples: its value, and how far it can be trusted. Pure, any thread.

Simple Bounding Values of OPC UA Part 13, sections 3.1.9 and 5.4.3.2.2: only the samples next to a time count, even if
they are bad. A segment reaches from a sample to the next; number -1 is the time before the first one.
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
class Segments:
    """A row per sample, and at the end one for the time before the first (so that -1 finds it)."""

    samples: TagSamples
    is_usable: Mask
    states: States
    slopes_from: Floats
    slopes_to: Floats
    durations_us: Times

    def values_at(self, rows: Rows, times_us: Times) -> Floats:
        """Return the values of the segments at the given times; without meaning where a segment is bad."""
        if not len(self.samples):
            return np.full(len(rows), np.nan)
        start = self.slopes_from[rows]
        if self.samples.is_stepped:
            return start
        end = self.slopes_to[rows]
        share = (times_us - self.samples.times_us[np.maximum(rows, 0)]) / self.durations_us[rows]
        with np.errstate(all="ignore"):
            value = start + (end - start) * share
            return np.where(np.isfinite(value), value, start * (1 - share) + end * share)


def severities(samples: TagSamples) -> States:
    """Return the severity of each sample; a value that isn't finite is bad."""
    found = np.minimum(samples.qualities >> np.uint16(SEVERITY_SHIFT), Severity.BAD).astype(np.uint8)
    found[~np.isfinite(samples.values)] = Severity.BAD
    return found


def usable(samples: TagSamples, settings: AggregateSettings) -> Mask:
    """Return which samples aren't bad by the settings."""
    worst = Severity.GOOD if settings.treat_uncertain_as_bad else Severity.UNCERTAIN
    return np.asarray(severities(samples) <= worst, np.bool_)


def make_segments(samples: TagSamples, settings: AggregateSettings) -> Segments:
    """Return the segments of a tag."""
    is_usable, severity = usable(samples, settings), severities(samples)
    states = np.where(is_usable, severity, np.uint8(Severity.BAD))
    targets = samples.values.copy()
    durations = np.ones(len(samples), np.int64)
    if not samples.is_stepped and len(samples):
        durations[:-1] = np.diff(samples.times_us)
        is_sloped = is_usable[1:]
        targets[:-1] = np.where(is_sloped, samples.values[1:], samples.values[:-1])
        is_doubtful = np.append(~is_sloped | (severity[1:] != Severity.GOOD), True)
        states[is_usable & is_doubtful] = Severity.UNCERTAIN
        _extrapolate(samples, is_usable, targets, durations, settings)
    return Segments(
        samples,
        is_usable,
        np.append(states, np.uint8(Severity.BAD)),
        np.append(samples.values, np.nan),
        np.append(targets, np.nan),
        np.append(durations, 1),
    )


def _extrapolate(
    samples: TagSamples, is_usable: Mask, targets: Floats, durations: Times, settings: AggregateSettings
) -> None:
    """Let the last segment go on as the one before it (Part 13, section 3.1.8), if that is asked for and known."""
    if settings.use_sloped_extrapolation and len(samples) > 1 and is_usable[-2:].all():
        durations[-1] = durations[-2]
        targets[-1] = 2 * samples.values[-1] - samples.values[-2]
