"""Whether the default alarms of an equipment type agree with its members and tell what to do. Any thread."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from plant_models.equipment import EquipmentType, Member
from plant_models.project.alarm_record import record_advice
from plant_models.project.alarm_references import reference_mistakes
from plant_models.project.alarm_rules import alarm_mistakes
from plant_models.project.alarm_section import column_of
from plant_models.project.finding import Finding
from plant_models.project.limits import Limit, check_limits
from plant_models.project.source import Source, finding_in


@dataclass(frozen=True, slots=True)
class _Members:
    """The members of a type as `Neighbours` of its alarms."""

    made: EquipmentType

    @property
    def word(self) -> str:
        return "member"

    @property
    def names(self) -> Collection[str]:
        return [member.name for member in self.made.members]

    def find(self, name: str) -> Member | None:
        return self.made.member(name)

    def may_exist(self, name: str) -> bool:  # noqa: ARG002 - a type has all its members at once
        return False


def check_type_alarms(made: EquipmentType, source: Source, findings: list[Finding]) -> None:
    """Add findings for what is wrong with the alarms of a type, and advice for what they don't tell."""
    watched = {member.name: member for member in made.members}
    limits = [Limit(alarm.member, alarm.kind, alarm.limit, alarm.id, alarm.limit_tag) for alarm in made.alarms]
    findings.extend(
        finding_in(source, ("alarm", wrong.position, "limit"), wrong.problem, wrong.remedy)
        for wrong in check_limits(limits, watched)
    )
    for number, alarm in enumerate(made.alarms):
        member = watched.get(alarm.member)
        mistakes = list(alarm_mistakes(alarm, member))
        if member is not None:
            mistakes += reference_mistakes(alarm, member, _Members(made))
        for key, problem, remedy in mistakes:
            path = ("alarm", number, column_of(key))
            findings.append(finding_in(source, path, f"{alarm.member}: {problem}", remedy))
        for key, problem, remedy in record_advice(alarm):
            path = ("alarm", number, column_of(key))
            advice = finding_in(source, path, f"{alarm.member}: {problem}", remedy)
            findings.append(replace(advice, is_advice=True))
