"""Every text that can be translated, for whoever writes a translation file. Reads the program's own sources; no Qt.

Texts stand where they are used: as literals in calls of `tr`, `message` and a few classes, in the equipment types, and
as the words of qualities.
"""

import ast
from collections.abc import Iterator
from typing import Final

from database.errors import all_templates
from plant_models.equipment import EquipmentType
from plant_models.paths import RESOURCES
from plant_models.project.types import read_types
from plant_models.quality import all_words

_ROOMS: Final = ("alarms", "analytics", "database", "drivers", "history", "hmi", "plant_models", "station")
_TEXT_ARGUMENT: Final = {
    "tr": 0,
    "message": 0,
    "DatabaseError": 0,
    "DamagedError": 0,
    "ActionSpec": 1,
    "ItemActionSpec": 1,
}
"""Which argument of a call is a text."""


def all_texts() -> tuple[str, ...]:
    """Return every translatable text of the program once, sorted: templates with their placeholders."""
    sources = (path for room in _ROOMS for path in (RESOURCES.parent / room).rglob("*.py"))
    found = {text for path in sources for text in texts_in(path.read_text(encoding="utf-8"))}
    types = read_types(RESOURCES, []).by_name
    found.update(text for kind in types.values() for text in type_texts(kind))
    return tuple(sorted((found | {*all_words(), *all_templates()}) - {""}))


def texts_in(source: str) -> Iterator[str]:
    """Yield the texts of one Python source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            at = _TEXT_ARGUMENT.get(node.func.id)
            if at is not None and len(node.args) > at:
                yield from _literals(node.args[at])


def type_texts(kind: EquipmentType) -> Iterator[str]:
    """Yield the texts of an equipment type that a person can see."""
    yield kind.title
    for member in kind.members:
        yield from (member.title, *member.states)
    for command in kind.commands:
        yield from (command.title, command.effect, *(requirement.reason for requirement in command.requires))
    yield from (rule.word for rule in kind.states)
    for alarm in kind.alarms:
        yield from (alarm.text, alarm.consequence, alarm.action)


def _literals(node: ast.expr) -> Iterator[str]:
    """Yield a literal text, or both of a choice between two."""
    if isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
