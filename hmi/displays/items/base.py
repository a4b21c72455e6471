"""What every item of a display can do. GUI thread."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.displays.past import Past
from hmi.live import Live
from plant_models.display import Item


class DisplayItem:
    """One item, bound to the live table.

    `rect` bounds whatever it draws live, in layout units; `rows` are the table rows that it shows. `opens` says what a
    click opens: the name of an equipment, or of a display if `is_link`. `is_tab_stop` is for the keyboard,
    `is_live` for what has anything to draw live. `span_us` is how long a past it shows, of `past_tags`; 0 for none.
    """

    is_live = True
    is_link = False
    is_tab_stop = False
    span_us = 0
    past_tags: tuple[str, ...] = ()

    def __init__(self, item: Item, live: Live) -> None:
        self.item = item
        self.live = live
        self.box = QRectF(*item.box)
        self.rect = QRectF(self.box)
        self.rows: tuple[int, ...] = ()
        self.opens = ""

    def refresh(self) -> bool:
        """Read the live values again; return whether what is drawn changes."""
        return False

    def show_past(self, past: Past) -> None:
        """Take what history says about `span_us`; the view brings it every few minutes."""

    def draw_static(self, painter: QPainter) -> None:
        """Draw what never changes, in layout units."""

    def draw(self, painter: QPainter) -> None:
        """Draw what is live, in layout units."""

    def accessible_text(self) -> str:
        """Return what a screen reader says: what it is, then what it shows."""
        return ", ".join(part for part in (self._name(), *self._spoken()) if part)

    def _spoken(self) -> tuple[str, ...]:
        """Return what the item shows, in words."""
        return ()

    def _name(self) -> str:
        equipment = self.live.station.plant.equipment.get(self.opens)
        return (equipment.description or equipment.name) if equipment else self.item.tag

    def _bind_tag(self) -> None:
        """Show the item's tag, and open the equipment it belongs to."""
        row = self.live.row(self.item.tag)
        if row is not None:
            self.rows = (row,)
            self.opens = self.live.station.table.tags[row].equipment
