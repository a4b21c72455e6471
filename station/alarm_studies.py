"""Alarms held against the past: back-tests and proposals, on the workers of long questions. Any thread.

What history can tell is asked of history; alarms whose condition it doesn't keep are judged by what they did, as the
journal has it. When somebody acknowledged an alarm is known from the journal either way.
"""

from collections.abc import Callable
from dataclasses import replace

from alarms.snapshot import AlarmSnapshot
from analytics.alarm_past import ReadPast
from analytics.backtest import BackTest, BackTestRequest, back_test, span_problem
from analytics.ground import DAY_US, ground_of
from analytics.journal_test import back_test_by_journal
from analytics.proposals import DAYS, Proposal, propose, propose_by_journal
from analytics.testable import TESTABLE, why_not
from history.far import Reader
from history.queries.limits import Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import Clock
from plant_models.message import words_of
from plant_models.plant import Plant
from station.history_questions import HistoryQuestions

ReadNature = Callable[[str], tuple[str, str]]
"""Reads kind and text of an alarm, given by name, from the journal; both are empty if it has none."""


class AlarmStudies:
    """What of `station.protocol.Station` judges alarms by the past; `alarms` gives the present ones."""

    def __init__(
        self,
        plant: Plant,
        reader: Reader,
        questions: HistoryQuestions,
        alarms: Callable[[], AlarmSnapshot],
        clock: Clock,
        journal: tuple[ReadPast, ReadNature],
    ) -> None:
        self._ground = ground_of(plant)
        self._reader, self._questions, self._alarms, self._clock = reader, questions, alarms, clock
        self._read_past, self._read_nature = journal

    async def back_test(self, request: BackTestRequest) -> BackTest:
        return await self._questions.ask(self._back_test, self.completed(request))

    async def propose(self, alarm: str) -> Proposal:
        return await self._questions.ask(self._propose, alarm)

    def completed(self, request: BackTestRequest) -> BackTestRequest:
        """Return a request with the present setting of its alarm, if there is one that can be tested."""
        alarm = self._alarms().configured.get(request.name)
        present = request.present or (None if alarm is None else alarm.definition)
        if present is None or (present.kind in TESTABLE and why_not(present, self._ground.tags)):
            return replace(request, present=None)
        return replace(request, present=present)

    def _back_test(self, request: BackTestRequest, patience: Patience) -> BackTest:
        if request.definition.kind not in TESTABLE:
            return back_test_by_journal(request, self._ground, self._read_past)
        if request.present is not None and not request.acknowledged_us and not span_problem(request):
            past = self._read_past(request.name, request.start_us, request.end_us)
            request = replace(request, acknowledged_us=past.acknowledged_us)
        return back_test(request, self._ground, self._reader, patience)

    def _propose(self, alarm: str, patience: Patience) -> Proposal:
        definition, end_us = self._definition_of(alarm), self._clock.wall_us()
        try:
            if definition.kind not in TESTABLE:
                return propose_by_journal(definition, alarm, end_us, self._ground, self._read_past, patience)
            past = self._read_past(alarm, max(end_us - DAYS * DAY_US, 0), end_us)
            return propose(definition, end_us, self._ground, self._reader, patience, past.acknowledged_us)
        except ValueError as error:
            return Proposal(words_of(error))

    def _definition_of(self, alarm: str) -> AlarmDefinition:
        """Return the present setting of an alarm; one that a device raises has only what the journal says of it."""
        known = self._alarms().configured.get(alarm)
        if known is not None:
            return known.definition
        kind, text = self._read_nature(alarm)
        if kind not in (AlarmKind.DEVICE, AlarmKind.SYSTEM):
            raise KeyError(alarm)
        return AlarmDefinition(tag="", kind=AlarmKind(kind), text=text)
