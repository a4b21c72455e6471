"""The total of a counter in a PLC, which rolls over and is sometimes set back. Pure, any thread."""

from dataclasses import dataclass

import numpy as np

from history.aggregates.regions import make_regions
from history.aggregates.samples import Floats, Mask, TagSamples, Times, checked_edges
from history.aggregates.segments import Judged, Segments, States
from history.aggregates.totals import Totals, measured, no_totals, total_regions
from plant_models.quality import Severity


@dataclass(frozen=True, slots=True)
class CounterRule:
    """How a counter becomes a quantity.

    Raises:
        ValueError: the modulus or the highest rate isn't positive.
    """

    per_count: float
    """Quantity of one count: 0.1 for a pulse every 100 l, in m³."""
    gap_us: int
    """In a longer silence the counter has counted, but it isn't known when: that time is told as missing."""
    modulus: float | None = None
    """The number after which it begins at 0 again: 2³² or 1,000,000. None: it never rolls over."""
    highest_per_second: float | None = None
    """Counts a second that are just possible. What is faster is no roll-over and no count, but a change of the counter.
    None: a roll-over is believed up to half of the modulus."""

    def __post_init__(self) -> None:
        for limit in (self.modulus, self.highest_per_second):
            if limit is not None and not limit > 0:
                raise ValueError(f"{limit} as a counter's limit; give a positive number or none")


def counter_totals(samples: TagSamples, edges_us: Times, rule: CounterRule) -> Totals:
    """Return how far a counter went on in the intervals between n + 1 edges (µs UTC).

    A step between two usable samples is spread evenly over the time between them, so it is shared at an edge. A counter
    that falls has rolled over if that is possible; otherwise it was set back, and only what it shows since is counted.

    Raises:
        ValueError: there are fewer than two edges, or they don't rise.
    """
    checked_edges(edges_us)
    judged = measured(samples)
    is_possible = judged.is_usable & (samples.values >= 0) & (samples.values <= (rule.modulus or np.inf))
    rows = np.flatnonzero(is_possible)
    if not len(rows):
        return no_totals(edges_us)
    times, durations = samples.times_us[rows], np.diff(samples.times_us[rows], append=samples.ends_us)
    steps, is_known, is_reset = _steps(samples.values[rows], durations[:-1] / 1e6, rule)
    states = _states(judged.severities[rows], is_known)
    is_gap = durations > rule.gap_us
    if is_gap[-1] or not is_possible[-1]:
        states[-1] = Severity.BAD
    rates = TagSamples(times, steps / (durations / 1e6), samples.qualities[rows], True, samples.ends_us)
    segments = Segments(Judged(rates, states, states < Severity.BAD), states, rates.values, None)
    regions = make_regions(segments, edges_us)
    resets = np.diff(np.searchsorted(times[1:][is_reset], edges_us))
    return total_regions(regions, rule.per_count, regions.used & is_gap[regions.rows], resets.astype(np.int64))


def _steps(values: Floats, seconds: Floats, rule: CounterRule) -> tuple[Floats, Mask, Mask]:
    """Return how far each sample is from the one before it (and 0 for what comes after the last one), which of these
    steps are known, and which come from a counter that began anew."""
    steps = np.diff(values)
    highest = np.full(len(steps), np.inf) if rule.highest_per_second is None else rule.highest_per_second * seconds
    is_fall = steps < 0
    if rule.modulus is not None:
        rolled = steps + rule.modulus
        limit = np.full(len(steps), rule.modulus / 2) if rule.highest_per_second is None else highest
        is_rolled = is_fall & (rolled <= limit)
        steps, is_fall = np.where(is_rolled, rolled, steps), is_fall & ~is_rolled
    steps = np.where(is_fall, values[1:], steps)
    is_known = steps <= highest
    return np.append(np.where(is_known, steps, 0), 0), np.append(is_known, True), is_fall | ~is_known


def _states(severities: States, is_known: Mask) -> States:
    """Return the state of each step: the worse of its two samples, bad if it isn't known."""
    worse = np.maximum(severities, np.append(severities[1:], np.uint8(Severity.GOOD)))
    return np.where(is_known, worse, np.uint8(Severity.BAD))
