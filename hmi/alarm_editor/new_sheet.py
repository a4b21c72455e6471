"""Asks on which tag, of which kind and under which id a new alarm is. GUI thread."""

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtWidgets import QLineEdit

from hmi.alarm_editor.fields import ChoiceField, LineField, TagField
from hmi.alarm_editor.inherited import inherited_by
from hmi.alarm_editor.words import kind_name
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, column, label, set_text, wrapped
from plant_models.alarm_definition import DECLARED_KINDS, AlarmDefinition, AlarmKind

_ON_TEXTS = (AlarmKind.COMMUNICATION, AlarmKind.NO_UPDATE, AlarmKind.CALCULATED)


class NewAlarmSheet(Sheet):
    """`chosen` carries the beginning of an alarm, with what an equipment type says of it."""

    chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(tr("New alarm"), tr("Tag, kind and id make its name, which stays"))
        self._context = context
        tags = QStringListModel([tag.name for tag in context.station.table.tags])
        self.tag = TagField(context, tr("Tag"), tags)
        self.kind = ChoiceField(tr("Kind"), [(kind, kind_name(kind)) for kind in DECLARED_KINDS])
        self.id = LineField(tr("Id"))
        self.problem = wrapped(role="problem")
        self.cancel_button = button(tr("Cancel"), "command")
        self.next_button = button(tr("Continue"), "primary")
        self.next_button.setProperty("scale", "command")
        for title, field in (
            (tr("Tag"), self.tag),
            (tr("Kind"), self.kind),
            (tr("Id, if there are several of one kind on the tag"), self.id),
        ):
            entry = column(spacing=6)
            entry.addWidget(label(title, "text2"))
            entry.addWidget(field)
            self.body.addLayout(entry)
            field.changed.connect(self.refresh)
        self.body.addWidget(self.problem)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.next_button)
        self.cancel_button.clicked.connect(self.close_sheet)
        self.next_button.clicked.connect(self._choose)
        self.refresh()

    def first_focus(self) -> QLineEdit:
        return self.tag.field

    def refresh(self) -> None:
        """Say why there can't be such an alarm."""
        problem = self._problem()
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))
        self.next_button.setEnabled(bool(self.tag.value()) and not problem)

    def _definition(self) -> AlarmDefinition:
        bare = AlarmDefinition(tag=self.tag.value(), kind=self.kind.value(), id=self.id.value())
        inherited = inherited_by(self._context, bare)
        return AlarmDefinition(**inherited.fields) if inherited.title else bare

    def _problem(self) -> str:
        name = self.tag.value()
        if not name:
            return ""
        tag = self._context.tag(name)
        if tag is None:
            return tr("There is no tag {name}.").format(name=name)
        if tag.is_text and self.kind.value() not in _ON_TEXTS:
            return tr("{name} is a text: only its communication, its silence or a formula can raise an alarm.").format(
                name=name
            )
        marks = self.id.value().replace("_", "").replace("-", "")
        if marks and not (marks.isascii() and marks.isalnum()):
            return tr("An id has letters, digits, _ and - only.")
        bare = AlarmDefinition(tag=name, kind=self.kind.value(), id=self.id.value())
        if bare.name in self._context.station.alarms.configured:
            return tr("There is an alarm {name} already.").format(name=bare.name)
        return ""

    def _choose(self) -> None:
        self.chosen.emit(self._definition())
        self.close_sheet()
