"""When the sources of tags were last heard of, those of formulas included. Station thread.

The table works a formula out only when an input changed, and stamps it then. That its inputs were read again and stayed
the same shows in their times alone.
"""

from collections.abc import Sequence

import numpy as np

from plant_models.batch import TagIndices, Times
from plant_models.calculation import CalculationOrder
from plant_models.tag import Tag


class Heard:
    """The sources of all formulas among `tags`, side by side."""

    def __init__(self, tags: Sequence[Tag], order: CalculationOrder) -> None:
        sources = {row: order.sources(np.array([row])) for row, tag in enumerate(tags) if tag.is_calculated}
        needing = [row for row, each in sources.items() if len(each)]
        self._place = np.full(len(tags), -1, np.intp)  # of formulas that need tags, in the segments
        self._place[needing] = np.arange(len(needing))
        self._is_constant = np.zeros(len(tags), np.bool_)
        self._is_constant[[row for row, each in sources.items() if not len(each)]] = True
        self._sources = np.concatenate([np.empty(0, np.intp), *(sources[row] for row in needing)])
        lengths = np.array([len(sources[row]) for row in needing], np.intp)
        self._begins = np.cumsum(lengths) - lengths

    def of(self, rows: TagIndices, received_ns: Times, now_ns: int) -> Times:
        """Return the time for each of `rows`, ns monotonic, 0 for never; `received_ns` is the table's column.

        That of a formula is the one of its oldest input; a formula without tags is heard of now.
        """
        heard = received_ns[rows]
        places = self._place[rows]
        is_formula = places >= 0
        if is_formula.any():
            oldest = np.minimum.reduceat(received_ns[self._sources], self._begins)
            heard[is_formula] = oldest[places[is_formula]]
        heard[self._is_constant[rows]] = now_ns
        return heard
