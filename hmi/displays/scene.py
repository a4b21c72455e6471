"""The items of one layout, and which of them a change of the live table concerns. GUI thread."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np

from hmi.displays.items.bar import BarItem
from hmi.displays.items.base import DisplayItem
from hmi.displays.items.chart import ChartItem
from hmi.displays.items.flow import FlowItem
from hmi.displays.items.node import NodeItem
from hmi.displays.items.plain import CardItem, LinkItem, PipeItem, TextItem
from hmi.displays.items.sparkline import SparklineItem
from hmi.displays.items.state import StateItem
from hmi.displays.items.symbol import SymbolItem
from hmi.displays.items.tile import TileItem
from hmi.displays.items.value import ValueItem
from hmi.live import Live
from hmi.looking import Looking
from plant_models.display import Layout

KINDS: Final[Mapping[str, type[DisplayItem]]] = {
    "card": CardItem,
    "text": TextItem,
    "pipe": PipeItem,
    "symbol": SymbolItem,
    "state": StateItem,
    "value": ValueItem,
    "bar": BarItem,
    "sparkline": SparklineItem,
    "chart": ChartItem,
    "link": LinkItem,
    "tile": TileItem,
    "node": NodeItem,
    "flow": FlowItem,
}


class Scene:
    """Asks the table once per frame what changed, for the rows on screen only."""

    def __init__(self, layout: Layout, live: Live) -> None:
        self.layout = layout
        self._live = live
        self._table = live.station.table
        self._sequence = self._table.sequence
        self._is_evaluated = live.is_evaluated
        self.items = tuple(KINDS[item.kind](item, live) for item in layout.items)
        self._give_tab_stops()
        self.live_items = tuple(item for item in self.items if item.is_live)
        self.pasts = tuple(item for item in self.items if item.span_us)
        shown: defaultdict[int, list[DisplayItem]] = defaultdict(list)
        for item in self.items:
            for row in item.rows:
                shown[row].append(item)
        self._shown = dict(shown)
        self._rows = np.array(sorted(shown), dtype=np.intp)
        self.looking = Looking(live.station)

    def _give_tab_stops(self) -> None:
        """Let the keyboard reach equipment that has no symbol here: the first item that shows it is the stop."""
        reached = {item.opens for item in self.items if item.is_tab_stop}
        for item in self.items:
            if item.opens and item.opens not in reached:
                item.is_tab_stop = True
                reached.add(item.opens)

    def past_tags(self, span_us: int) -> tuple[str, ...]:
        """Return the tags whose past over `span_us` is shown, each once."""
        items = (item for item in self.pasts if item.span_us == span_us)
        return tuple(dict.fromkeys(tag for item in items for tag in item.past_tags))

    def refresh(self) -> list[DisplayItem]:
        """Return the items that must be drawn again, each once, in drawing order."""
        self.looking.at(self._rows)
        sequence, is_evaluated = self._table.sequence, self._live.is_evaluated
        if is_evaluated != self._is_evaluated:
            concerned = set(self.items)
        else:
            rows = self._table.changed_since(self._sequence, self._rows)
            concerned = {item for row in rows.tolist() for item in self._shown[row]}
        self._sequence, self._is_evaluated = sequence, is_evaluated
        return [item for item in self.items if item in concerned and item.refresh()]
