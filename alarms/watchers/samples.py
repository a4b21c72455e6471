"""A batch as those see it who judge several tags together, and what every tag brought last. Station thread."""

from functools import cached_property

import numpy as np

from alarms.verdicts import Flags, Indices, Times
from plant_models.batch import Values


class Samples:
    """n samples in order of arrival, columns of equal length; their places are 0 to n - 1.

    `is_told` (all if None) are those that say something: what only waits for its first value does not.
    """

    def __init__(
        self,
        tags: Indices,
        values: Values,
        is_usable: Flags,
        at_us: Times,
        received_ns: Times,
        is_told: Flags | None = None,
    ) -> None:
        self.tags = tags
        self.is_told = np.ones(len(tags), np.bool_) if is_told is None else is_told
        self.values = values
        self.is_usable = is_usable
        self.at_us = at_us
        self.received_ns = received_ns

    def __len__(self) -> int:
        return len(self.tags)

    def newest(self, tags: Indices, places: Indices) -> Indices:
        """Return the place of the newest sample of each tag up to a place, that included; -1 if there is none."""
        order, keys = self._by_tag
        found = np.searchsorted(keys, tags * len(self) + places, "right") - 1
        is_there = (found >= 0) & (keys[found] // len(self) == tags)
        return np.where(is_there, order[found], -1)

    @cached_property
    def before(self) -> Indices:
        """For each sample the place of the one before of the same tag, -1 if it is the first; shape (n,)."""
        order, _ = self._by_tag
        before = np.full(len(self), -1, np.intp)
        is_again = self.tags[order[1:]] == self.tags[order[:-1]]
        before[order[1:][is_again]] = order[:-1][is_again]
        return before

    @cached_property
    def _by_tag(self) -> tuple[Indices, Indices]:
        order = np.argsort(self.tags, kind="stable")
        return order, self.tags[order] * len(self) + order


class Latest:
    """What each of `n_tags` tags brought last: value, whether conditions may be judged by it, when it was received.

    `is_told`: whether there was a sample at all, if only a bad one, since somebody last began to wait for it. Row -1
    stands for no tag and may be asked for; nothing was ever heard of it.
    """

    def __init__(self, n_tags: int) -> None:
        self.values = np.full(n_tags + 1, np.nan)
        self.is_usable = np.zeros(n_tags + 1, np.bool_)
        self.received_ns = np.zeros(n_tags + 1, np.int64)
        self.is_told = np.zeros(n_tags + 1, np.bool_)

    def take(self, samples: Samples) -> Indices:
        """Keep the newest sample of each tag; return the tags that froze or thawed."""
        tags = samples.tags
        was_usable = self.is_usable[tags]
        self.values[tags] = samples.values  # of several samples of a tag numpy keeps the last
        self.is_usable[tags] = samples.is_usable
        self.received_ns[tags] = samples.received_ns
        self.is_told[tags] = samples.is_told
        return np.unique(tags[self.is_usable[tags] != was_usable])
