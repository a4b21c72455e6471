"""Alarms held against history: back-tests and proposals, on the workers of long questions. Any thread."""

from collections.abc import Callable
from dataclasses import replace

from alarms.snapshot import AlarmSnapshot
from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.ground import ground_of
from analytics.proposals import Proposal, propose
from analytics.testable import why_not
from history.far import Reader
from history.queries.limits import Patience
from plant_models.alarm_definition import AlarmDefinition
from plant_models.clock import Clock
from plant_models.plant import Plant
from station.history_questions import HistoryQuestions


class AlarmStudies:
    """What of `station.protocol.Station` judges alarms by the past; `alarms` gives the present ones."""

    def __init__(
        self,
        plant: Plant,
        reader: Reader,
        questions: HistoryQuestions,
        alarms: Callable[[], AlarmSnapshot],
        clock: Clock,
    ) -> None:
        self._ground = ground_of(plant)
        self._reader, self._questions, self._alarms, self._clock = reader, questions, alarms, clock

    async def back_test(self, request: BackTestRequest) -> BackTest:
        return await self._questions.ask(self._back_test, self.completed(request))

    async def propose(self, alarm: str) -> Proposal:
        return await self._questions.ask(self._propose, self._alarms().configured[alarm].definition)

    def completed(self, request: BackTestRequest) -> BackTestRequest:
        """Return a request with the present setting of its alarm, if there is one that can be tested."""
        alarm = self._alarms().configured.get(request.definition.name)
        present = request.present or (None if alarm is None else alarm.definition)
        if present is None or why_not(present, self._ground.tags):
            return replace(request, present=None)
        return replace(request, present=present)

    def _back_test(self, request: BackTestRequest, patience: Patience) -> BackTest:
        return back_test(request, self._ground, self._reader, patience)

    def _propose(self, definition: AlarmDefinition, patience: Patience) -> Proposal:
        return propose(definition, self._clock.wall_us(), self._ground, self._reader, patience)
