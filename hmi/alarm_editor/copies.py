"""A second alarm made from one, under a name that is free. Pure, any thread."""

from collections.abc import Container
from dataclasses import replace
from itertools import count

from plant_models.alarm_definition import AlarmDefinition


def copy_of(definition: AlarmDefinition, taken: Container[str]) -> AlarmDefinition:
    """Return the same alarm under the first free id; who approved the other one has not approved this one."""
    for number in count(2):
        copied = replace(
            definition, id=f"{definition.id or 'copy'}{number}", approved_by="", approved_on="", review_due="", moc=""
        )
        if copied.name not in taken:
            break
    return copied
