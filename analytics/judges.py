"""Who judges an alarm of which kind by history. Pure, any thread."""

from typing import Protocol

from analytics.judging import Judge, Judged
from analytics.pages import Page
from analytics.rates import RateJudge
from analytics.stuck import StuckJudge
from analytics.watched import DiscrepancyJudge, FormulaJudge
from history.queries.limits import Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind


class PageJudge(Protocol):
    """Judges one alarm, page after page in their order; `sign` takes an excess back to what people read."""

    @property
    def sign(self) -> float: ...

    def judge(self, page: Page) -> Judged: ...


def judge_of(definition: AlarmDefinition, patience: Patience) -> PageJudge:
    """Return who judges an alarm that can be tested."""
    match definition.kind:
        case AlarmKind.RATE:
            return RateJudge(definition)
        case AlarmKind.STUCK:
            return StuckJudge(definition)
        case AlarmKind.DISCREPANCY:
            return DiscrepancyJudge(definition)
        case AlarmKind.CALCULATED:
            return FormulaJudge(definition, patience)
    return Judge(definition)
