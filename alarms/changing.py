"""What a person wants changed in the definitions of alarms. Immutable, any thread."""

from dataclasses import dataclass

from plant_models.alarm_definition import AlarmDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmChanges:
    """Definitions to be put in place of those of the same name, or added, and names to be removed; all or none.

    `version` is that of the definitions that the person saw.
    """

    version: str
    changed: tuple[AlarmDefinition, ...] = ()
    removed: frozenset[str] = frozenset()
    reason: str = ""
