"""A better setting for an alarm that comes too often: the smallest change that still tells of every event. Workers.

The limit isn't touched: where it lies is what the alarm means. Of the changes that may be made the smallest is proposed
with which the alarm is no longer a bad actor, tells of each event in time, and hides none by standing on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from analytics.alarm_past import ReadPast
from analytics.backtest import BackTest, BackTestRequest
from analytics.backtest_words import journal_words
from analytics.candidates import changes_of
from analytics.ground import DAY_US, Ground
from analytics.journal_test import by_journal, read_told, why_not_by_journal
from analytics.lengths import length_words
from analytics.pages import Span
from analytics.proposal_words import bound_words, change_words, helpless_words, limit_words, where_words
from analytics.replay import replay
from analytics.search import Evidence, Search
from analytics.spread import SpreadCollector
from analytics.testable import why_not
from history.far import Reader
from history.queries.limits import PATIENT, Patience
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import joined, message

DAYS: Final = 30
"""How far back proposals look."""
_LEAD_S: Final = 600.0
"""How long before those days the journal is read: longer than any delay that is tried."""
_FEWEST_DAYS: Final = 7.0
"""Where the journal tells of less, an alarm may come as often as in so many days."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`words` say what is proposed and what it would have done, or why nothing is; then `definition` is None.

    `test` is the back-test of what is proposed, None without.
    """

    words: str
    definition: AlarmDefinition | None = None
    test: BackTest | None = None


def propose(
    definition: AlarmDefinition,
    end_us: int,
    ground: Ground,
    reader: Reader,
    patience: Patience = PATIENT,
    acknowledged_us: tuple[int, ...] = (),
) -> Proposal:
    """Return what would be better for an alarm, by history of the 30 days before a time (µs UTC).

    Raises:
        ValueError: its formula would have to be worked out too often; the words are for people.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    problem = why_not(definition, ground.tags)
    if problem:
        return Proposal(problem)
    changes = changes_of(definition, ground)
    deadbands = dict.fromkeys((definition.deadband, *(change.deadband for change in changes)))
    settings = [replace(definition, deadband=deadband) for deadband in deadbands]
    spread = SpreadCollector()
    seen, coverage = replay(settings, _span(end_us), ground, reader, patience, spread.add)
    if not coverage.usable_us:
        return Proposal(message("History has no usable value of {tag}, so nothing can be proposed", tag=definition.tag))
    search = Search(Evidence(seen, coverage, DAYS, acknowledged_us, definition.name), ground)

    def why_none() -> Iterator[str]:
        yield from limit_words(definition, ground.tags[definition.tag].unit, spread.finish())

    return _best(search, definition, ground, patience, why_none)


def propose_by_journal(
    definition: AlarmDefinition, alarm: str, end_us: int, ground: Ground, read: ReadPast, patience: Patience = PATIENT
) -> Proposal:
    """Return which delays would be better for an alarm, given by name too, by what it did in the last 30 days.

    Raises:
        ValueError: it came and went too often; the words are for people.
        DatabaseError: the journal can't be read.
        AbandonedError: nobody waits any more.
    """
    problem = why_not_by_journal(definition, definition, alarm)
    if problem:
        return Proposal(problem)
    span = _span(end_us)
    longest = replace(definition, on_delay_s=_LEAD_S, off_delay_s=_LEAD_S)
    told, past = read_told(definition, BackTestRequest(longest, span.start_us, span.end_us, alarm=alarm), read)
    if told.coverage.usable_us < DAY_US:
        known = length_words(told.coverage.usable_us / 1e6)
        return Proposal(
            message(
                "The journal tells only of {known} of {alarm} with its present setting; a proposal needs a day of it",
                known=known,
                alarm=alarm,
            )
        )
    days = max(told.coverage.usable_us / DAY_US, _FEWEST_DAYS)
    search = Search(Evidence((told.seen,), told.coverage, days, past.acknowledged_us, alarm), ground)

    def doubts() -> Iterator[str]:
        yield from journal_words(told.coverage, told.n_condensed, told.n_lost, is_rough=False)

    return _best(search, definition, ground, patience, doubts, lambda test: by_journal(test, told))


def _best(
    search: Search,
    definition: AlarmDefinition,
    ground: Ground,
    patience: Patience,
    why_none: Callable[[], Iterable[str]],
    marked: Callable[[BackTest], BackTest] = lambda test: test,
) -> Proposal:
    """Return the best change, or why there is none."""
    if search.is_good(search.present):
        return Proposal(
            message("{n} alarms in {days} days: it needs no other setting", n=search.present.count, days=DAYS)
        )
    change = search.best(changes_of(definition, ground), patience)
    if change is None:
        return Proposal(joined((helpless_words(search.present, DAYS), *why_none(), *bound_words(definition, ground))))
    test = marked(search.test(change))
    words = [*change_words(definition, test.proposed.definition, ground), *where_words(definition), test.words()]
    if test.proposed.count > search.most:
        words.append(message("It would still come too often; more than {n} are too many", n=search.most))
    return Proposal(joined(words), test.proposed.definition, test)


def _span(end_us: int) -> Span:
    return Span(max(end_us - DAYS * DAY_US, 0), end_us)
