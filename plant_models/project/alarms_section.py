"""`[alarms]` of `plant.toml`: who may put which alarm aside, for how long, and what counts as too many. Any thread."""

from dataclasses import fields
from typing import Final, Literal

from pydantic import Field

from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import STANDARD_RULES, STANDARD_TARGETS, AlarmPhilosophy, ClassRules, KpiTargets
from plant_models.project.finding import Finding, suggest
from plant_models.project.schema import Part
from plant_models.project.source import KeyPath, Source, finding_in

Role = Literal["operator", "supervisor", "engineer", "administrator", "nobody"]
_SHARES: Final = ("share_max", "top_share_max")
_PAIRS: Final = (("per_day", "per_day_max"), ("per_10_min", "per_10_min_max"), ("flood_ends", "flood_begins"))
"""Targets of which the first must not be above the second."""


class ClassSection(Part):
    """`[alarms.class.NAME]`: what may be done with the alarms of one class; what is left out is as usual."""

    shelve_max_min: float = Field(default=480.0, gt=0, le=100_000)
    """Longest time on the shelf, in minutes; one shift."""
    shelve_role: Role = "operator"
    """Who may shelve, at least; `safety`, `permit`: `supervisor` if left out; `security`: `nobody`."""
    service_role: Role = "supervisor"
    """Who may take out of service, at least; `security`: `nobody` if left out."""
    comment_needed: bool = False
    """Whether an acknowledgement needs a comment."""


class AlarmsSection(Part):
    """`[alarms]`."""

    shelve_default_min: float = Field(default=60.0, gt=0, le=100_000)
    """Minutes that are proposed for the shelf."""
    reshelve_max: int = Field(default=2, ge=0, le=1000)
    """How often an alarm may be shelved again before a supervisor must."""
    shelved_max: int = Field(default=30, ge=1, le=100_000)
    """How many may be on the shelf at once."""
    expiry_warning_min: float = Field(default=5.0, ge=0, le=1000)
    """Minutes before the end of a shelf at which the operator is told."""
    urgent_shelve_role: Role = "supervisor"
    """Who may shelve an alarm of priority 1, at least."""
    delay_share: float = Field(default=0.1, gt=0, le=1)
    """The most of the time to respond that delay, window and scan of an alarm may take."""
    of_class: dict[str, ClassSection] = Field(default_factory=dict, alias="class")
    """A table `[alarms.class.NAME]` for each class that differs."""
    targets: KpiTargets = STANDARD_TARGETS
    """A table `[alarms.targets]`."""

    @property
    def philosophy(self) -> AlarmPhilosophy:
        """The section as the rest of the program has it."""
        return AlarmPhilosophy(
            shelve_default_min=self.shelve_default_min,
            reshelve_max=self.reshelve_max,
            shelved_max=self.shelved_max,
            expiry_warning_min=self.expiry_warning_min,
            urgent_shelve_role=self.urgent_shelve_role,
            delay_share=self.delay_share,
            rules={each: _rules(usual, self.of_class.get(each)) for each, usual in STANDARD_RULES.items()},
            targets=self.targets,
        )


def check_alarms_section(section: AlarmsSection, source: Source, findings: list[Finding]) -> None:
    """Add findings for classes that don't exist and targets without sense."""
    classes = [each.value for each in AlarmClass]
    for name in section.of_class:
        if name not in classes:
            problem = f"unknown class {name!r}"
            findings.append(finding_in(source, ("alarms", "class", name), problem, suggest(name, classes)))
    for field in fields(section.targets):
        value = getattr(section.targets, field.name)
        path: KeyPath = ("alarms", "targets", field.name)
        if field.name in _SHARES and not 0 <= value <= 1:
            findings.append(finding_in(source, path, f"a share of {value:g}", "use 0 to 1, 0.01 for one percent"))
        elif field.name not in _SHARES and value <= 0:
            findings.append(finding_in(source, path, f"{field.name} {value:g} is not above 0", "use more"))
    for lower, upper in _PAIRS:
        low, high = getattr(section.targets, lower), getattr(section.targets, upper)
        if low > high:
            problem = f"{lower} {low:g} is above {upper} {high:g}"
            findings.append(finding_in(source, ("alarms", "targets", lower), problem, "exchange or correct them"))


def _rules(usual: ClassRules, section: ClassSection | None) -> ClassRules:
    """Return the rules of a class; only what the section says differs from what is usual."""
    if section is None:
        return usual
    said = section.model_fields_set
    return ClassRules(
        shelve_max_min=section.shelve_max_min if "shelve_max_min" in said else usual.shelve_max_min,
        shelve_role=section.shelve_role if "shelve_role" in said else usual.shelve_role,
        service_role=section.service_role if "service_role" in said else usual.service_role,
        comment_needed=section.comment_needed if "comment_needed" in said else usual.comment_needed,
    )
