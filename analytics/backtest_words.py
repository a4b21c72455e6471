"""A back-test in sentences. Pure, any thread."""

from collections.abc import Iterator, Sequence
from typing import Final

from analytics.coverage import Coverage
from analytics.lengths import length_words
from analytics.outcome import Outcome
from plant_models.message import message

_WHOLE: Final = 0.9995
"""A share that reads as all of it."""


def outcome_words(proposed: Outcome, present: Outcome | None, span_us: int) -> Iterator[str]:
    """Yield how often the settings are active, how long, and how much of it nobody could use."""
    span = length_words(span_us / 1e6)
    if present is None:
        yield message("{n} alarms in {span}", n=proposed.count, span=span)
    else:
        yield message("{n} instead of {before} alarms in {span}", n=proposed.count, before=present.count, span=span)
    longest = proposed.longest
    if longest is not None:
        active, most = length_words(proposed.active_us / 1e6), int(proposed.activations.lengths_us.max())
        yield message(
            "In alarm for {active} in all, the longest {longest}", active=active, longest=length_words(most / 1e6)
        )
    if proposed.n_fleeting or proposed.n_chattering:
        yield message(
            "{fleeting} fleeting, {chattering} chattering",
            fleeting=proposed.n_fleeting,
            chattering=proposed.n_chattering,
        )


def event_words(later_s: Sequence[float | None], event_s: float, n_new: int) -> Iterator[str]:
    """Yield which events are caught and when; `later_s` has how much later, below 0 earlier, None for a missed one."""
    if later_s:
        caught = [each for each in later_s if each is not None]
        least = length_words(event_s)
        yield message(
            "{caught} of {n} events of {least} or longer caught", caught=len(caught), n=len(later_s), least=least
        )
        if caught:
            yield from _time_words(max(caught), -min(caught))
    if n_new:
        yield message("{n} alarms that there weren't before", n=n_new)


def short_words(later_s: Sequence[float | None]) -> Iterator[str]:
    """Yield what becomes of what was shorter, but acknowledged; None is a missed one."""
    if later_s:
        caught = sum(each is not None for each in later_s)
        yield message("{caught} of {n} shorter ones that somebody acknowledged caught", caught=caught, n=len(later_s))


def _time_words(later_s: float, earlier_s: float) -> Iterator[str]:
    """Yield how far from the events the alarms are, late and early; below 0 is the other way."""
    later, earlier = length_words(abs(later_s)), length_words(abs(earlier_s))
    if later_s > 0 and earlier_s > 0:
        yield message("At most {later} later, at best {earlier} earlier", later=later, earlier=earlier)
    elif later_s > 0:
        yield message("At most {later} later", later=later)
    elif earlier_s > 0:
        yield message("At best {earlier} earlier", earlier=earlier)


def history_words(coverage: Coverage) -> Iterator[str]:
    """Yield what of the time isn't known, and how exactly the rest is."""
    if coverage.share < _WHOLE:
        total_us = coverage.usable_us + coverage.bad_us + coverage.unknown_us
        yield message(
            "History has usable values of {usable:.1%} of the time; {bad:.1%} is bad, {unknown:.1%} not recorded",
            usable=coverage.share,
            bad=coverage.bad_us / total_us,
            unknown=coverage.unknown_us / total_us,
        )
    if coverage.within:
        yield message(
            "History keeps {tag} only to within {within:g}, so that some alarms may be missing, or too many",
            tag=coverage.tag,
            within=coverage.within,
        )


def journal_words(coverage: Coverage, n_condensed: int, n_lost: int, is_rough: bool) -> Iterator[str]:
    """Yield what of the time the journal doesn't tell of, and how exactly it does of the rest."""
    if coverage.share < _WHOLE:
        yield message(
            "The journal tells of {known:.1%} of the time; in the rest the station didn't run, or the alarm had another"
            " setting",
            known=coverage.share,
        )
    if n_lost:
        yield message("Events of alarms were lost from the journal in this time, so that some may be missing")
    if n_condensed:
        yield message("{n} of today's alarms stand in rows for many, and are taken as evenly spread", n=n_condensed)
    if is_rough:
        yield message(
            "What was shorter than today's delays isn't in the journal, so that some alarms may come later, or stand "
            "longer"
        )
