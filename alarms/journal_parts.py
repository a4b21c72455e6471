"""What each of the two chains gives of a page of the journal, and how long it may take. Any worker."""

from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from alarms.journal_query import JournalRow
from plant_models.clock import Clock

MOST_COUNTED: Final = 100_000
"""Rows that patience suffices to count, however quick that is."""
_S_NS: Final = 1_000_000_000
P = TypeVar("P")
"""A place in a chain: what stands at it and before it is older."""


@dataclass(frozen=True, slots=True)
class Part(Generic[P]):
    """Rows in the direction of the search, and for each the cut behind it.

    `reached` is the cut behind the last row that was looked at, `reached_us` when that was written; `is_end` says that
    nothing follows.
    """

    rows: tuple[JournalRow, ...]
    cuts: tuple[P, ...]
    reached: P
    reached_us: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows match, or at least match."""

    rows: int
    is_whole: bool = True


class Patience:
    """How long may be searched; without a time, as long as it takes."""

    def __init__(self, clock: Clock, seconds: float | None) -> None:
        self._clock = clock
        self._end_ns = None if seconds is None else clock.mono_ns() + int(seconds * _S_NS)

    @property
    def is_over(self) -> bool:
        return self._end_ns is not None and self._clock.mono_ns() >= self._end_ns

    def is_enough(self, counted: int) -> bool:
        """Tell whether so many need no more counting."""
        return self._end_ns is not None and counted > MOST_COUNTED


class Chain(Protocol[P]):
    """One question to one of the chains."""

    def newest(self) -> P:
        """Return the cut behind the newest row."""

    def before_time(self, at_us: int) -> P:
        """Return the cut behind the last row that was written before a time."""

    def older(self, cut: P, patience: Patience) -> Part[P]:
        """Return the newest rows that are older than a cut."""

    def newer(self, cut: P, patience: Patience) -> Part[P]:
        """Return the oldest rows that are newer than a cut."""

    def count(self, patience: Patience) -> Count:
        """Return how many rows match."""
