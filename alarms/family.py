"""What stands above a piece of equipment: what it is part of, and what gives it power. Pure, any thread.

Grouping alarms by their cause goes by it. A loaded plant has no circles: `check` finds them.
"""

from collections.abc import Mapping

from plant_models.equipment import Equipment


def ancestors(equipment: Mapping[str, Equipment]) -> Mapping[str, tuple[str, ...]]:
    """Return for each piece of equipment all that stand above it, the nearest first, each once.

    A parent comes before what gives power from the same distance.
    """
    above = {
        name: tuple(each for each in (one.parent, one.powered_by) if each in equipment)
        for name, one in equipment.items()
    }
    return {name: _nearest_first(name, above) for name in equipment}


def parts(name: str, equipment: Mapping[str, Equipment]) -> tuple[str, ...]:
    """Return a piece of equipment and those that it is part of, upwards."""
    line: list[str] = []
    while name in equipment and name not in line:
        line.append(name)
        name = equipment[name].parent
    return tuple(line)


def _nearest_first(name: str, above: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    level = above[name]
    while level:
        found |= dict.fromkeys(level)
        level = tuple(each for one in level for each in above[one] if each not in found)
    return tuple(each for each in found if each != name)
