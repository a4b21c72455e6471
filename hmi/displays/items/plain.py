"""Items without live values: cards, texts, pipes, links. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.card import draw_card
from hmi.drawing.pipe import draw_pipe
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.live import Live
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from plant_models.display import Item
from plant_models.display_options import CardOptions, LinkOptions, PipeOptions, TextOptions

_CHEVRON: Final = 20.0
_GAP: Final = 2.0


class CardItem(DisplayItem):
    """A card with a title."""

    is_live = False

    def draw_static(self, painter: QPainter) -> None:
        draw_card(painter, self.box, CardOptions.of(self.item).title)


class TextItem(DisplayItem):
    """One line of text, the plant's own words."""

    is_live = False

    def draw_static(self, painter: QPainter) -> None:
        options = TextOptions.of(self.item)
        style = TextStyle(options.size, options.weight, options.role, options.align, options.condensed)
        draw_text(painter, self.box, options.text, style)


class PipeItem(DisplayItem):
    """A pipe or signal line through the item's points."""

    is_live = False

    def draw_static(self, painter: QPainter) -> None:
        points = [QPointF(x, y) for x, y in self.item.points]
        options = PipeOptions.of(self.item)
        draw_pipe(painter, points, options.weight, options.arrow)


class LinkItem(DisplayItem):
    """A way to another display: its title and a chevron, before it if the way leads back."""

    is_live = False
    is_link = True
    is_tab_stop = True

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._options = LinkOptions.of(item)
        self.opens = self._options.display
        known = live.station.plant.displays.get(self.opens)
        self._text = self._options.text or (known.title if known else self.opens)

    def draw_static(self, painter: QPainter) -> None:
        style = TextStyle(self._options.size, self._options.weight)
        if self._options.back:
            draw_text(painter, self.box.adjusted(_CHEVRON + _GAP, 0, 0, 0), self._text, style)
            self._draw_chevron(painter, "back", self.box.left())
        else:
            draw_text(painter, self.box.adjusted(0, 0, -_CHEVRON, 0), self._text, style)
            room = self.box.width() - _CHEVRON
            self._draw_chevron(painter, "chevron", self.box.left() + min(room, text_width(self._text, style) + _GAP))

    def accessible_text(self) -> str:
        return self._text

    def _draw_chevron(self, painter: QPainter, name: str, left: float) -> None:
        rect = QRectF(left, self.box.center().y() - _CHEVRON / 2, _CHEVRON, _CHEVRON)
        draw_icon(painter, name, rect, theme().color("text2"))
