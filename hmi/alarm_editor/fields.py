"""Editors of single fields of an alarm: each shows a value, reads it back, says what can't be read. GUI thread."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QPlainTextEdit, QWidget

from hmi.alarms.formula_words import formula_words
from hmi.context import Context
from hmi.dialogs.date_field import DateField
from hmi.drop_list import DropList
from hmi.i18n import tr
from hmi.tick import Tick
from hmi.widgets import column, label, row, set_text, wrapped

_NUMBER: Final = 140
_LINES: Final = 76
_LONGEST: Final = 2000


class FormField(QWidget):
    """`changed` is emitted with everything that somebody does; `problem` says why what stands there can't be read."""

    changed = Signal()

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Show a value as if it had been typed."""

    @abstractmethod
    def value(self) -> Any:
        """Return what stands there."""

    @property
    def problem(self) -> str:
        return ""

    def lock(self) -> None:
        """Let it be read only."""
        self.setEnabled(False)


class _TextField(FormField):
    """Text that somebody types."""

    def __init__(self, name: str, field: QLineEdit | QPlainTextEdit) -> None:
        super().__init__()
        self.field = field
        field.setAccessibleName(name)
        field.textChanged.connect(self.changed)
        column(self).addWidget(field)
        self.setFocusProxy(field)

    def lock(self) -> None:
        self.field.setReadOnly(True)


class LineField(_TextField):
    """One line of text."""

    field: QLineEdit

    def __init__(self, name: str) -> None:
        super().__init__(name, QLineEdit())
        self.field.setMaxLength(_LONGEST)

    def show_value(self, value: Any) -> None:
        self.field.setText(str(value))
        self.field.setCursorPosition(0)

    def value(self) -> Any:
        return self.field.text().strip()


class LinesField(_TextField):
    """Several lines of text; Tab leaves it."""

    field: QPlainTextEdit

    def __init__(self, name: str) -> None:
        super().__init__(name, QPlainTextEdit())
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_LINES)

    def show_value(self, value: Any) -> None:
        self.field.setPlainText(value)

    def value(self) -> Any:
        return self.field.toPlainText().strip()


class NumberField(FormField):
    """A number with its unit behind it; `absent` is what an empty field means."""

    def __init__(self, name: str, unit: str, absent: float | None, is_whole: bool = False) -> None:
        super().__init__()
        self._absent, self._is_whole = absent, is_whole
        self.field = QLineEdit()
        self.field.setFixedWidth(_NUMBER)
        self.field.setMaxLength(24)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self.changed)
        layout = row(self, spacing=8)
        layout.addWidget(self.field)
        layout.addWidget(label(unit, "text2"))
        layout.addStretch(1)
        self.setFocusProxy(self.field)

    def show_value(self, value: Any) -> None:
        self.field.setText("" if value is None or value == self._absent else f"{value:.12g}")

    def value(self) -> Any:
        number = self._number()
        return self._absent if number is None else int(number) if self._is_whole else number

    @property
    def problem(self) -> str:
        number = self._number()
        if number is None:
            return tr("This is not a number.") if self.field.text().strip() else ""
        return tr("Type a whole number.") if self._is_whole and number != int(number) else ""

    def lock(self) -> None:
        self.field.setReadOnly(True)

    def _number(self) -> float | None:
        """Return the typed number; words that Python would take for one ("nan") are none."""
        text = self.field.text().strip().replace(",", ".").replace("−", "-").replace(" ", "")
        try:
            return float(text) if text and not text.strip("+-.0123456789") else None
        except ValueError:
            return None


class ChoiceField(FormField):
    """One of a few values, by their words."""

    def __init__(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        self.list = DropList()
        self.list.setAccessibleName(name)
        self._values = [value for value, _ in choices]  # not as data of Qt, which takes the kind from a StrEnum
        self.list.addItems([words for _, words in choices])
        self.list.currentIndexChanged.connect(self.changed)
        layout = row(self)
        layout.addWidget(self.list)
        layout.addStretch(1)
        self.setFocusProxy(self.list)

    def show_value(self, value: Any) -> None:
        if value not in self._values and value not in (None, ""):
            self._values.append(value)
            self.list.addItem(str(value))  # what isn't known is shown, not replaced
        self.list.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def value(self) -> Any:
        at = self.list.currentIndex()
        return self._values[at] if at >= 0 else None


class FlagField(FormField):
    """Yes or no."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.tick = Tick(words)
        self.tick.toggled.connect(self.changed)
        layout = row(self)
        layout.addWidget(self.tick)
        layout.addStretch(1)
        self.setFocusProxy(self.tick)

    def show_value(self, value: Any) -> None:
        self.tick.setChecked(bool(value))

    def value(self) -> Any:
        return self.tick.isChecked()


class DayField(FormField):
    """A date."""

    def __init__(self, name: str, today: date) -> None:
        super().__init__()
        self.date = DateField(name, today)
        self.date.edited.connect(self.changed)
        column(self).addWidget(self.date)
        self.setFocusProxy(self.date)

    def show_value(self, value: Any) -> None:
        self.date.field.setText(value)

    def value(self) -> Any:
        return self.date.text()

    def lock(self) -> None:
        self.date.set_read_only(True)


class TagField(LineField):
    """A tag, found by any part of its name; below it what that is."""

    def __init__(self, context: Context, name: str, tags: QStringListModel) -> None:
        super().__init__(name)
        self._context = context
        completer = QCompleter(tags, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setProperty("kind", "popup")
        completer.setPopup(popup)
        self.field.setCompleter(completer)
        self._meaning = label(role="small")
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(4)
        layout.addWidget(self._meaning)
        self.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        tag = self._context.tag(self.value())
        set_text(self._meaning, "" if tag is None else tag.description)
        self._meaning.setVisible(bool(self._meaning.text()))


class FormulaField(LineField):
    """A formula; below it how an operator would say it."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(name)
        self._context = context
        self._meaning = wrapped(role="small")
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(4)
        layout.addWidget(self._meaning)
        self.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        set_text(self._meaning, formula_words(self._context, self.value()))
        self._meaning.setVisible(bool(self._meaning.text()))
