"""What the equipment type demands before a command: its requirements, evaluated over the live values.

What isn't known is not permitted. The PLC stays the authority; this only saves the operator a refused command.
Any thread; no I/O.
"""

import math
from functools import cache

from plant_models.equipment import Equipment, EquipmentCommand, Requirement
from plant_models.expression import Expression, parse_expression
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.quality import describe, is_good
from plant_models.tag import Tag
from plant_models.tag_table import TagTable


class Permissives:
    """The requirements of every equipment command of a plant."""

    def __init__(self, plant: Plant, table: TagTable) -> None:
        self._plant = plant
        self._table = table

    def reasons(self, tag: Tag, value: float) -> tuple[str, ...]:
        """Return why writing `value` to `tag` isn't permitted now, in words; empty if it is.

        A value that no command of the equipment has (a setpoint) has no requirements.
        """
        equipment = self._plant.equipment.get(tag.equipment)
        if equipment is None:
            return ()
        commands = self._plant.types[equipment.type].commands
        found = (
            self._unmet(equipment, requirement)
            for command in commands
            if _is_meant(command, tag.member, value)
            for requirement in command.requires
        )
        return tuple(dict.fromkeys(reason for reason in found if reason))

    def _unmet(self, equipment: Equipment, requirement: Requirement) -> str:
        expression = _parsed(equipment.expand(requirement.expression))
        values = []
        for name in expression.inputs:
            if name not in self._table.index:
                return message("{tag} is not known (no such tag)", tag=name)
            sample = self._table.sample(name)
            if not is_good(sample.quality):
                return message("{tag} is not known ({why})", tag=name, why=message(describe(sample.quality)))
            values.append(sample.value)
        result = expression.evaluate(values)
        if math.isnan(result):
            return message("{reason} (can't be worked out)", reason=message(requirement.reason))
        return "" if result else requirement.reason


def _is_meant(command: EquipmentCommand, member: str, value: float) -> bool:
    return command.member == member and command.value == value


@cache
def _parsed(text: str) -> Expression:
    return parse_expression(text)
