"""Garbage is looked for in the GUI thread and nowhere else.

Python looks for it in whatever thread happens to make an object. What it finds may be a widget; destroying one in
another thread while the GUI thread makes one locks both for good: the first has Qt's mutex and waits for Python, the
second has Python and waits for the mutex.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject

from hmi.ticker import Ticker


@contextmanager
def collected_here(ticker: Ticker) -> Iterator[None]:
    """Look for garbage at ticks only, as long as the block lasts. GUI thread."""
    was_enabled, collector = gc.isenabled(), _Collector()
    gc.disable()
    ticker.tick.connect(collector.collect)
    try:
        yield
    finally:
        ticker.tick.disconnect(collector.collect)
        if was_enabled:
            gc.collect()
            gc.enable()


def collect_due() -> None:
    """Look for garbage as far as Python would have by now: the oldest generation whose turn it is."""
    counts, limits = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > limits[generation]:
            gc.collect(generation)
            return


class _Collector(QObject):
    """An object of the GUI thread, so that its slot runs there."""

    def collect(self) -> None:
        collect_due()
