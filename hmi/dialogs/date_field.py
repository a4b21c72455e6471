"""A line for a date, with a calendar to pick it from. GUI thread."""

from datetime import date
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QToolButton, QWidget, QWidgetAction

from hmi.i18n import tr
from hmi.theme.icons import icon
from hmi.theme.theme import theme
from hmi.widgets import button, row, set_property

_WIDTH: Final = 128
_CALENDAR: Final = (320, 260)
_WEEKEND: Final = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)


class DateField(QWidget):
    """Holds a date as 2026-11-29, or nothing; `edited` is emitted with every change."""

    edited = Signal()

    def __init__(self, name: str, today: date) -> None:
        super().__init__()
        self._today = today
        self.field = QLineEdit()
        self.field.setFixedWidth(_WIDTH)
        self.field.setMaxLength(10)
        self.field.setPlaceholderText(tr("YYYY-MM-DD"))
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self._on_text)
        self.pick = button(icon_name="calendar")
        self.pick.setFixedWidth(40)
        self.pick.setToolTip(tr("Pick the day from a calendar"))
        self.pick.setAccessibleName(tr("Pick the day from a calendar"))
        self.pick.clicked.connect(self._open)
        layout = row(self, spacing=4)
        layout.addWidget(self.field)
        layout.addWidget(self.pick)
        layout.addStretch(1)
        self.setFocusProxy(self.field)

    @property
    def day(self) -> date | None:
        """The date that stands there, None if none does."""
        return day_of(self.field.text())

    def text(self) -> str:
        """Return what stands there, a date or not."""
        return self.field.text().strip()

    def show_day(self, day: date | None) -> None:
        """Put a date into the field."""
        self.field.setText("" if day is None else f"{day:%Y-%m-%d}")

    def set_read_only(self, is_read_only: bool) -> None:
        """Let the date be read only."""
        self.field.setReadOnly(is_read_only)
        self.pick.setVisible(not is_read_only)

    def _on_text(self) -> None:
        set_property(self.field, "state", "invalid" if self.text() and self.day is None else "")
        self.edited.emit()

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = QWidgetAction(menu)
        calendar = make_calendar(self.day or self._today)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def take(picked: QDate) -> None:
            self.show_day(date(picked.year(), picked.month(), picked.day()))
            menu.close()

        calendar.activated.connect(take)
        calendar.clicked.connect(take)
        menu.popup(self.pick.mapToGlobal(self.pick.rect().bottomLeft()))
        calendar.setFocus(Qt.FocusReason.PopupFocusReason)


def make_calendar(day: date) -> QCalendarWidget:
    """Return a calendar in the colours of the theme, whose weekends are no alarm."""
    made = QCalendarWidget()
    made.setFixedSize(*_CALENDAR)
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    for name, sign in (("prev", "back"), ("next", "forward")):
        arrow = made.findChild(QToolButton, f"qt_calendar_{name}month")
        if arrow is not None:
            arrow.setIcon(icon(sign, role="text"))
    made.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    made.setSelectedDate(QDate(day.year, day.month, day.day))
    plain, head = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(theme().color("text"))
    head.setForeground(theme().color("text2"))
    head.setBackground(theme().color("raised"))
    for each in _WEEKEND:
        made.setWeekdayTextFormat(each, plain)
    made.setHeaderTextFormat(head)
    return made


def day_of(text: str) -> date | None:
    """Return the day that is typed as 2026-11-29, None for everything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
