"""The pens of a trend: which tags can be drawn, how, and under which letter. Pure, GUI thread."""

from dataclasses import dataclass
from typing import Final

from hmi.actions import Target
from plant_models.equipment import Equipment
from plant_models.expression import parse_expression
from plant_models.plant import Plant
from plant_models.tag import DataType, Tag
from plant_models.tag_table import TagTable

LETTERS: Final = "ABCDEFGH"
MOST_PENS: Final = len(LETTERS)
MOST_STRIPS: Final = 6
_OF_EQUIPMENT: Final = 4


@dataclass(frozen=True, slots=True)
class Pen:
    """One tag of a trend. `letter` and `colour` (its place among the theme's pens) are for curves; strips have none."""

    tag: Tag
    row: int
    letter: str
    colour: int
    is_visible: bool

    @property
    def is_strip(self) -> bool:
        return not self.letter


def is_strip(tag: Tag) -> bool:
    """Tell whether a tag is drawn as a strip of states rather than as a curve."""
    return bool(tag.states) or tag.type is DataType.BOOL


def can_be_drawn(tag: Tag) -> bool:
    """Tell whether a tag has anything to draw: texts have not."""
    return not tag.is_text


def make_pens(table: TagTable, names: tuple[str, ...], hidden: frozenset[str]) -> tuple[Pen, ...]:
    """Return the pens of tags, curves before strips; curves take the letters in order."""
    rows = [table.index[name] for name in names]
    curves = [row for row in rows if not is_strip(table.tags[row])]
    strips = [row for row in rows if is_strip(table.tags[row])]
    placed = [(row, LETTERS[at], at) for at, row in enumerate(curves)] + [(row, "", -1) for row in strips]
    return tuple(
        Pen(table.tags[row], row, letter, colour, table.tags[row].name not in hidden) for row, letter, colour in placed
    )


def with_added(table: TagTable, present: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pens with those that were wanted at their end; where there are too many, the oldest of a kind leave.

    Tags that the plant doesn't have, and texts, are left out.
    """
    new = list(dict.fromkeys(_drawable(table, wanted)))
    kept = [name for name in present if name not in new]
    surplus: set[str] = set()
    for kind, most in ((False, MOST_PENS), (True, MOST_STRIPS)):
        new_ones, old_ones = ([name for name in names if _is_strip(table, name) is kind] for names in (new, kept))
        surplus |= {*new_ones[most:], *old_ones[: max(0, len(old_ones) + len(new_ones[:most]) - most)]}
    return tuple(name for name in dict.fromkeys((*present, *new)) if name not in surplus)


def equipment_tags(plant: Plant, table: TagTable, equipment: Equipment) -> tuple[str, ...]:
    """Return what a trend of equipment shows: its level or first measurements, and the states it is known by."""
    kind = plant.types[equipment.type]
    members = dict.fromkeys(name for name in (kind.level, *kind.faceplate.indicators) if name)
    curves = [name for name in _drawable(table, tuple(map(equipment.tag_name, members))) if not _is_strip(table, name)]
    rules = (parse_expression(equipment.expand(rule.expression)) for rule in kind.states)
    inputs = tuple(dict.fromkeys(name for rule in rules for name in rule.inputs))
    strips = [name for name in _drawable(table, inputs) if _is_strip(table, name)]
    return (*curves[:_OF_EQUIPMENT], *strips[:_OF_EQUIPMENT])


def target_of(plant: Plant, table: TagTable, equipment: str, tag: str) -> Target:
    """Return what a pointer is on: a tag, else a piece of equipment with what a trend of it shows."""
    if tag:
        return Target(equipment, tag, _drawable(table, (tag,)))
    known = plant.equipment.get(equipment)
    return Target(equipment, "", equipment_tags(plant, table, known) if known is not None else ())


def _drawable(table: TagTable, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in table.index and can_be_drawn(table.tags[table.index[name]]))


def _is_strip(table: TagTable, name: str) -> bool:
    return is_strip(table.tags[table.index[name]])
