"""Asks where a file of alarms goes to or comes from. GUI thread; the file is written and read beside it."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from hmi.alarm_editor.change_sheet import Wanted
from hmi.alarm_editor.csv_file import LARGEST, ReadAlarms, read_alarms, write_alarms
from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.path_field import PathField
from hmi.dialogs.progress import Progress
from hmi.dialogs.sheet import Sheet
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import button, set_text
from plant_models.alarm_definition import AlarmDefinition

_WIDTH: Final = 760
_PROBLEMS: Final = 160
_MOST_PROBLEMS: Final = 100


class _FileSheet(Sheet):
    """Does something with the file that is named, and tells what became of it."""

    def __init__(self, context: Context, title: str, subtitle: str, act: str, name: str) -> None:
        super().__init__(title, subtitle, _WIDTH)
        self._context = context
        self._is_busy = False
        self.field = PathField(name)
        self.progress = Progress()
        self.body.addLayout(titled(tr("File"), self.field))
        self.cancel_button = button(tr("Cancel"), "command")
        self.act_button = button(act, "primary")
        self.act_button.setProperty("scale", "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.act_button.clicked.connect(self._start)
        self.field.returnPressed.connect(self.act_button.click)
        self.field.named.connect(self.act_button.setEnabled)
        self.footer.addWidget(self.progress, 1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.act_button)

    @property
    def may_close(self) -> bool:
        return not self._is_busy

    def first_focus(self) -> QLineEdit:
        return self.field

    def _start(self) -> None:
        if not self._is_busy:
            self._set_busy(True)
            self._context.tasks.start(self._run(self.field.path()))

    async def _run(self, path: Path) -> None:
        try:
            await self.work(path)
        except OSError as error:
            words = error.strerror or type(error).__name__
            self.progress.show_outcome(Outcome(False, tr("It can't be done"), f"{words}: {path}"))
        finally:
            self._set_busy(False)

    @abstractmethod
    async def work(self, path: Path) -> None:
        """Do it; an OSError is told."""

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        for each in (self.act_button, self.cancel_button, self.close_button):
            each.setEnabled(not is_busy)


class ExportAlarmsSheet(_FileSheet):
    """Writes what the list shows."""

    def __init__(self, context: Context, definitions: Sequence[AlarmDefinition]) -> None:
        declared = [each for each in definitions if each.tag]
        subtitle = tr("{count} alarms, those that the list shows").format(count=number_text(len(declared), 0))
        super().__init__(context, tr("Export as CSV"), subtitle, tr("Export"), "alarms.csv")
        self._definitions = declared

    async def work(self, path: Path) -> None:
        self.progress.show_writing()
        count = await asyncio.get_running_loop().run_in_executor(None, write_alarms, path, self._definitions)
        done = tr("{count} alarms are in {file}").format(count=number_text(count, 0), file=path)
        self.progress.show_outcome(Outcome(True, done))
        self.act_button.hide()
        set_text(self.cancel_button, tr("Close"))


class ImportAlarmsSheet(_FileSheet):
    """Reads a file like alarms.csv; `read` carries what it would change, which is asked about next."""

    read = Signal(object)

    def __init__(self, context: Context) -> None:
        subtitle = tr("Only filled cells count; nothing is taken out")
        super().__init__(context, tr("Import from CSV"), subtitle, tr("Read"), "alarms.csv")
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setFixedHeight(_PROBLEMS)
        self.problems.setAccessibleName(tr("What is wrong with the file"))
        self.problems.hide()
        self.body.addWidget(self.problems)

    async def work(self, path: Path) -> None:
        self.progress.show_writing(tr("Reading…"))
        station = self._context.station
        configured, tags = dict(station.alarms.configured), station.table.index

        def read() -> ReadAlarms:
            if path.stat().st_size > LARGEST:
                raise OSError(0, tr("The file is too large"))
            return read_alarms(path.read_text(encoding="utf-8", errors="replace"), tags, configured)

        found = await asyncio.get_running_loop().run_in_executor(None, read)
        self.problems.setPlainText("\n".join(found.problems[:_MOST_PROBLEMS]))
        self.problems.setVisible(bool(found.problems))
        if found.problems:
            count = number_text(len(found.problems), 0)
            wrong = tr("{count} mistakes in the file, nothing was changed").format(count=count)
            self.progress.show_outcome(Outcome(False, wrong))
        elif not found.changed:
            self.progress.show_outcome(Outcome(True, tr("The file says what is in force already")))
        else:
            self._hand_over(found.changed)

    def _hand_over(self, changed: tuple[AlarmDefinition, ...]) -> None:
        self._set_busy(False)
        self.close_sheet()
        self.read.emit(Wanted(title=tr("Import alarms"), act=tr("Import"), changed=changed))
