"""Takes up alarms.csv after another program changed it: what it would change is shown first, then asked why.

GUI thread; the station reads and checks the file beside it.
"""

from typing import Final

from PySide6.QtWidgets import QPlainTextEdit

from alarms.changing import AlarmChanges
from hmi.alarm_editor.differences import differences
from hmi.alarm_editor.review import Review
from hmi.alarm_editor.saving import SavingSheet
from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import set_text
from station.protocol import ActResult, AlarmFile

_WIDTH: Final = 760
_PROBLEMS: Final = 160
_MOST_PROBLEMS: Final = 100


class ReloadSheet(SavingSheet):
    """With mistakes in the file there is nothing to do here but to read them, each with its line and column."""

    def __init__(self, context: Context) -> None:
        subtitle = tr("As it is on the disk now, changed by another program")
        super().__init__(context, tr("Read alarms.csv anew"), subtitle, _WIDTH)
        self._file = AlarmFile()
        self.review = Review()
        self.review.edited.connect(self.refresh)
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setFixedHeight(_PROBLEMS)
        self.problems.setAccessibleName(tr("What is wrong with the plant folder"))
        for each in (self.problems, self.review):
            self.body.addWidget(each)
            each.hide()
        set_text(self.save_button, tr("Take up"))
        self.save_button.setEnabled(False)
        self.progress.show_writing(tr("Reading…"))
        self.is_busy = True
        context.tasks.start(self._read())

    def make_changes(self) -> AlarmChanges | None:
        reason, file = self.review.reason.text(), self._file
        if not reason or not (file.changed or file.removed):
            return None
        return AlarmChanges(version=file.version, changed=file.changed, removed=frozenset(file.removed), reason=reason)

    async def carry_out(self, changes: AlarmChanges) -> ActResult:
        return await self._context.station.reload_alarms(self._context.session, changes.reason, changes.version)

    def refresh(self) -> None:
        self.save_button.setEnabled(not self.is_busy and self.make_changes() is not None)

    async def _read(self) -> None:
        try:
            self._file = await self._context.station.alarm_file()
        except BaseException:
            self.is_busy = False
            self.progress.show_outcome(Outcome(False, tr("The file can't be read"), tr("Nothing was changed")))
            raise
        self.is_busy = False
        self._show(self._file)
        self.refresh()

    def _show(self, file: AlarmFile) -> None:
        if file.problems:
            count = number_text(len(file.problems), 0)
            self.problems.setPlainText("\n".join(map(tr, file.problems[:_MOST_PROBLEMS])))
            self.problems.show()
            words = tr("Mistakes in the plant folder: {count}. Nothing was changed").format(count=count)
            self.progress.show_outcome(Outcome(False, words, tr("Correct them, then read it again.")))
        elif file.changed or file.removed:
            self.progress.show_nothing()
            self._show_review(file)
        else:
            self._show_later(file)
            self.progress.show_outcome(Outcome(True, tr("The file says what is in force already")))
        self.updateGeometry()

    def _show_review(self, file: AlarmFile) -> None:
        known = self._context.station.alarms.configured
        found = [
            difference
            for new in file.changed
            for difference in differences(self._context, known[new.name].definition if new.name in known else None, new)
        ]
        removed = tr("{alarm} is taken out; if it is active it leaves the list, and the journal tells it.")
        plain = [removed.format(alarm=name) for name in file.removed]
        self.review.show_changes(found, [*plain, *_later(file)])
        self.review.show()

    def _show_later(self, file: AlarmFile) -> None:
        """Say of which alarms of the file the station has no tags yet."""
        if file.later:
            self.problems.setPlainText("\n".join(_later(file)))
            self.problems.show()


def _later(file: AlarmFile) -> list[str]:
    words = tr("{alarm} is of a tag that the station has only after its next start.")
    return [words.format(alarm=name) for name in file.later]
