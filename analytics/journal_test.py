"""What another delay of an alarm would have made of the activations that the journal has. Worker threads.

For alarms whose condition history doesn't keep: whether a device answered, when a tag was heard of, what a device
thinks. What was shorter than the delays of that day isn't in the journal, so only longer ones can be tried; the rules
are those of `turning.py`.
"""

from dataclasses import replace

from analytics.alarm_past import AlarmPast, ReadPast
from analytics.backtest import BackTest, BackTestRequest, compared, span_problem
from analytics.basis import Basis
from analytics.ground import Ground
from analytics.pages import Span
from analytics.replay import Seen, lead_us
from analytics.testable import BY_JOURNAL, number_problem
from analytics.told import Told, told_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import message


def why_not_by_journal(definition: AlarmDefinition, present: AlarmDefinition | None, name: str) -> str:
    """Return why a setting can't be tried on what the present one did, "" if it can."""
    if definition.kind not in BY_JOURNAL:
        return message("The station raises {alarm} about itself; it has no setting that could be tried", alarm=name)
    if present is None or not present.enabled:
        return message("{alarm} wasn't in force, so the journal tells nothing of it", alarm=name)
    problem = number_problem(definition)
    if problem:
        return problem
    if present.count:
        return message(
            "{alarm} is also raised when its condition comes often; how long each time was isn't in the journal, so no "
            "other setting can be tried",
            alarm=name,
        )
    if _wait_s(definition) < _wait_s(present) or definition.off_delay_s < present.off_delay_s:
        return message(
            "Shorter delays than today's can't be tried: what was over sooner isn't in the journal. Today they are "
            "{on:g} s before it is raised and {off:g} s before it is cleared",
            on=_wait_s(present),
            off=present.off_delay_s,
        )
    if definition.count and (present.on_delay_s or present.off_delay_s):
        return message(
            "How often the condition of {alarm} came can't be counted: what was shorter than today's delays isn't in "
            "the journal",
            alarm=name,
        )
    return ""


def back_test_by_journal(request: BackTestRequest, ground: Ground, read: ReadPast) -> BackTest:
    """Return what the setting would have made of what the present one did.

    Raises:
        ValueError: it can't be tried, or not over such a time; the words are for people.
        DatabaseError: the journal can't be read.
    """
    present, name = request.present, request.name
    problem = span_problem(request) or why_not_by_journal(request.definition, present, name)
    if problem:
        raise ValueError(problem)
    assert present is not None, "refused before"
    told, past = read_told(present, request, read)
    seen = with_setting(told.seen, request.definition), told.seen
    if not request.acknowledged_us:
        request = replace(request, acknowledged_us=past.acknowledged_us)
    return by_journal(compared(request, ground, seen, told.coverage), told)


def read_told(present: AlarmDefinition, request: BackTestRequest, read: ReadPast) -> tuple[Told, AlarmPast]:
    """Return what the journal tells of the time of a request, and a day more for delays that began before.

    Raises:
        ValueError: the alarm came and went too often; the words are for people.
        DatabaseError: the journal can't be read.
    """
    span = Span(request.start_us, request.end_us)
    longest_us = max(lead_us(request.definition), lead_us(present))
    wider = Span(max(span.start_us - longest_us, 0), span.end_us)
    past = read(request.name, wider.start_us, wider.end_us)
    return told_of(past, present, span, wider), past


def with_setting(seen: Seen, definition: AlarmDefinition) -> Seen:
    """Return the same with another setting: a longer window of silence is a longer wait."""
    present = seen.definition
    longer_s = definition.window_s - present.window_s if definition.kind is AlarmKind.NO_UPDATE else 0.0
    return replace(seen, definition=definition, wait_s=longer_s, told=None)


def by_journal(test: BackTest, told: Told) -> BackTest:
    """Mark an answer as worked out from the journal, with what that doesn't tell."""
    present = told.seen.definition
    return replace(
        test,
        basis=Basis.JOURNAL,
        n_condensed=told.n_condensed,
        n_lost=told.n_lost,
        is_rough=bool(present.on_delay_s or present.off_delay_s),
    )


def _wait_s(definition: AlarmDefinition) -> float:
    """Return how long after it began an alarm is raised, in s."""
    return definition.on_delay_s + (definition.window_s if definition.kind is AlarmKind.NO_UPDATE else 0.0)
