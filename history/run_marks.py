"""Which of the rows in each frame of this run are history's own. Recorder thread notes, the spool's keeper takes.

A frame doesn't say which of its rows are samples; when rows of it are lost, the account of samples needs to know. Of a
frame that loses some of its rows samples are counted first, so that a loss is never counted too small.
"""

import threading
from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that are no longer on the disk: samples of this run, marks of it, and rows of an earlier run."""

    samples: int
    marks: int
    earlier: int


class RunMarks:
    """Numbers of marks by frame, of the frames that this run has written to the present file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first = 1
        self._marks = array("I")

    def start_after(self, seq: int) -> None:
        """The next frame that this run writes has the number `seq` + 1."""
        with self._lock:
            self._first, self._marks = seq + 1, array("I")

    def note(self, first: int, last: int, marks: int) -> None:
        """Frames `first` to `last`, the newest, hold this many marks together."""
        with self._lock:
            self._marks.extend([0] * (last - first) + [marks])

    @property
    def first(self) -> int:
        """The first frame of this run."""
        return self._first

    @property
    def last(self) -> int:
        """The newest frame that was noted."""
        with self._lock:
            return self._first + len(self._marks) - 1

    def lose(self, frames: range, rows: int, lost: int) -> Loss:
        """Of some neighbouring frames, all of this run or none, with `rows` rows `lost` are gone; say what they were.

        The marks that are left count for the last of the frames.
        """
        with self._lock:
            if frames.start < self._first:
                return Loss(0, 0, lost)
            start, end = frames.start - self._first, frames.stop - self._first
            marks = sum(self._marks[start:end])
            samples = min(lost, max(rows - marks, 0))
            self._marks[start:end] = array("I", [0] * (end - start - 1) + [max(marks - (lost - samples), 0)])
            return Loss(samples, lost - samples, 0)
