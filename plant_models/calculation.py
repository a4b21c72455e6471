"""Which calculated tags must be worked out again, in which order, when some rows of the table changed.

Built once per plant; used by the station thread.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from plant_models.expression import Expression, parse_expression
from plant_models.tag import Tag


@dataclass(frozen=True, slots=True)
class Calculation:
    """One calculated tag: the row it fills and the rows it needs, in the order of the formula's inputs."""

    row: int
    expression: Expression
    inputs: NDArray[np.intp]


class CalculationOrder:
    """All calculated tags, each after those that it needs.

    Raises:
        ValueError: a formula can't be read, names an unknown tag, or formulas need each other in a circle.
    """

    def __init__(self, tags: Sequence[Tag], index: Mapping[str, int]) -> None:
        expressions = {tag.name: parse_expression(tag.expression) for tag in tags if tag.is_calculated}
        for name, expression in expressions.items():
            for needed in expression.inputs:
                if needed not in index:
                    raise ValueError(f"{name} is calculated from {needed}, which doesn't exist")
        needs = {name: [i for i in e.inputs if i in expressions] for name, e in expressions.items()}
        try:
            order = list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            raise ValueError(f"calculated from each other: {' -> '.join(error.args[1])}") from None
        self.steps = [
            Calculation(index[name], expressions[name], np.array([index[i] for i in expressions[name].inputs], np.intp))
            for name in order
        ]
        self.feeds = np.zeros(len(tags), np.bool_)
        """Which rows at least one formula needs, shape (number of tags,)."""
        self._inputs: dict[int, list[int]] = {step.row: step.inputs.tolist() for step in self.steps}
        self._users: dict[int, list[int]] = {}
        for position, step in enumerate(self.steps):
            self.feeds[step.inputs] = True
            for row in step.inputs.tolist():
                self._users.setdefault(row, []).append(position)

    def sources(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the rows from which `rows` come, each once: their own, or for a formula those that it needs."""
        found: set[int] = set()
        waiting = rows.tolist()
        while waiting:
            row = waiting.pop()
            if row in self._inputs:
                waiting += self._inputs[row]
            else:
                found.add(row)
        return np.array(sorted(found), np.intp)

    def users(self, row: int) -> Sequence[int]:
        """Return the positions in `steps` that need `row`."""
        return self._users.get(row, ())


class Agenda:
    """The steps still to be done in one pass, handed out in order, each at most once."""

    def __init__(self, order: CalculationOrder, rows: Iterable[int]) -> None:
        self._order = order
        self._known: set[int] = set()
        self._waiting: list[int] = []
        for row in rows:
            self.add_users(row)

    def add_users(self, row: int) -> None:
        """Put the formulas that need `row` on the agenda; they all come after the step that filled it."""
        for position in self._order.users(row):
            if position not in self._known:
                self._known.add(position)
                heapq.heappush(self._waiting, position)

    def __iter__(self) -> "Agenda":
        return self

    def __next__(self) -> Calculation:
        if not self._waiting:
            raise StopIteration
        return self._order.steps[heapq.heappop(self._waiting)]
