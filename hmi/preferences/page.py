"""The page of preferences: theme, language, the sound of alarms, units. Each choice holds at once. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hmi.context import Context
from hmi.i18n import tr
from hmi.preferences.card import add_note, add_row, make_card
from hmi.preferences.language_list import LanguageList
from hmi.preferences.segment import Choice, Segment
from hmi.preferences.sound_card import SoundCard
from hmi.theme.theme import theme
from hmi.units.quantities import QUANTITIES, Quantity
from hmi.widgets import column, set_text, wrapped

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_CARD: Final = 1000


class PreferencesPage(QScrollArea):
    """Cards for the look, the sound of alarms and the units; below them where all of it is kept, or why it isn't."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._preferences = context, context.preferences
        self.theme = Segment(tr("Theme"), (("light", tr("Light")), ("dark", tr("Dark"))))
        self.language = LanguageList(self._preferences.chosen.language)
        self.units = {each.name: Segment(tr(each.title), _unit_choices(each)) for each in QUANTITIES}
        self.sound = SoundCard(context)
        self._foot = wrapped(role="text2")
        content = QWidget()
        layout = self._layout = column(content, spacing=16, margin=_MARGIN)
        for card in (self._look_card(), self.sound, self._units_card(), self._foot):
            card.setMaximumWidth(_CARD)
            layout.addWidget(card)
        layout.addStretch(1)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self._connect()
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margin = _MARGIN if event.size().width() >= _WIDE else _COMPACT_MARGIN
        self._layout.setContentsMargins(margin, margin, margin, margin)

    def refresh(self) -> None:
        """Show what is chosen now."""
        chosen = self._preferences.chosen
        self.theme.show_choice(theme().name)
        for name, segment in self.units.items():
            segment.show_choice(chosen.units.get(name, ""))
        kept = tr("Kept for you on this computer, whichever plant you open.")
        problem = self._preferences.problem
        lost = tr("These choices hold until the window is closed. They can't be kept: {reason}")
        set_text(self._foot, lost.format(reason=problem) if problem else kept)

    def _connect(self) -> None:
        preferences = self._preferences
        self.theme.chosen.connect(preferences.choose_theme)
        self.language.chosen.connect(preferences.choose_language)
        for name, segment in self.units.items():
            segment.chosen.connect(lambda unit, name=name: preferences.choose_unit(name, unit))
        preferences.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)

    def _look_card(self) -> QFrame:
        card, grid = make_card(tr("Look and language"))
        add_row(grid, tr("Theme"), self.theme, "")
        add_row(grid, tr("Language"), self.language, tr("Takes effect at the next start."))
        return card

    def _units_card(self) -> QFrame:
        card, grid = make_card(tr("Units on screen"))
        tags = self._context.plant.tags
        for each in QUANTITIES:
            used = sorted({tag.unit for tag in tags if tag.unit and each.unit(tag.unit) is not None})
            words = tr("In this plant: {units}").format(units=", ".join(used)) if used else tr("Not in this plant")
            add_row(grid, tr(each.title), self.units[each.name], words)
        note = tr(
            "Everything else, concentrations among it, is shown as in the plant. Commands, alarms, records and devices "
            "always work in the plant's units; only what you see and type changes."
        )
        add_note(grid, note)
        return card


def _unit_choices(quantity: Quantity) -> Sequence[Choice]:
    return ("", tr("As in the plant")), *((unit.name, unit.name) for unit in quantity.units if unit.is_offered)
