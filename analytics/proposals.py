"""A better setting for an alarm that comes too often: the smallest change that still tells of every event. Workers.

The limit isn't touched: where it lies is what the alarm means. Of the changes that may be made the smallest is proposed
with which the alarm is no longer a bad actor, tells of each event in time, and hides none by standing on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from analytics.activations import Activations
from analytics.backtest import BackTest, BackTestRequest, compared, events_of
from analytics.candidates import Change, changes_of, longest_on_delay_s
from analytics.coverage import Coverage
from analytics.ground import DAY_US, Ground
from analytics.outcome import Outcome, outcome_of
from analytics.pages import Span
from analytics.proposal_words import bound_words, change_words, none_words
from analytics.replay import Seen, replay
from analytics.spread import SpreadCollector
from analytics.testable import why_not
from history.far import Reader
from history.queries.limits import PATIENT, Patience
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import joined, message

DAYS: Final = 30
"""How far back proposals look."""
_BRIDGE_US: Final = 600_000_000
"""An alarm that stands over a longer quiet time than this until the next event would hide that one."""
_FEW_FLEETING: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """`words` say what is proposed and what it would have done, or why nothing is; then `definition` is None.

    `test` is the back-test of what is proposed, None without.
    """

    words: str
    definition: AlarmDefinition | None = None
    test: BackTest | None = None


def propose(
    definition: AlarmDefinition, end_us: int, ground: Ground, reader: Reader, patience: Patience = PATIENT
) -> Proposal:
    """Return what would be better for an alarm, by the 30 days before a time (µs UTC).

    Raises:
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    problem = why_not(definition, ground.tags)
    if problem:
        return Proposal(problem)
    span = Span(max(end_us - DAYS * DAY_US, 0), end_us)
    changes = changes_of(definition, ground)
    deadbands = dict.fromkeys((definition.deadband, *(change.deadband for change in changes)))
    settings = [replace(definition, deadband=deadband) for deadband in deadbands]
    spread = SpreadCollector()
    seen, coverage = replay(settings, span, ground, reader, patience, spread.add)
    search = _Search(seen, coverage, ground)
    if not coverage.usable_us:
        return Proposal(message("History has no usable value of {tag}, so nothing can be proposed", tag=definition.tag))
    if search.is_good(search.present):
        return Proposal(
            message("{n} alarms in {days} days: it needs no other setting", n=search.present.count, days=DAYS)
        )
    change = search.best(changes, patience)
    if change is None:
        why = none_words(search.present, ground.tags[definition.tag].unit, spread.finish(), DAYS)
        return Proposal(joined((*why, *bound_words(definition, ground))))
    test = search.test(change)
    words = [*change_words(definition, test.proposed.definition, ground), test.words()]
    if test.proposed.count > search.most:
        words.append(message("It would still come too often; more than {n} are too many", n=search.most))
    return Proposal(joined(words), test.proposed.definition, test)


class _Search:
    """Tries changes of one alarm on what its settings saw; the first of `seen` is the present one."""

    def __init__(self, seen: Sequence[Seen], coverage: Coverage, ground: Ground) -> None:
        self._seen = {each.definition.deadband: each for each in seen}
        self._now, self._coverage, self._ground = seen[0], coverage, ground
        definition, targets = seen[0].definition, ground.philosophy.targets
        self.present = outcome_of(definition, seen[0].activations(), targets)
        days = (seen[0].span.end_us - seen[0].span.start_us) / DAY_US
        self.most = math.ceil(targets.per_day * targets.top_share_max / 10 * days)
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
        request = BackTestRequest(seen.definition, span.start_us, span.end_us, self._now.definition, self._event_s)
        return compared(request, self._ground, (seen, self._now), self._coverage)

    def _after(self, change: Change) -> Seen:
        return self._seen[change.deadband].with_delays(change.on_delay_s, change.off_delay_s)

    def _outcome(self, change: Change) -> Outcome:
        seen = self._after(change)
        return outcome_of(seen.definition, seen.activations(), self._ground.philosophy.targets)

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
