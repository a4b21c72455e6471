"""The dialog of one alarm: its fields, what is wrong with them, what they would have done, and then why. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from alarms.changing import AlarmChanges
from hmi.alarm_editor.backtest_pane import BackTestPane
from hmi.alarm_editor.differences import differences
from hmi.alarm_editor.field_specs import SPECS
from hmi.alarm_editor.form import AlarmForm
from hmi.alarm_editor.inherited import inherited_by
from hmi.alarm_editor.review import Review
from hmi.alarm_editor.saving import SavingSheet
from hmi.alarm_editor.validation import Remark, remarks
from hmi.alarm_editor.words import kind_name
from hmi.alarms.rights import may_configure
from hmi.amount import Amount
from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.drawing.bar import BarMarks, bar_scale
from hmi.i18n import tr
from hmi.indicator import Indicator
from hmi.widgets import ElidedLabel, IconLabel, button, column, hairline, row, set_text, wrapped
from plant_models.alarm_definition import AlarmDefinition

_WIDTH: Final = 1180
_HEIGHT: Final = 860
_SIDE: Final = 348
_MOST_REMARKS: Final = 4
_PROPOSED: Final = ("limit", "deadband", "on_delay_s", "off_delay_s", "window_s")
"""What a proposal may change."""


class EditSheet(SavingSheet):
    """Nothing is changed before the second page: it shows old and new and asks for a reason.

    Who may not change alarms reads them here. `is_known`: the station has it, else it is a new one.
    """

    def __init__(self, context: Context, definition: AlarmDefinition, is_known: bool) -> None:
        title = tr(definition.text) or (definition.name if is_known else tr("New alarm"))
        super().__init__(context, title, _subtitle(context, definition), _WIDTH)
        self._base = definition if is_known else None  # what was seen, and will be replaced
        self._version = context.station.alarms.version
        self.may_edit = may_configure(context.session) and bool(definition.tag)
        self._is_leaving = False
        self.form = AlarmForm(context, definition, inherited_by(context, definition), self.may_edit)
        self.back_test = BackTestPane(context)
        self.review = Review()
        self._pages = QStackedWidget()
        self._remarks, self._amount, self._indicator = wrapped(), Amount(), self._make_indicator(definition.tag)
        self.back_button = button(tr("Back"), "command")
        self.theirs_button = button(tr("Begin again with theirs"))
        self._theirs, self._theirs_words = QFrame(), wrapped(role="strong")
        self._found: tuple[Remark, ...] = ()
        self._build()
        self.refresh()

    @property
    def may_close(self) -> bool:
        """Closing what isn't saved needs to be done twice."""
        if self.is_busy or self.is_done or self._is_leaving or not self._is_changed:
            return not self.is_busy
        self._is_leaving = True
        set_text(self.cancel_button, tr("Discard"))
        self.progress.show_outcome(Outcome(False, tr("Not saved yet"), tr("Close again to discard what you changed.")))
        return False

    def first_focus(self) -> QWidget:
        return self.cancel_button

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def definition(self) -> AlarmDefinition:
        """Return the alarm as it stands in the fields."""
        return self.form.definition()

    def make_changes(self) -> AlarmChanges | None:
        reason = self.review.reason.text()
        if not self._is_reviewing or not reason or self._has_problem:
            return None
        snapshot = self._context.station.alarms
        known = snapshot.configured.get(self.definition().name)
        is_as_seen = (None if known is None else known.definition) == self._base
        version = snapshot.version if is_as_seen else self._version  # what others changed elsewhere is no matter here
        return AlarmChanges(version=version, changed=(self.definition(),), reason=reason)

    def save(self) -> None:
        if self._is_reviewing:
            super().save()
        elif self._is_changed and not self._has_problem:
            self._show_review()

    def refresh(self) -> None:
        """Follow the fields, and what others do with the same alarm."""
        definition = self.definition()
        self._found = (*self.form.problems(), *(remarks(self._context, definition) if self.may_edit else ()))
        self.form.show_remarks(self._found)
        self.back_test.note_edit(definition)
        problems = [_named(each) for each in self._found][:_MOST_REMARKS]
        rest = len(self._found) - len(problems)
        more = [tr("and {count} more").format(count=rest)] if rest else []
        set_text(self._remarks, "\n".join(problems + more))
        self._notes.setVisible(bool(self._found))
        is_ready = bool(self.review.reason.text()) if self._is_reviewing else self._is_changed
        self.save_button.setEnabled(is_ready and not self._has_problem and not self.is_busy)
        self.save_button.setToolTip("" if self._is_changed else tr("Nothing is changed"))
        set_text(self.save_button, tr("Save") if self._is_reviewing else tr("Continue"))
        self.back_button.setVisible(self._is_reviewing and not self.is_done)

    @property
    def _is_reviewing(self) -> bool:
        return self._pages.currentIndex() == 1

    @property
    def _is_changed(self) -> bool:
        return self.may_edit and self.definition() != self._base

    @property
    def _has_problem(self) -> bool:
        return any(each.is_problem for each in self._found)

    def _on_edited(self) -> None:
        if self._is_leaving:
            self._is_leaving = False
            set_text(self.cancel_button, tr("Cancel"))
        if not self.is_busy:
            self.progress.show_nothing()
        self.refresh()

    def _show_review(self) -> None:
        new = self.definition()
        self.review.show_changes(list(differences(self._context, self._base, new)))
        self._pages.setCurrentIndex(1)
        self.progress.show_nothing()
        self.review.reason.focus_widget().setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def _show_form(self) -> None:
        self._pages.setCurrentIndex(0)
        self.refresh()

    def _test(self) -> None:
        if not self._has_problem:
            self.back_test.test(self.definition(), self._base)

    def _propose(self) -> None:
        if self._base is not None:
            self.back_test.propose(self._base)

    def _use(self, proposed: AlarmDefinition) -> None:
        """Put the proposed condition into the fields; everything else stays as it was typed."""
        for name in _PROPOSED:
            if name in self.form.fields:
                self.form.fields[name].show_value(getattr(proposed, name))

    def _take_theirs(self) -> None:
        snapshot = self._context.station.alarms
        known = snapshot.configured.get(self.definition().name)
        if known is not None:
            self._base, self._version = known.definition, snapshot.version
            self.form.show_definition(known.definition)
            self._show_form()

    def _on_tick(self) -> None:
        super()._on_tick()
        reading = self._context.live.reading(self.definition().tag) if self._indicator_shown else None
        if reading is not None:
            self._amount.show_reading(reading)
            if self._indicator is not None:
                self._indicator.show_marks(BarMarks(reading.value, reading.is_usable))
        self._look_at_others()

    def _look_at_others(self) -> None:
        """Say so as soon as somebody else has changed this alarm."""
        known = self._context.station.alarms.configured.get(self.definition().name)
        theirs = None if known is None else known.definition
        is_other = theirs != self._base and not self.is_done and not self.is_busy
        words = tr("It exists no longer: somebody else has taken it out. Saving adds it again.")
        if theirs is not None and is_other:
            told = [each.words for each in differences(self._context, self._base, theirs)]
            words = tr("Somebody else has changed it meanwhile: {changes}").format(changes="; ".join(told))
        set_text(self._theirs_words, words)
        self.theirs_button.setVisible(theirs is not None)
        self._theirs.setVisible(is_other)

    @property
    def _indicator_shown(self) -> bool:
        return self._amount.isVisible()

    def _make_indicator(self, tag: str) -> Indicator | None:
        scale = bar_scale(self._context.plant, tag) if self._context.tag(tag) is not None else None
        return None if scale is None else Indicator(scale)

    def _build(self) -> None:
        self._build_theirs()
        body = QWidget()
        inside = row(body, spacing=24)
        inside.addWidget(self.form, 1)
        inside.addWidget(hairline(is_upright=True))
        inside.addWidget(self._make_side())
        self._pages.addWidget(body)
        self._pages.addWidget(self.review)
        self.body.addWidget(self._pages, 1)
        self.back_button.clicked.connect(self._show_form)
        self.footer.insertWidget(1, self.back_button)
        self.form.changed.connect(self._on_edited)
        self.review.edited.connect(self._on_edited)
        self.back_test.wanted.connect(self._test)
        self.back_test.propose_button.clicked.connect(self._propose)
        self.back_test.propose_button.setVisible(self._base is not None)
        self.back_test.used.connect(self._use)
        self.save_button.setVisible(self.may_edit)
        if not self.may_edit:
            set_text(self.cancel_button, tr("Close"))

    def _build_theirs(self) -> None:
        self._theirs.setProperty("kind", "reason")
        layout = row(self._theirs, spacing=10)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(IconLabel("warning", "text"))
        layout.addWidget(self._theirs_words, 1)
        layout.addWidget(self.theirs_button)
        self.theirs_button.clicked.connect(self._take_theirs)
        self._theirs.hide()
        self.body.addWidget(self._theirs)

    def _make_side(self) -> QScrollArea:
        side = column(spacing=12)
        tag = self._context.tag(self.form.definition().tag)
        if tag is not None:
            now = row(spacing=8)
            now.addWidget(ElidedLabel(tag.description or tag.name, "text2"), 1)
            now.addWidget(self._amount)
            side.addLayout(now)
            if self._indicator is not None:
                side.addWidget(self._indicator)
        self._notes = QFrame()
        self._notes.setProperty("kind", "reason")
        notes = row(self._notes, spacing=10)
        notes.setContentsMargins(12, 10, 12, 10)
        notes.addWidget(IconLabel("warning", "text"), 0, Qt.AlignmentFlag.AlignTop)
        notes.addWidget(self._remarks, 1)
        side.addWidget(self._notes)
        side.addWidget(self.back_test, 1)
        self.back_test.setVisible(tag is not None)
        holder = QWidget()
        holder.setLayout(side)
        area = QScrollArea()
        area.setFixedWidth(_SIDE)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        return area


def _named(remark: Remark) -> str:
    """Return what is to be said, after the field that has to be mended."""
    if not remark.is_problem:
        return remark.words
    return tr("{field}: {problem}").format(field=tr(SPECS[remark.field].title), problem=remark.words)


def _subtitle(context: Context, definition: AlarmDefinition) -> str:
    rule = "" if may_configure(context.session) else tr("only an engineer or an administrator changes it")
    made = "" if definition.tag else tr("the program makes it")
    return " · ".join(filter(None, (definition.name, kind_name(definition.kind), rule or made)))
