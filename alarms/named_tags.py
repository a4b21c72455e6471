"""The tags that an alarm's definition names beside its own: its limit, its reference, those of its formulas. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from plant_models.alarm_definition import AlarmDefinition
from plant_models.expression import Expression, parse_expression


@lru_cache(maxsize=20_000)
def formula(text: str) -> Expression:
    """Return the parsed formula; many alarms share one.

    Raises:
        ValueError: it isn't one.
    """
    return parse_expression(text)


def rows_named(definition: AlarmDefinition, rows: Mapping[str, int]) -> Mapping[str, int]:
    """Return the rows of these tags by name; none for a definition that isn't enabled.

    Raises:
        ValueError: one of them isn't in `rows`, or a formula can't be read.
    """
    if not definition.enabled:
        return {}
    names = [name for name in (definition.limit_tag, definition.reference) if name]
    for text in filter(None, (definition.expression, definition.suppress_when)):
        names += formula(text).inputs
    for name in names:
        if name not in rows:
            raise ValueError(f"the alarm {definition.name} names the tag {name}, which doesn't exist")
    return {name: rows[name] for name in names}
