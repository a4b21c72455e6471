"""Writes the tables of docs/reference/plant-folder.md from the models of the plant folder: `make reference`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the prose around is kept. What a key means is the
text below its field in the model. Main thread.
"""

import ast
import dataclasses
import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import annotated_types
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from plant_models.alarm_definition import DECLARED_KINDS, AlarmDefinition, AlarmKind
from plant_models.alarm_philosophy import KpiTargets, Position
from plant_models.equipment import (
    Checks,
    Equipment,
    EquipmentCommand,
    Faceplate,
    Member,
    Requirement,
    StateRule,
)
from plant_models.plant import Area
from plant_models.project import alarm_rows, equipment_rows, tag_rows
from plant_models.project.alarm_section import CLASS, AlarmSection, column_of
from plant_models.project.alarms_section import AlarmsSection, ClassSection
from plant_models.project.device_file import DeviceSection
from plant_models.project.history_section import HistorySection
from plant_models.project.mqtt_section import MqttSection, MqttTopicSection
from plant_models.project.plant_file import LeasedScan, PlantSection
from plant_models.project.types import TypeFile
from plant_models.tag import Tag

PAGE: Final = Path(__file__).resolve().parent / "reference" / "plant-folder.md"
NEEDED: Final = "**needed**"
SECTIONS: Final[Mapping[str, type]] = {
    "plant": PlantSection,
    "leased": LeasedScan,
    "history": HistorySection,
    "alarms": AlarmsSection,
    "class": ClassSection,
    "targets": KpiTargets,
    "position": Position,
    "area": Area,
    "device": DeviceSection,
    "mqtt": MqttSection,
    "topic": MqttTopicSection,
    "type": TypeFile,
    "member": Member,
    "command": EquipmentCommand,
    "requires": Requirement,
    "state": StateRule,
    "alarm": AlarmSection,
    "faceplate": Faceplate,
    "checks": Checks,
}
TABLES: Final[Mapping[str, tuple[type, Mapping[str, Callable[[str], Any]]]]] = {
    "equipment.csv": (Equipment, equipment_rows.COLUMNS),
    "tags.csv": (Tag, tag_rows.COLUMNS),
    "alarms.csv": (AlarmDefinition, alarm_rows.COLUMNS),
}
KEYS: Final = {"alarm_class": CLASS, "of_class": CLASS}
"""How people write a field whose key is a word of Python."""
_MARK: Final = re.compile(r"<!-- table: (\S+) -->\n.*?<!-- end -->", re.DOTALL)
_PLAIN: Final = {str: "text", int: "whole number", float: "number", bool: "`true`, `false`"}
_ELSEWHERE: Final = ("format", "member", "command", "state", "alarm", "faceplate", "checks")
"""Keys of a type file that have a table of their own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One key or column of a model; `default` is None if it is needed."""

    name: str
    hint: Any
    bounds: Sequence[Any]
    default: Any
    is_needed: bool


def main() -> None:
    """Bring the page up to date."""
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def render(page: str) -> str:
    """Return the page with all its tables made anew.

    Raises:
        KeyError: it has a table that no model describes.
    """
    return _MARK.sub(lambda mark: f"<!-- table: {mark[1]} -->\n{table(mark[1])}<!-- end -->", page)


def table(name: str) -> str:
    """Return one table, by the name of its section or file."""
    if name in TABLES:
        model, columns = TABLES[name]
        rows = [
            (column_of(key.name), _cell(key, columns[column_of(key.name)]), _default(key), meaning(model, key.name))
            for key in keys(model)
            if column_of(key.name) in columns
        ]
        return _lines(("column", "value", "empty means", "meaning"), rows)
    model = SECTIONS[name]
    skipped = _ELSEWHERE if model is TypeFile else ()
    rows = [
        (KEYS.get(key.name, key.name), _value(key), _default(key), meaning(model, key.name))
        for key in keys(model)
        if key.name not in skipped
    ]
    return _lines(("key", "value", "default", "meaning"), rows)


def keys(model: type) -> Iterator[Key]:
    """Yield the fields of a pydantic model or a dataclass in their order."""
    if issubclass(model, BaseModel):
        for name, info in model.model_fields.items():
            yield Key(name, info.annotation, info.metadata, info.default, info.is_required())
        return
    hints = get_type_hints(model)
    for field in dataclasses.fields(model):
        yield Key(field.name, hints[field.name], (), field.default, field.default is dataclasses.MISSING)


def meaning(model: type, name: str) -> str:
    """Return the text below a field, which may stand in a class that the model is made from.

    Raises:
        KeyError: the field has none.
    """
    for part in model.__mro__:
        if name in vars(part).get("__annotations__", {}) and (text := _text_below(part, name)):
            return text
    raise KeyError(f"{model.__name__}.{name} doesn't say what it means")


def _text_below(part: type, name: str) -> str:
    (body,) = ast.parse(inspect.getsource(part)).body
    assert isinstance(body, ast.ClassDef)
    for field, below in zip(body.body, body.body[1:], strict=False):
        is_it = isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and field.target.id == name
        if is_it and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            return str(below.value.value)
    return ""


def _value(key: Key) -> str:
    """Return what may stand there, in words."""
    text = _kind(key.hint)
    for bound in key.bounds:
        match bound:
            case annotated_types.Ge(ge=low):
                text += f", from {low}"
            case annotated_types.Gt(gt=low):
                text += f", above {low}"
            case annotated_types.Le(le=high):
                text += f" to {high}"
            case annotated_types.MinLen():
                text += ", not empty"
            case annotated_types.MaxLen(max_length=most):
                text += f", at most {most} characters"
            case _ if getattr(bound, "pattern", None):
                text += f", as `{bound.pattern}`"
    return text


def _kind(hint: Any) -> str:
    arguments = [each for each in get_args(hint) if each is not type(None)]
    if get_origin(hint) is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if get_origin(hint) in (types.UnionType, Union):
        return _kind(arguments[0])
    if get_origin(hint) is dict:
        if _is_table(arguments[1]):
            return "tables"
        return "table of whole numbers" if arguments[1] is int else "table of texts, numbers, `true`, `false`"
    if get_origin(hint) is tuple:
        return "list of texts" if arguments[0] is str else "list of tables"
    if get_origin(hint) is Annotated:
        return _kind(get_args(hint)[0])
    if _is_table(hint):
        return "table"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        choices = DECLARED_KINDS if hint is AlarmKind else hint
        return ", ".join(f"`{each.value}`" for each in choices)
    return _PLAIN[hint]


def _is_table(hint: Any) -> bool:
    return isinstance(hint, type) and (issubclass(hint, BaseModel) or dataclasses.is_dataclass(hint))


def _default(key: Key) -> str:
    if key.is_needed:
        return NEEDED
    if key.default in (None, "", (), {}, PydanticUndefined) or _is_table(type(key.default)):
        return ""
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    return f"`{key.default}`"


def _cell(key: Key, convert: Callable[[str], Any]) -> str:
    """Return what a converter takes, from its docstring: "Return a number above 0." → "a number above 0"."""
    hints = get_args(key.hint) or (key.hint,)
    if isinstance(hints[0], type) and issubclass(hints[0], StrEnum):
        return _kind(hints[0])
    return (inspect.getdoc(convert) or "").splitlines()[0].removeprefix("Return ").removesuffix(".")


def _lines(head: tuple[str, ...], rows: list[tuple[str, str, str, str]]) -> str:
    lines = [head, ("---",) * len(head), *((f"`{name}`", *rest) for name, *rest in rows)]
    return "".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


if __name__ == "__main__":
    main()
