"""What another setting of an alarm would have done in the past, beside what the present one does. Worker threads.

Both settings are judged by the same samples of history with the rules of `alarms/conditions.py`, so that they can be
compared; the journal tells of settings that are no longer. Shelving, suppression and masking are left out: the test is
about the condition. Samples stand where their source says, and delays run from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.activations import Activation, Activations
from analytics.backtest_words import event_words, history_words, journal_words, outcome_words, short_words
from analytics.basis import Basis
from analytics.coverage import Coverage
from analytics.ground import DAY_US, Ground
from analytics.outcome import Outcome, outcome_of
from analytics.pages import Span
from analytics.replay import Seen, replay
from analytics.testable import judged_tags, why_not
from history.far import Reader
from history.queries.limits import LATEST_US, PATIENT, Patience
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import joined, message

LONGEST_DAYS: Final = 92


@dataclass(frozen=True, slots=True)
class BackTestRequest:
    """Which setting is to be tried, over [start_us, end_us) (µs UTC), beside which `present` one; None is none.

    What lasts `event_s` or longer with the present setting is an event that the other one should tell of too, and so is
    what an operator acknowledged: `acknowledged_us` are the times at which (µs UTC). An `event_s` of None is the time
    after which an alarm isn't fleeting. `alarm` is its name, if it isn't that of the definition: of one that a device
    raises, or that the program makes for a device.
    """

    definition: AlarmDefinition
    start_us: int
    end_us: int
    present: AlarmDefinition | None = None
    event_s: float | None = None
    acknowledged_us: tuple[int, ...] = ()
    alarm: str = ""

    @property
    def name(self) -> str:
        """The name of the alarm."""
        return self.alarm or self.definition.name


@dataclass(frozen=True, slots=True)
class Event:
    """Something that really was: an activation with the present setting, and when the proposed one tells of it.

    `caught_us` is None if it doesn't (µs UTC). `is_short`: it is one only since somebody acknowledged it.
    """

    activation: Activation
    caught_us: int | None
    is_short: bool = False

    @property
    def later_s(self) -> float | None:
        """How much later it is caught, below 0 earlier; None if it is missed."""
        return None if self.caught_us is None else (self.caught_us - self.activation.start_us) / 1e6


@dataclass(frozen=True, slots=True)
class BackTest:
    """The answer. `present` is None if none was given; then there are no events.

    `n_new` activations of the proposed setting come while the present one says nothing. `event_s` is how long something
    must last to be an event.

    Where the `basis` is the journal, `n_condensed` of the present activations stand in rows for many, `n_lost` rows say
    that events could not be kept, and if it `is_rough`, what was shorter than the present delays is missing.
    """

    request: BackTestRequest
    proposed: Outcome
    present: Outcome | None
    coverage: Coverage
    event_s: float
    events: tuple[Event, ...] = ()
    n_new: int = 0
    basis: Basis = Basis.HISTORY
    n_condensed: int = 0
    n_lost: int = 0
    is_rough: bool = False

    @property
    def caught(self) -> tuple[Event, ...]:
        """The events that the proposed setting tells of."""
        return tuple(event for event in self.events if event.caught_us is not None)

    @property
    def missed(self) -> tuple[Event, ...]:
        """The events that it doesn't tell of."""
        return tuple(event for event in self.events if event.caught_us is None)

    def words(self) -> str:
        """Return it in sentences for people: a Message."""
        if not self.coverage.usable_us:
            return self._nothing_words()
        is_by_journal = self.basis is Basis.JOURNAL
        doubts = self.n_condensed, self.n_lost, self.is_rough
        return joined(
            (
                *outcome_words(self.proposed, self.present, self.request.end_us - self.request.start_us),
                *event_words([event.later_s for event in self.events if not event.is_short], self.event_s, self.n_new),
                *short_words([event.later_s for event in self.events if event.is_short]),
                *(journal_words(self.coverage, *doubts) if is_by_journal else history_words(self.coverage)),
                self.basis.words,
            )
        )

    def _nothing_words(self) -> str:
        if self.basis is Basis.JOURNAL:
            return message(
                "The journal tells nothing of {alarm} with its present setting in this time, so nothing can be said",
                alarm=self.request.name,
            )
        tags = ", ".join(judged_tags(self.request.definition))
        return message("History has no usable value of {tag} in this time, so nothing can be said", tag=tags)


def back_test(request: BackTestRequest, ground: Ground, reader: Reader, patience: Patience = PATIENT) -> BackTest:
    """Return what the setting, and the present one, would have done.

    Raises:
        ValueError: the alarm can't be tested against history, or not over such a time; the words are for people.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    settings = [request.definition] if request.present is None else [request.definition, request.present]
    problem = span_problem(request) or next(filter(None, (why_not(each, ground.tags) for each in settings)), "")
    if problem:
        raise ValueError(problem)
    seen, coverage = replay(settings, Span(request.start_us, request.end_us), ground, reader, patience)
    return compared(request, ground, seen, coverage)


def compared(request: BackTestRequest, ground: Ground, seen: Sequence[Seen], coverage: Coverage) -> BackTest:
    """Return the answer from what the setting, and the present one if there is one, saw."""
    targets = ground.philosophy.targets
    outcomes = [outcome_of(each.definition, each.activations(), targets) for each in seen]
    event_s = targets.fleeting_s if request.event_s is None else request.event_s
    if request.present is None:
        return BackTest(request, outcomes[0], None, coverage, event_s)
    proposed, present = outcomes
    return BackTest(
        request,
        proposed,
        present,
        coverage,
        event_s,
        events_of(present.activations, proposed, event_s, request.acknowledged_us),
        int((proposed.activations.meeting(present.activations) < 0).sum()),
    )


def events_of(
    present: Activations, proposed: Outcome, event_s: float, acknowledged_us: tuple[int, ...] = ()
) -> tuple[Event, ...]:
    """Return the events among the activations of the present setting, and when the proposed one tells of each.

    One that has only just begun, and that the proposed setting may still tell of, is left out.
    """
    is_long = present.lengths_us >= event_s * 1e6
    answered = np.sort(np.array(acknowledged_us, np.int64))
    is_event = is_long | (
        np.searchsorted(answered, present.starts_us) < np.searchsorted(answered, present.ends_us, "right")
    )
    met = present.meeting(proposed.activations)
    if present.is_open and met[-1] < 0:
        is_event[-1] &= present.lengths_us[-1] > proposed.definition.on_delay_s * 1e6
    return tuple(
        Event(
            present[number],
            int(proposed.activations.starts_us[met[number]]) if met[number] >= 0 else None,
            is_short=not is_long[number],
        )
        for number in np.flatnonzero(is_event).tolist()
    )


def span_problem(request: BackTestRequest) -> str:
    """Return why a question can't be answered whatever the alarm is, "" if it can."""
    if not 0 <= request.start_us < request.end_us <= LATEST_US:
        return message("The time is empty; its end must be later than its beginning")
    if request.end_us - request.start_us > LONGEST_DAYS * DAY_US:
        return message("A back-test goes over {days} days at most; choose a shorter time", days=LONGEST_DAYS)
    if request.present is not None and request.present.tag != request.definition.tag:
        return message("Two settings can only be compared on the same tag")
    return ""
