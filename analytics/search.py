"""Trying changes of an alarm on what its settings saw, for one that makes it better and loses no event. Workers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from analytics.activations import Activations
from analytics.backtest import BackTest, BackTestRequest, compared, events_of
from analytics.candidates import Change, longest_on_delay_s
from analytics.coverage import Coverage
from analytics.ground import Ground
from analytics.outcome import Outcome, outcome_of
from analytics.replay import Seen
from history.queries.limits import Patience

_BRIDGE_US: Final = 600_000_000
"""An alarm that stands over a longer quiet time than this until the next event would hide that one."""
_FEW_FLEETING: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search is based on: what the settings saw, the present one first, and how much of it is known.

    An alarm may come as often as is usual in so many `days`. `acknowledged_us` are the times at which somebody
    acknowledged the alarm, which is called `alarm` (µs UTC).
    """

    seen: Sequence[Seen]
    coverage: Coverage
    days: float
    acknowledged_us: tuple[int, ...]
    alarm: str


class Search:
    """Tries changes of one alarm."""

    def __init__(self, evidence: Evidence, ground: Ground) -> None:
        seen = evidence.seen
        self._evidence, self._ground = evidence, ground
        self._seen = {each.definition.deadband: each for each in seen}
        self._now = seen[0]
        definition, targets = seen[0].definition, ground.philosophy.targets
        self.present = outcome_of(definition, seen[0].activations(), targets)
        self.most = math.ceil(targets.per_day * targets.top_share_max / 10 * evidence.days)
        """How often an alarm may come in the time."""
        self._event_s = targets.fleeting_s if definition.respond_min is None else definition.respond_min * 60.0
        self._latest_s = longest_on_delay_s(definition, ground) or 0.0

    def is_good(self, outcome: Outcome) -> bool:
        """Whether an alarm that does this is no bad actor.

        It is one if it comes more often than each of the ten most frequent may, if it chatters, or mostly fleets.
        """
        is_fleeting = outcome.n_fleeting > max(_FEW_FLEETING, outcome.count / 2)
        return outcome.count <= self.most and not outcome.n_chattering and not is_fleeting

    def best(self, changes: Sequence[Change], patience: Patience) -> Change | None:
        """Return the smallest change that is enough, else the one with fewest alarms if it at least halves them."""
        best, fewest = None, self.present.count // 2 + 1
        for change in changes:
            patience.check()
            outcome = self._outcome(change)
            is_good = self.is_good(outcome)
            if not (is_good or outcome.count < fewest) or not self._tells_all(outcome):
                continue
            if is_good:
                return change
            best, fewest = change, outcome.count
        return best

    def test(self, change: Change) -> BackTest:
        """Return the back-test of a change."""
        seen = self._after(change)
        span = seen.span
        request = BackTestRequest(
            seen.definition,
            span.start_us,
            span.end_us,
            self._now.definition,
            self._event_s,
            self._evidence.acknowledged_us,
            self._evidence.alarm,
        )
        return compared(request, self._ground, (seen, self._now), self._evidence.coverage)

    def _after(self, change: Change) -> Seen:
        return self._seen[change.deadband].with_delays(change.on_delay_s, change.off_delay_s)

    def _outcome(self, change: Change) -> Outcome:
        """Return what a change would do; an alarm that only stands longer, by its off-delay, fleets as before."""
        seen, targets = self._after(change), self._ground.philosophy.targets
        longer_s = change.off_delay_s - self._now.definition.off_delay_s
        targets = replace(targets, fleeting_s=targets.fleeting_s + longer_s)
        return outcome_of(seen.definition, seen.activations(), targets)

    def _tells_all(self, outcome: Outcome) -> bool:
        """Whether each event is told of in time, and none hidden by an alarm that still stands from the one before."""
        events = events_of(self.present.activations, outcome, self._event_s)
        is_late = any(event.later_s is None or event.later_s > self._latest_s for event in events)
        return not is_late and longest_bridge_us(self.present.activations, outcome.activations) <= _BRIDGE_US


def longest_bridge_us(present: Activations, proposed: Activations) -> int:
    """Return the longest time between two of `present` over which `proposed` stands: it doesn't tell of the second."""
    over_us, next_us = present.ends_us[:-1], present.starts_us[1:]
    at = np.searchsorted(proposed.ends_us, over_us, "right")
    starts_us = np.append(proposed.starts_us, np.iinfo(np.int64).max)[at]
    ends_us = np.append(proposed.ends_us, np.iinfo(np.int64).max)[at]
    bridged = (starts_us <= over_us) & (ends_us > next_us)
    return int(np.where(bridged, next_us - over_us, 0).max(initial=0))
