"""One device in the list: state, name, figures; choosing it shows its details. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from drivers.health import DeviceHealth, LinkState
from hmi.alarms.glyph import Glyph, draw_glyph
from hmi.context import Context
from hmi.devices.certificate_words import mark_word
from hmi.devices.words import ICONS, Growth, milliseconds, waits_for_device
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.shell.health import insecure_word, link_word, protocol_name
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

HEIGHT: Final = 44
ICON: Final = 44
STATE: Final = 116
ROUND_TRIP: Final = 82
ERRORS: Final = 58
TAGS: Final = 52
PROTOCOL: Final = 100
NARROW: Final = 620
PADDING: Final = 16
LOCK: Final = 26
_NAME: Final = TextStyle(15, 600)
_SMALL: Final = TextStyle(13, role="text2")
_CONDENSED: Final = TextStyle(13, role="text2", condensed=True)
_PLAIN: Final = TextStyle(15)
_NUMBER: Final = TextStyle(15, align="right")


def columns(width: float) -> dict[str, tuple[float, float]]:
    """Return left edge and width of each column of a list so wide; a narrow one leaves some out."""
    taken = ("state", STATE), ("round_trip", ROUND_TRIP), ("errors", ERRORS)
    if width >= NARROW:
        taken = (("protocol", PROTOCOL), *taken, ("tags", TAGS))
    places = {"name": (float(ICON), width - ICON - PADDING - sum(each for _, each in taken))}
    left = sum(places["name"])
    for name, room in taken:
        places[name] = (left, float(room))
        left += room
    return places


class DeviceRow(QAbstractButton):
    """44 px high; the chosen one is marked. A communication alarm stands in place of the icon.

    `skipped` scans found no time of late because we wait for the device: then it is slow.
    """

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self.device = context.plant.devices[name]
        self._tags = sum(tag.device == name for tag in context.plant.tags)
        self._health: DeviceHealth | None = None
        self._glyph: Glyph | None = None
        self._is_lit = True
        self._clock = context.clock
        self._overruns = Growth()
        self.skipped = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(360, HEIGHT)

    def show_health(self, health: DeviceHealth, glyph: Glyph | None, is_lit: bool) -> None:
        """Show how the device is doing now, and its communication alarm."""
        shown = (self._health, self._glyph, self._is_lit, self.skipped)
        skipped = self._overruns.see(self._clock.mono_ns(), health.overruns)
        self.skipped = skipped if waits_for_device(health) else 0
        self._health, self._glyph, self._is_lit = health, glyph, is_lit or glyph is None
        if shown != (self._health, self._glyph, self._is_lit, self.skipped):
            mark = self._mark_word(health)
            spoken = (self.device.name, self.device.description, self._state_word(health), insecure_word(health), mark)
            self.setText(", ".join(each for each in spoken if each))
            told = (self.device.description, insecure_word(health), mark, tr(health.warning))
            self.setToolTip(". ".join(each for each in told if each))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            if self.isChecked() or self.underMouse():
                painter.fillRect(self.rect(), theme().color("selection" if self.isChecked() else "hover"))
            painter.setPen(QPen(theme().color("line"), 1))
            bottom = self.height() - 0.5
            painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))
            if self._health is not None:
                self._paint_sign(painter, self._health)
                self._paint_words(painter, self._health)

    def _paint_sign(self, painter: QPainter, health: DeviceHealth) -> None:
        middle = QPointF(ICON / 2, self.height() / 2)
        if self._glyph is not None:
            draw_glyph(painter, QRectF(middle.x() - 16, middle.y() - 16, 32, 32), self._glyph, self._is_lit)
        else:
            box = QRectF(middle.x() - 9, middle.y() - 9, 18, 18)
            icon = "clock" if self.skipped else ICONS[health.state]
            draw_icon(painter, icon, box, theme().color("text2"))

    def _mark_word(self, health: DeviceHealth) -> str:
        return mark_word(health, self._clock.wall_us())

    def _state_word(self, health: DeviceHealth) -> str:
        return tr("Slow") if self.skipped else link_word(health.state)

    def _paint_words(self, painter: QPainter, health: DeviceHealth) -> None:
        is_connected = health.state is LinkState.CONNECTED
        is_quiet = is_connected or health.state is LinkState.DISABLED
        state = TextStyle(15, 400 if is_quiet and not self.skipped else 600)
        texts = {
            "protocol": (protocol_name(self.device.protocol), _PLAIN),
            "state": (self._state_word(health), state),
            "round_trip": (milliseconds(health.round_trip_p50_ms if is_connected else None), _NUMBER),
            "errors": (number_text(health.errors + health.timeouts, 0), _NUMBER),
            "tags": (number_text(self._tags, 0), _NUMBER),
        }
        places = columns(self.width())
        left, width = places.pop("name")
        for icon in (*(["lock_open"] if health.is_insecure else []), *(["warning"] if self._mark_word(health) else [])):
            width -= LOCK
            box = QRectF(left + width, (HEIGHT - 18) / 2, 18, 18)
            draw_icon(painter, icon, box, theme().color("text2"))
        if self.device.description:
            draw_text(painter, QRectF(left, 4, width - 8, 20), self.device.name, _NAME)
            small = _SMALL if text_width(self.device.description, _SMALL) <= width - 8 else _CONDENSED
            draw_text(painter, QRectF(left, 23, width - 8, 17), self.device.description, small)
        else:
            draw_text(painter, QRectF(left, 0, width - 8, HEIGHT), self.device.name, _NAME)
        for name, (start, room) in places.items():
            draw_text(painter, QRectF(start, 0, room, HEIGHT - 1), *texts[name])
