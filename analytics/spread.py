"""Where a tag mostly is, in what an alarm compares with its limit. Pure, any thread."""

import numpy as np

from analytics.judging import Judged
from plant_models.batch import Values

_OF_A_PAGE = 10_000
"""Samples of a page that are kept, evenly spread."""


class SpreadCollector:
    """Gathers excesses over the limit, page after page."""

    def __init__(self) -> None:
        self._parts: list[Values] = []

    def add(self, judged: Judged) -> None:
        """Take the next page."""
        over = np.broadcast_to(judged.excess - judged.raise_above, judged.excess.shape)[judged.is_usable]
        self._parts.append(over[:: max(len(over) // _OF_A_PAGE, 1)])

    def finish(self) -> Values:
        """Return how far over the limit samples were, below 0 within it, in rising order."""
        return np.sort(np.concatenate([np.empty(0), *self._parts]))
