"""What an alarm would have done in a time: how often, how long, and how much of that nobody could use. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.activations import Activation, Activations
from plant_models.alarm_definition import AlarmDefinition
from plant_models.alarm_philosophy import KpiTargets


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `definition` would have done.

    `active_us` is the time in alarm of all activations together. `n_fleeting` of them were over before anybody could
    act, `n_chattering` came too often one after the other, by the plant's philosophy.
    """

    definition: AlarmDefinition
    activations: Activations
    active_us: int
    n_fleeting: int
    n_chattering: int

    @property
    def count(self) -> int:
        """How often it would have been active."""
        return len(self.activations)

    @property
    def longest(self) -> Activation | None:
        """The activation that lasted longest."""
        return self.activations[int(self.activations.lengths_us.argmax())] if self.count else None


def outcome_of(definition: AlarmDefinition, activations: Activations, targets: KpiTargets) -> Outcome:
    """Return what activations come to."""
    lengths_us = activations.lengths_us
    is_fleeting = lengths_us < targets.fleeting_s * 1e6
    if activations.is_open and len(is_fleeting):
        is_fleeting[-1] = False
    return Outcome(
        definition,
        activations,
        int(lengths_us.sum()),
        int(is_fleeting.sum()),
        int(_chatters(activations.starts_us, targets).sum()),
    )


def _chatters(starts_us: NDArray[np.int64], targets: KpiTargets) -> NDArray[np.bool_]:
    """Return which activations are among `chatter_count` that began within `chatter_s`."""
    following = max(targets.chatter_count - 1, 1)
    is_first = starts_us[following:] - starts_us[:-following] <= targets.chatter_s * 1e6
    depth = np.zeros(len(starts_us) + 1, np.int64)
    firsts = np.flatnonzero(is_first)
    np.add.at(depth, firsts, 1)
    np.add.at(depth, firsts + following + 1, -1)
    return np.cumsum(depth)[:-1] > 0
