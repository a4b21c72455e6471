"""All fields of one alarm in four sections; what the equipment type says is grey and named. GUI thread."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QWidget

from alarms.snapshot import ALL_PRIORITIES
from hmi.alarm_editor.differences import unit_words, value_words
from hmi.alarm_editor.field_specs import SECTIONS, SPECS, Editor, FieldSpec
from hmi.alarm_editor.fields import (
    ChoiceField,
    DayField,
    FlagField,
    FormField,
    FormulaField,
    LineField,
    LinesField,
    NumberField,
    TagField,
)  # fmt: skip
from hmi.alarm_editor.inherited import Inherited
from hmi.alarm_editor.validation import Remark
from hmi.alarm_editor.words import priority_name, severity_name
from hmi.alarms.rights import class_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.preferences.segment import Segment
from hmi.widgets import column, label, set_property, set_text, wrapped
from plant_models.alarm_definition import AlarmClass, AlarmDefinition, AlarmKind, Severity
from plant_models.tag import DataType

_TITLES: Final = 190
_GAP: Final = 14


class AlarmForm(QWidget):
    """`changed` is emitted at every keystroke. Without `may_edit` everything can only be read."""

    changed = Signal()

    def __init__(self, context: Context, definition: AlarmDefinition, inherited: Inherited, may_edit: bool) -> None:
        super().__init__()
        self._context, self._definition, self._inherited = context, definition, inherited
        self._tags = QStringListModel([tag.name for tag in context.station.table.tags])
        self.fields: dict[str, FormField] = {}
        self._captions: dict[str, QWidget] = {}
        self._remarks: dict[str, QWidget] = {}
        titles = [tr(title) for title, _ in SECTIONS]
        self.sections = Segment(tr("Part"), [(str(at), title) for at, title in enumerate(titles)])
        self.sections.show_choice("0")
        self._pages = QStackedWidget()
        for _, specs in SECTIONS:
            self._pages.addWidget(self._make_page([spec for spec in specs if spec.is_for(definition.kind)], may_edit))
        self.sections.chosen.connect(lambda at: self._pages.setCurrentIndex(int(at)))
        layout = column(self, spacing=16)
        layout.addWidget(self.sections, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._pages, 1)
        self.show_definition(definition)

    def definition(self) -> AlarmDefinition:
        """Return what stands in the fields; one that can't be read stays as it was."""
        read = {name: field.value() for name, field in self.fields.items() if not field.problem}
        return replace(self._definition, **read)

    def show_definition(self, definition: AlarmDefinition) -> None:
        """Put an alarm into the fields."""
        self._definition = definition
        for name, field in self.fields.items():
            field.show_value(getattr(definition, name))

    def problems(self) -> tuple[Remark, ...]:
        """Return what can't be read."""
        return tuple(Remark(name, field.problem) for name, field in self.fields.items() if field.problem)

    def show_remarks(self, found: Sequence[Remark]) -> None:
        """Write what is to be said below its field, and on each part how many fields have to be mended."""
        wrong = {remark.field for remark in found if remark.is_problem}
        for name, field in self.fields.items():
            words = " ".join(remark.words for remark in found if remark.field == name)
            target = self._remarks[name]
            set_text(target, words)  # type: ignore[arg-type]
            target.setVisible(bool(words))
            inner = field.focusProxy()
            if inner is not None:
                set_property(inner, "state", "invalid" if name in wrong else "")
                set_property(inner, "inherited", "yes" if self._is_inherited(name) else "")

        for at, (title, specs) in enumerate(SECTIONS):
            count = sum(spec.name in wrong for spec in specs)
            words = tr("{part} ({count})").format(part=tr(title), count=count) if count else tr(title)
            set_text(self.sections.buttons[str(at)], words)

    def show_section_of(self, name: str) -> None:
        """Bring the part with a field to the front."""
        for at, (_, specs) in enumerate(SECTIONS):
            if any(spec.name == name for spec in specs):
                self.sections.show_choice(str(at))
                self._pages.setCurrentIndex(at)

    def _is_inherited(self, name: str) -> bool:
        return self._inherited.says(name) and self.fields[name].value() == self._inherited.fields[name]

    def _make_page(self, specs: Sequence[FieldSpec], may_edit: bool) -> QScrollArea:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(4, 4, 12, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_GAP)
        grid.setColumnMinimumWidth(0, _TITLES)
        grid.setColumnStretch(1, 1)
        for at, spec in enumerate(specs):
            field = self.fields[spec.name] = self._make(spec)
            if not may_edit:
                field.lock()
            is_flag = spec.editor is Editor.FLAG
            title = wrapped("" if is_flag else tr(spec.title), "text2")
            title.setMinimumHeight(28 if is_flag else 36)
            title.setBuddy(field)
            grid.addWidget(title, at, 0, Qt.AlignmentFlag.AlignTop)
            cell = column(spacing=3)
            cell.addWidget(field)
            caption, remark = label(self._caption(spec), "small"), wrapped(role="problem")
            caption.setVisible(bool(caption.text()))
            remark.hide()
            cell.addWidget(caption)
            cell.addWidget(remark)
            self._captions[spec.name], self._remarks[spec.name] = caption, remark
            grid.addLayout(cell, at, 1)
            field.changed.connect(self._on_changed)
        grid.setRowStretch(len(specs), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        return area

    def _caption(self, spec: FieldSpec) -> str:
        """Return what a field is for, and what the equipment type says there."""
        parts = [tr(spec.hint) if spec.hint else ""]
        if spec.name in self.fields and self._inherited.says(spec.name):
            if self._is_inherited(spec.name):
                parts.append(tr("from type {type}").format(type=self._inherited.title))
            else:
                value = self._inherited.fields[spec.name]
                words = value_words(self._context, spec, self._definition, value)
                parts.append(tr("type {type}: {value}").format(type=self._inherited.title, value=words))
        return " · ".join(filter(None, parts))

    def _on_changed(self) -> None:
        for name, caption in self._captions.items():
            set_text(caption, self._caption(SPECS[name]))  # type: ignore[arg-type]
            caption.setVisible(bool(caption.text()))  # type: ignore[attr-defined]
        self.changed.emit()

    def _make(self, spec: FieldSpec) -> FormField:
        context, name = self._context, tr(spec.title)
        unit = unit_words(context, spec, self._definition)
        makers: dict[Editor, Any] = {
            Editor.LINE: lambda: LineField(name),
            Editor.LINES: lambda: LinesField(name),
            Editor.NUMBER: lambda: NumberField(name, unit, None),
            Editor.AMOUNT: lambda: NumberField(name, unit, 0.0),
            Editor.COUNT: lambda: NumberField(name, unit, 0, is_whole=True),
            Editor.FLAG: lambda: FlagField(name),
            Editor.TAG: lambda: TagField(context, name, self._tags),
            Editor.FORMULA: lambda: FormulaField(context, name),
            Editor.DATE: lambda: DayField(name, local_time(context.clock.wall_us(), context.zone).date()),
            Editor.LIMIT: lambda: self._make_limit(name, unit),
            Editor.PRIORITY: lambda: ChoiceField(name, [(each, priority_name(each)) for each in ALL_PRIORITIES]),
            Editor.CLASS: lambda: ChoiceField(name, [(each, class_word(each)) for each in AlarmClass]),
            Editor.SEVERITY: lambda: ChoiceField(
                name, [(None, tr("Not said")), *((each, severity_name(each)) for each in Severity)]
            ),
            Editor.AREA: lambda: ChoiceField(
                name, [("", tr("The area of the tag")), *((area.name, area.title) for area in context.plant.areas)]
            ),
            Editor.DISPLAY: lambda: ChoiceField(
                name, [("", tr("The nearest")), *((each.name, each.title) for each in context.plant.displays.values())]
            ),
        }
        return makers[spec.editor]()  # type: ignore[no-any-return]

    def _make_limit(self, name: str, unit: str) -> FormField:
        tag = self._context.tag(self._definition.tag)
        if self._definition.kind is AlarmKind.STATE and tag is not None:
            states = tag.states or ((tr("Off"), tr("On")) if tag.type is DataType.BOOL else ())
            if states:
                return ChoiceField(name, [(float(at), tr(state)) for at, state in enumerate(states)])
        return NumberField(name, unit, None)
