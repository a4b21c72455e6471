"""Browses a server for an engineer and makes tags of what is marked. GUI thread; the station does the reading."""

from typing import Final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeView, QVBoxLayout

from hmi.browse.filter import SpaceFilter
from hmi.browse.item import Reading, SpaceItem
from hmi.browse.loader import SpaceLoader
from hmi.browse.model import NAME, RANGE, TYPE, VALUE, SpaceModel
from hmi.browse.names import NamesModel
from hmi.browse.names_view import NamesView
from hmi.browse.tree_delegate import TreeDelegate
from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import button, column, label, row, set_text, wrapped
from station.protocol import ActResult, NewTags

_WIDTH: Final = 1240
_HEIGHT: Final = 860
_LEAST: Final = 120
_PAUSE_MS: Final = 150
_LEAST_WIDTH: Final = 104
_WIDTHS: Final = {TYPE: 60, VALUE: 112, RANGE: 156}


class BrowseSheet(Sheet):
    """The tree at the left, the tags to be made at the right. Nothing is asked of the server but what is opened."""

    fills = True

    def __init__(self, context: Context, device: str) -> None:
        title = tr("Add tags of {device}").format(device=device)
        super().__init__(title, tr("Marked variables become tags of the plant folder"), _WIDTH)
        self._context, self._device = context, device
        self._is_adding = self._is_done = False
        self._add_problem = ""
        self.model = SpaceModel()
        self.shown = SpaceFilter(self.model)
        self.loader = SpaceLoader(context, device, self.model)
        self.names = NamesModel(device, frozenset(tag.name for tag in context.station.table.tags))
        self.field, self.tree, self.list = QLineEdit(), QTreeView(), NamesView(self.names)
        self.count, self.problem = label(role="strong"), wrapped(role="problem")
        self.again, self.clear = button(tr("Read again")), button(tr("Unmark all"), "flat")
        self.reason, self.progress = ReasonField(), Progress()
        self.stop_button = button(tr("Stop reading"), "command")
        self.cancel_button = button(tr("Cancel"), "command")
        self.add_button = button("", "primary")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()
        self._connect()
        self._refresh()
        self.loader.open_unread(self.model.root)

    @property
    def may_close(self) -> bool:
        """A dialog whose tags are being added stays: leaving it must not look like taking it back."""
        return not self._is_adding

    def first_focus(self) -> QLineEdit:
        return self.field

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def hasHeightForWidth(self) -> bool:
        """It takes the height that there is."""
        return False

    def add(self) -> None:
        """Have the station add the tags; a second click finds nothing to do."""
        if not self.add_button.isEnabled():
            return
        self._set_adding(True)
        self.progress.show_writing(tr("Adding…"))
        wanted = NewTags(device=self._device, tags=self.names.tags(), reason=self.reason.text())
        self._context.tasks.start(self._send(wanted))

    async def _send(self, wanted: NewTags) -> None:
        try:
            result = await self._context.station.add_tags(wanted, self._context.session)
        except BaseException:
            self._set_adding(False)
            advice = tr("Look into tags.csv before you try again.")
            self.progress.show_outcome(Outcome(False, tr("The outcome is unknown"), advice))
            raise
        self._set_adding(False)
        self._end(wanted, result)

    def _end(self, wanted: NewTags, result: ActResult) -> None:
        if not result.is_done:
            self.progress.show_outcome(Outcome(False, tr("Nothing was added"), tr(result.message)))
            return
        names = {tag.address: tag.name for tag in wanted.tags}
        self.names.take(names)
        self.model.become_tags(names)
        set_text(self.cancel_button, tr("Close"))
        one, many = tr("One tag was added to tags.csv"), tr("{count} tags were added to tags.csv")
        done = _counted(len(names), one, one, many)
        live = tr("They become live when the station is started again.")
        self.progress.show_outcome(Outcome(not result.message, done, tr(result.message) or live))

    def _set_adding(self, is_adding: bool) -> None:
        self._is_adding = is_adding
        for each in (self.tree, self.list, self.cancel_button, self.close_button, self.clear):
            each.setEnabled(not is_adding)
        self._refresh()

    def _read_again(self) -> None:
        self.progress.show_nothing()
        self.loader.start_anew()

    def _on_marks(self) -> None:
        self.names.show(self.model.marks)
        if self.model.marks:
            self.progress.show_nothing()
        self._refresh()

    def _on_folder(self, item: SpaceItem, is_marked: bool) -> None:
        if is_marked:
            self.loader.mark_below(item)
            self._on_progress(0, 0)
        else:
            self.model.set_marks(item.all_below(), is_marked=False)

    def _on_progress(self, folders: int, variables: int) -> None:
        self.stop_button.setVisible(self.loader.is_marking)
        words = tr("Reading: {folders} folders, {variables} variables")
        numbers = {"folders": number_text(folders, 0), "variables": number_text(variables, 0)}
        self.progress.show_writing(words.format(**numbers))

    def _on_ended(self, problem: str) -> None:
        self.stop_button.hide()
        self.progress.show_nothing()
        if problem:
            self.progress.show_outcome(Outcome(False, tr("The folder was not read to its end"), tr(problem)))

    def _on_answer(self, add_problem: str) -> None:
        self._add_problem = add_problem
        self._refresh()

    def _on_removed(self, rows: list[int]) -> None:
        gone = [self.model.marks[self.names.rows[row].node.address] for row in rows]
        self.model.set_marks(gone, is_marked=False)

    def _refresh(self) -> None:
        count = len(self.names.rows)
        problem = tr(self._add_problem) or self.names.first_problem()
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))
        set_text(self.count, tr("New tags: {count}").format(count=number_text(count, 0)))
        set_text(self.add_button, _counted(count, tr("Add tags"), tr("Add one tag"), tr("Add {count} tags")))
        self.add_button.setEnabled(count > 0 and not problem and not self._is_adding)
        self.clear.setEnabled(count > 0 and not self._is_adding)

    def _find(self) -> None:
        """Show what fits, and open the way to it; what wasn't read is not read for that."""
        self.shown.find(self.field.text())
        if self.field.text().strip():
            for item in (self.model.root, *self.model.root.all_below()):
                if item.reading is Reading.DONE:
                    self.tree.expand(self.shown.mapFromSource(self.model.index_of(item)))

    def _connect(self) -> None:
        self.model.marks_changed.connect(self._on_marks)
        self.model.folder_marked.connect(self._on_folder)
        self.loader.progress.connect(self._on_progress)
        self.loader.ended.connect(self._on_ended)
        self.loader.answered.connect(self._on_answer)
        self.loader.failed.connect(
            lambda why: self.progress.show_outcome(Outcome(False, tr("It can't be read"), tr(why)))
        )
        self.names.dataChanged.connect(self._refresh)
        self.list.removed.connect(self._on_removed)
        self.clear.clicked.connect(lambda: self.model.set_marks(list(self.model.marks.values()), is_marked=False))
        self.field.textChanged.connect(lambda: self._pause.start())
        self._pause.timeout.connect(self._find)
        self.stop_button.clicked.connect(self.loader.stop_marking)
        self.cancel_button.clicked.connect(self.close_sheet)
        self.add_button.clicked.connect(self.add)
        self.closed.connect(self.loader.stop)
        self.again.clicked.connect(self._read_again)
        self.tree.expanded.connect(lambda index: self.loader.open_unread(self.shown.item(index)))

    def _build(self) -> None:
        self.field.setPlaceholderText(tr("Find in what is open"))
        self.field.setAccessibleName(tr("Find in what is open"))
        self._set_up_tree()
        middle = row(spacing=20)
        left = column(spacing=8)
        above = row(spacing=8)
        above.addWidget(self.field, 1)
        above.addWidget(self.again)
        left.addLayout(above)
        left.addWidget(self.tree, 1)
        middle.addLayout(left, 4)
        middle.addLayout(self._make_right(), 3)
        self.body.addLayout(middle, 1)
        self.add_button.setProperty("scale", "command")
        self.stop_button.hide()
        self.footer.addWidget(self.progress, 1)
        for each in (self.stop_button, self.cancel_button, self.add_button):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)

    def _make_right(self) -> QVBoxLayout:
        right = column(spacing=8)
        head = row(spacing=8)
        head.addWidget(self.count, 1)
        head.addWidget(self.clear)
        right.addLayout(head)
        self.list.setMinimumHeight(_LEAST)
        right.addWidget(self.list, 1)
        right.addWidget(self.problem)
        right.addWidget(self.reason)
        return right

    def _set_up_tree(self) -> None:
        self.tree.setModel(self.shown)
        self._delegate = TreeDelegate(self.shown)
        self.tree.setItemDelegate(self._delegate)
        self.tree.setAccessibleName(tr("What the server has"))
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(_LEAST)
        self.tree.setIndentation(18)
        head = self.tree.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for at, width in _WIDTHS.items():
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            self.tree.setColumnWidth(at, width)


def _counted(count: int, none: str, one: str, many: str) -> str:
    """Return the text for so many things; `many` has a place for their number."""
    return many.format(count=number_text(count, 0)) if count > 1 else one if count else none
