"""Samples that a source remembered of a time in which it was out of reach. Any thread; never changed once made.

No kind of `Batch`: a batch ends in the live table, and these must never be present values.
"""

from dataclasses import dataclass

from plant_models.batch import Batch


@dataclass(frozen=True, slots=True)
class Recovered:
    """Read values of the past; `batch` has values and qualities, and source times that lie in [since_us, until_us].

    The values of the tags were marked bad at `marked_us`, and were live again at `until_us`. From `unbroken_us` on the
    source remembered all that happened, so that a value holds until the next of its tag; before, silence may mean that
    nobody was looking. All in µs UTC.
    """

    batch: Batch
    since_us: int
    marked_us: int
    until_us: int
    unbroken_us: int

    def __len__(self) -> int:
        return len(self.batch)
