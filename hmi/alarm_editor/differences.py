"""What a change does to alarms, in words: field by field, old and new. Pure, GUI thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hmi.alarm_editor.field_specs import SPECS, Editor, FieldSpec, Unit
from hmi.alarm_editor.words import priority_name, severity_name
from hmi.alarms.rights import class_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import message

_UNITS: Final = {Unit.SECONDS: message("s"), Unit.MINUTES: message("min"), Unit.TIMES: message("times")}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one alarm: its title, what it was and what it will be."""

    alarm: str
    title: str
    old: str
    new: str

    @property
    def words(self) -> str:
        return tr("{title}: {old} → {new}").format(title=self.title, old=self.old, new=self.new)


def differences(context: Context, old: AlarmDefinition | None, new: AlarmDefinition) -> Iterator[Difference]:
    """Yield what differs; everything that a new alarm says, if there is no old one."""
    empty = AlarmDefinition(tag=new.tag, kind=new.kind, id=new.id)
    for name, spec in SPECS.items():
        before, after = getattr(old or empty, name), getattr(new, name)
        if before != after:
            texts = (value_words(context, spec, new, value) for value in (before, after))
            yield Difference(new.name, tr(spec.title), *texts)


def value_words(context: Context, spec: FieldSpec, definition: AlarmDefinition, value: Any) -> str:
    """Return a value of a field as people read it; a dash for none."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if value is None or value == "":
        return DASH
    if spec.editor is Editor.LIMIT and (state := _state(context, definition, value)):
        return state
    words = {
        Editor.PRIORITY: lambda: priority_name(value),
        Editor.CLASS: lambda: class_word(value),
        Editor.SEVERITY: lambda: severity_name(value),
        Editor.AREA: lambda: context.area_title(value),
    }.get(spec.editor)
    if words is not None:
        return words()
    if isinstance(value, int | float):
        return f"{value:g}\u00a0{unit_words(context, spec, definition)}".rstrip()
    return str(value)


def unit_words(context: Context, spec: FieldSpec, definition: AlarmDefinition) -> str:
    """Return what stands behind a number: always the plant's own unit, as in alarms.csv."""
    if spec.unit in _UNITS:
        return tr(_UNITS[spec.unit])
    tag = context.tag(definition.tag)
    if spec.unit is Unit.NONE or tag is None:
        return ""
    is_rate = spec.unit is Unit.LIMIT and definition.kind is AlarmKind.RATE
    return tr("{unit}/min").format(unit=tag.unit) if is_rate else tag.unit


def _state(context: Context, definition: AlarmDefinition, value: float) -> str:
    tag = context.tag(definition.tag)
    is_known = definition.kind is AlarmKind.STATE and tag is not None and 0 <= value < len(tag.states)
    return tr(tag.states[int(value)]) if is_known and tag is not None else ""
