"""Tells the station which tags are on screen, so that it reads those of leased scan classes often. GUI thread."""

from typing import Final

from plant_models.batch import TagIndices
from station.protocol import Station

TICKS: Final = 30
"""Between two words about the same tags: 3 s."""


class Looking:
    """One part of the screen, which says at every tick at which rows it looks."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._ticks_left = 0

    def begin(self) -> None:
        """Say it at the next tick: the part has just been shown, or shows other tags."""
        self._ticks_left = 0

    def at(self, rows: TagIndices) -> None:
        """Look at rows during this tick."""
        if self._ticks_left <= 0:
            self._ticks_left = TICKS
            self._station.lease(rows)
        self._ticks_left -= 1
