"""That a person gave a tag a value of their own, or took it back, as the audit has it. Immutable, any thread."""

from collections.abc import Callable
from dataclasses import dataclass

Position = tuple[int, int]
"""Epoch and number of a row of the audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualChange:
    """A row of the audit; `value` is in the unit of the tag, None if the device's word counts again from `at_us`."""

    station: str
    epoch: int
    seq: int
    tag: str
    at_us: int
    value: float | None
    unit: str
    user: str
    reason: str


ManualChanges = Callable[[Position], tuple[list[ManualChange], Position]]
"""Returns the changes after a position, in order, and up to where that is. Raises DatabaseError if it can't be read."""
