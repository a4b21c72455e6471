"""What the alarms ask of an operator position now, once a second. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from alarms.kpi.figures import Verdict
from alarms.kpi.loads import PositionLoad
from hmi.alarm_kpis.ink import screen_ink
from hmi.alarm_kpis.marks import draw_verdict
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, clock_text, number_text
from hmi.widgets import ElidedLabel, column, label, row, set_text
from plant_models.alarm_philosophy import KpiTargets

_NAMED: Final = 3


class LiveCard(QFrame):
    """A tile for each figure; what is too much has a mark."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._context = context
        self.rate = Tile(tr("Last 10 min"))
        self.flood = Tile(tr("Flood"))
        self.hour = Tile(tr("Last hour"))
        self.today = Tile(tr("Today"))
        self.standing = Tile(tr("Standing"))
        self.stale = Tile(tr("Stale"))
        self.chattering = Tile(tr("Chattering"))
        self.aside = Tile(tr("Aside"))
        self._tiles = (
            self.rate, self.flood, self.hour, self.today, self.standing, self.stale, self.chattering, self.aside,
        )  # fmt: skip
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(20, 14, 20, 14)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._columns = 0
        self.arrange(is_wide=False)

    def arrange(self, is_wide: bool) -> None:
        """Put the tiles in one row, or in two where room is short."""
        columns = len(self._tiles) if is_wide else len(self._tiles) // 2
        if columns != self._columns:
            self._columns = columns
            for at, tile in enumerate(self._tiles):
                self._grid.addWidget(tile, at // columns, at % columns)
            for at in range(len(self._tiles)):
                self._grid.setColumnStretch(at, int(at < columns))

    def show_load(self, load: PositionLoad | None, is_evaluated: bool) -> None:
        """Show a load; while the alarms aren't evaluated, or without one, nothing is known."""
        if load is None or not is_evaluated:
            for tile in self._tiles:
                tile.say(DASH, "", Verdict.UNKNOWN)
            return
        targets = self._context.plant.philosophy.targets
        self.rate.say(number_text(load.last_10_min, 0), tr("annunciated"), _rate(load, targets))
        since = load.flood_since_us
        self.flood.say(
            tr("No") if since is None else tr("Yes"),
            "" if since is None else tr("since {time}").format(time=clock_text(since, self._context.zone)),
            Verdict.GOOD if since is None else Verdict.ACTION,
        )
        self.hour.say(number_text(load.last_hour, 0), tr("annunciated"), _hour(load, targets))
        self.today.say(number_text(load.today, 0), tr("annunciated"), _today(load, targets))
        self.standing.say(number_text(load.standing, 0), tr("active"), None)
        is_stale = len(load.stale) >= targets.stale_max
        self.stale.say(number_text(len(load.stale), 0), _names(load.stale), _bad_if(is_stale))
        self.chattering.say(number_text(len(load.chattering), 0), _names(load.chattering), _bad_if(load.chattering))
        self.aside.say(number_text(load.aside, 0), tr("shelved, suppressed"), None)


class Tile(QWidget):
    """A name, a number with its mark, and a few words below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.number, self.words = label(role="title"), ElidedLabel(role="small")
        self.mark = _Mark()
        layout = column(self, spacing=2)
        layout.addWidget(label(name, "text2"))
        line = row(spacing=6)
        line.addWidget(self.number)
        line.addWidget(self.mark)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addWidget(self.words)

    def say(self, number: str, words: str, verdict: Verdict | None) -> None:
        """Show a number; a good one, and one that is not judged, has no mark."""
        set_text(self.number, number)
        set_text(self.words, words)
        self.mark.show_verdict(None if verdict is Verdict.GOOD else verdict)
        self.setAccessibleName(f"{self._name}: {number} {words}".strip())


class _Mark(QWidget):
    """The mark of a verdict; it keeps its place when it shows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict: Verdict | None = None
        self.setFixedSize(20, 20)

    def show_verdict(self, verdict: Verdict | None) -> None:
        if verdict is not self.verdict:
            self.verdict = verdict
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.verdict is not None:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw_verdict(painter, screen_ink(), QRectF(self.rect()), self.verdict)


def _rate(load: PositionLoad, targets: KpiTargets) -> Verdict:
    return _bad_if(load.is_flood or load.last_10_min > targets.flood_begins)


def _hour(load: PositionLoad, targets: KpiTargets) -> Verdict:
    if load.last_hour > targets.busy_hour:
        return Verdict.ACTION
    return Verdict.GOOD if load.last_hour <= 6 * targets.per_10_min_max else Verdict.MANAGEABLE


def _today(load: PositionLoad, targets: KpiTargets) -> Verdict:
    if load.today > targets.per_day_max:
        return Verdict.ACTION
    return Verdict.GOOD if load.today <= targets.per_day else Verdict.MANAGEABLE


def _bad_if(is_bad: object) -> Verdict:
    return Verdict.ACTION if is_bad else Verdict.GOOD


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
