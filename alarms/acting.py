"""Doing what a person wants with alarms of one book: whatever raised them, putting aside is the same. No I/O.

A worker that holds the lock of the alarms.
"""

from collections.abc import Callable
from typing import Final

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.book import AlarmBook, Cause
from alarms.entry import Actor, JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.standing import NOT_ASIDE, Aside
from alarms.states import AlarmEvent
from plant_models.message import message

_EVENTS: Final = {
    AlarmAct.RESET: AlarmEvent.RESET,
    AlarmAct.SHELVE: AlarmEvent.SHELVE,
    AlarmAct.UNSHELVE: AlarmEvent.UNSHELVE,
    AlarmAct.OUT_OF_SERVICE: AlarmEvent.OUT_OF_SERVICE,
    AlarmAct.RETURN_TO_SERVICE: AlarmEvent.RETURN_TO_SERVICE,
}
_MINUTE_US: Final = 60_000_000
Handled = tuple[AckResult, list[JournalEntry]]


def acknowledge(
    book: AlarmBook, number: int | None, seen: AlarmSeen, at: Moment, cause: Callable[[int], Cause]
) -> Handled:
    """Acknowledge an alarm as it was seen; without entries it was refused, and the result says why."""
    refusal = book.refusal(number, seen)
    if refusal or number is None:
        return AckResult(seen.name, False, refusal), []
    return AckResult(seen.name, True), book.happen(number, AlarmEvent.ACK, at, cause(number))


def handle(
    book: AlarmBook,
    number: int | None,
    seen: AlarmSeen,
    request: AlarmRequest,
    at: Moment,
    cause: Callable[[int], Cause],
) -> Handled:
    """Do what is wanted with one alarm as it was seen; without entries it was refused, and the result says why."""
    if request.act is AlarmAct.COMMENT:
        if number is None:
            return AckResult(seen.name, False, message("There is no alarm {name}", name=seen.name)), []
        return AckResult(seen.name, True), book.comment(number, at, cause(number))
    event = _EVENTS[request.act]
    refusal = book.refusal(number, seen, event)
    if refusal or number is None:
        return AckResult(seen.name, False, refusal), []
    why = cause(number)
    return AckResult(seen.name, True), book.happen(number, event, at, why, _aside(request, at, why.actor))


def _aside(request: AlarmRequest, at: Moment, actor: Actor) -> Aside:
    if request.act is AlarmAct.SHELVE and request.minutes is not None:
        until_us = at.wall_us + round(request.minutes * _MINUTE_US)
        return Aside(actor.user, at.wall_us, request.comment, until_us, request.is_one_shot)
    if request.act is AlarmAct.OUT_OF_SERVICE:
        why = f"{request.work_order}: {request.comment}" if request.work_order else request.comment
        return Aside(actor.user, at.wall_us, why, request.review_us)
    return NOT_ASIDE
