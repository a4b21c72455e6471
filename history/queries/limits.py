"""How much a question may ask, and how an answer learns that nobody waits for it any more. Any thread."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final

MAX_TAGS: Final = 1_000
MAX_INTERVALS: Final = 20_000
MAX_RESULTS: Final = 1_000_000
"""Rows or results of an answer, of all its tags together."""
MAX_SAMPLES: Final = 10_000_000
"""Of one interval whose samples are needed: some hundred MB."""
LONGEST_US: Final = 32 * 86_400_000_000
"""An interval is no longer than this."""
LATEST_US: Final = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""No question goes beyond it: calendars end soon afterwards."""


class AbandonedError(Exception):
    """Nobody waits for the answer any more, so the rest of it isn't worked out."""


class Patience:
    """Says between two steps of an answer whether anybody still waits for it."""

    def __init__(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self._is_wanted = is_wanted

    def check(self) -> None:
        """Go on only while the answer is wanted.

        Raises:
            AbandonedError: it isn't any more.
        """
        if not self._is_wanted():
            raise AbandonedError


PATIENT: Final = Patience()
"""Waits until the answer is there."""


def check_span(start_us: int, end_us: int) -> None:
    """Refuse a time that is empty or lies beyond the calendar.

    Raises:
        ValueError: it does.
    """
    if not 0 <= start_us < end_us <= LATEST_US:
        raise ValueError(f"history from {start_us} to {end_us} µs; ask for a time of 1970 to 9000 whose end is later")


def check_size(tags: Collection[str], results_of_each: int) -> None:
    """Refuse what has too many tags or results.

    Raises:
        ValueError: it has.
    """
    if len(tags) > MAX_TAGS:
        raise ValueError(f"{len(tags)} tags; ask for {MAX_TAGS} at most in one question")
    if len(tags) * results_of_each > MAX_RESULTS:
        raise ValueError(
            f"{len(tags)} tags of {results_of_each} results each; ask for {MAX_RESULTS} at most in one question"
        )
