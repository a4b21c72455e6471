"""Acknowledgements of devices' own alarms: passed on to the devices, which decide. One object for each request.

`begin` and `end` run under the lock of the alarms, `wait` without it: a device may take its time. Station worker.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Final, Protocol

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.device_alarms import DeviceAlarms
from alarms.entry import Actor, JournalEntry, Moment
from drivers.health import DeviceHealth
from drivers.once import AckRequest, OnceAnswer, OnceState
from plant_models.condition import Condition
from plant_models.message import joined, message

VALID_S: Final = 5.0
"""How long it may wait for the connection's turn."""
WAIT_S: Final = 30.0
"""How long the device may take; the drivers answer for it long before, whatever happens."""


class Links(Protocol):
    """What alarms need of the drivers."""

    def health(self) -> Sequence[DeviceHealth]:
        """Return the present health of every device."""

    def once(self, request: AckRequest) -> Future[OnceAnswer]:
        """Have an alarm of a device acknowledged there, at most once; the future never raises."""


class PassedOn:
    """What one person acknowledges of the alarms of devices."""

    def __init__(self, alarms: DeviceAlarms, links: Links, actor: Actor, comment: str) -> None:
        self._alarms = alarms
        self._links = links
        self._actor = actor
        self._comment = comment
        self._asked: dict[AlarmSeen, Future[OnceAnswer]] = {}
        self._results: dict[AlarmSeen, AckResult] = {}

    def begin(self, seen: Sequence[AlarmSeen], at: Moment) -> None:
        """Ask the devices, unless something has changed since it was seen."""
        for each in seen:
            condition = self._alarms.begin_acknowledgement(each, self._actor, self._comment)
            if isinstance(condition, str):
                self._results[each] = AckResult(each.name, False, condition)
            else:
                self._asked[each] = self._links.once(self._request(condition, at))

    def wait(self) -> dict[AlarmSeen, AckResult]:
        """Return what became of each; blocks until the devices have answered."""
        for each, future in self._asked.items():
            self._results[each] = _result(each, _answer(future))
        return self._results

    def end(self, at: Moment) -> list[JournalEntry]:
        """Return what is to be remembered."""
        entries = []
        for each in self._asked:
            entries += self._alarms.end_acknowledgement(each, self._results[each].is_done, at)
        return entries

    def abandon(self) -> None:
        """Let go of what can't be noted now: the device's own news will say what became of it. Without the lock."""
        for each in self._asked:
            self._alarms.forget_acknowledgement(each.name)

    def _request(self, condition: Condition, at: Moment) -> AckRequest:
        return AckRequest(
            device=condition.device,
            condition=condition.id,
            event_id=condition.event_id,
            comment=f"{self._actor.user}: {self._comment}" if self._comment else self._actor.user,
            not_after_ns=at.mono_ns + round(VALID_S * 1e9),
        )


def _answer(future: Future[OnceAnswer]) -> OnceAnswer:
    try:
        return future.result(WAIT_S)
    except TimeoutError:
        return OnceAnswer(OnceState.UNKNOWN, message=message("There was no answer"))


def _result(seen: AlarmSeen, answer: OnceAnswer) -> AckResult:
    if answer.state is OnceState.UNKNOWN:
        words = message("It was passed on to the device, and shows as acknowledged when the device says so")
        return AckResult(seen.name, False, joined((words, answer.message)))
    return AckResult(seen.name, answer.state is OnceState.DONE, answer.message)
