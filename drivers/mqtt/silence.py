"""How long each topic has been silent: beyond its greatest age its values are uncertain, beyond three times that bad.

The tag table ages values by scan class as well; whichever comes first counts. Runs on the thread of the connection.
"""

from collections.abc import Iterator

import numpy as np

from drivers.mqtt.plan import Plan
from plant_models.batch import TagIndices
from plant_models.quality import Quality, bad_mask

BAD_AFTER = 3
"""Times the greatest age."""


class Silence:
    """When each topic was last heard, and what its tags' values were worth then."""

    def __init__(self, plan: Plan) -> None:
        self._points = [np.array([point.place for point in topic.points], np.intp) for topic in plan.topics.values()]
        self._topic_of = np.zeros(len(plan.points), np.intp)
        for number, places in enumerate(self._points):
            self._topic_of[places] = number
        self._rows = np.array([point.row for point in plan.points], np.intp)
        self._max_age_ns = np.array([topic.max_age_ns for topic in plan.topics.values()], np.int64)
        self._heard_ns = np.zeros(len(self._points), np.int64)
        self._stage = np.full(len(self._points), BAD_AFTER, np.int64)
        self._qualities = np.zeros(len(plan.points), np.uint16)

    def forget(self) -> None:
        """Expect nothing: the connection is gone, and its values are marked."""
        self._stage[:] = BAD_AFTER

    def note(self, places: TagIndices, qualities: np.ndarray, received_ns: np.ndarray) -> None:
        """Note that samples came, in order."""
        topics = self._topic_of[places]
        self._heard_ns[topics] = received_ns
        self._stage[topics] = 0
        self._qualities[places] = qualities

    def due(self, now_ns: int) -> Iterator[tuple[TagIndices, Quality]]:
        """Yield the rows that have just become uncertain or bad, and what they are now."""
        age_ns = now_ns - self._heard_ns
        for stage, quality, limit in (
            (1, Quality.UNCERTAIN_LAST_USABLE, self._max_age_ns),
            (BAD_AFTER, Quality.BAD_TIMEOUT, BAD_AFTER * self._max_age_ns),
        ):
            late = np.flatnonzero((self._stage < stage) & (age_ns > limit))
            if not len(late):
                continue
            self._stage[late] = stage
            places = np.concatenate([self._points[number] for number in late.tolist()])
            rows = self._rows[places[~bad_mask(self._qualities[places])]]
            if len(rows):
                yield rows, quality
