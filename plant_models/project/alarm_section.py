"""`[[alarm]]` of an equipment type: the keys of AlarmTemplate, as people write them. Any thread."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict

from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.equipment import AlarmTemplate
from plant_models.project.schema import Part

CLASS: Final = "class"
"""What people write for `alarm_class`, since a class is what it is."""


def column_of(field: str) -> str:
    """Return the key or column by which people name a field of an alarm."""
    return CLASS if field == "alarm_class" else field


def _priority(word: int | str) -> int:
    return word if isinstance(word, int) else DIAGNOSTIC


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSection(AlarmTemplate):
    """A default alarm; its class stands under the key `class`."""

    __pydantic_config__ = ConfigDict(**Part.model_config, alias_generator=column_of)

    priority: Annotated[Literal[1, 2, 3, 4, "diagnostic"], AfterValidator(_priority)] = 3  # type: ignore[assignment]
