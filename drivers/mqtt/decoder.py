"""Messages to samples: many messages, each with many values, become one batch. Runs on the thread of the connection.

A message that can't be read makes its tags Bad, and no others; a value that is missing from a message says nothing
about its tag.
"""

import logging
import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from drivers.counters import Counters
from drivers.mqtt.clocks import SenderClocks
from drivers.mqtt.contents import content_of, number_of, quality_of, resolve, time_us
from drivers.mqtt.inbox import Message
from drivers.mqtt.plan import Plan, Point, Topic
from plant_models.batch import Batch, samples
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.quality import SEVERITY_SHIFT, Quality
from plant_models.scaling import Scaling

_log = logging.getLogger(__name__)
CLOCK_TOLERANCE_NS: Final = 5_000_000_000
"""How wrong a sender's clock may be before its fresh messages count as old: the limit at which clocks are marked."""

Stamp = tuple[int, int, int]
"""Source time in µs UTC, received time in ns, and the quality that the message gives all its values."""


class Columns:
    """The samples of a drain, growing; `places` are positions in the plan."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.raws: list[float] = []
        self.qualities: list[int] = []
        self.source_us: list[int] = []
        self.received_ns: list[int] = []
        self.texts: dict[int, str] = {}
        self.retained: set[int] = set()

    def add(self, place: int, raw: float, quality: int, stamp: Stamp) -> None:
        self.places.append(place)
        self.raws.append(raw)
        self.qualities.append(quality)
        self.source_us.append(stamp[0])
        self.received_ns.append(stamp[1])


class Decoder:
    """Reads the messages of one device."""

    def __init__(self, plan: Plan, clock: Clock, counters: Counters) -> None:
        self._plan = plan
        self._clock = clock
        self._counters = counters
        self._rows = np.array([point.row for point in plan.points], np.intp)
        self._scaling = Scaling([point.tag for point in plan.points])
        self._missing: set[tuple[str, str]] = set()
        self._strange: set[str] = set()
        self.speaks_words: set[int] = set()
        self.clocks = SenderClocks()

    def decode(self, messages: Sequence[Message]) -> tuple[Columns, Batch | None]:
        """Return what messages say, as raw values and as one batch; None if they say nothing about any tag."""
        columns = Columns()
        now_ns = self._clock.mono_ns()
        now = self._clock.wall_us(), now_ns
        for arrived in messages:
            topic = self._plan.topics.get(arrived.topic)
            if topic is not None:
                self._read_alone(topic, arrived, now, columns)
        return columns, self._batch(columns) if columns.places else None

    def _read_alone(self, topic: Topic, arrived: Message, now: tuple[int, int], columns: Columns) -> None:
        """Read a message so that whatever is wrong with it concerns no other: anybody may have sent it."""
        arrived_us = now[0] - (now[1] - arrived.received_ns) // 1000
        try:
            if arrived.payload is None:
                raise ValueError("too long")
            self._read(topic, arrived, content_of(arrived.payload), arrived_us, columns)
            return
        except ValueError as error:
            cause = str(error)
        except Exception as error:  # noqa: BLE001 - the border: logged once a topic with its traceback, shown as bad
            cause = type(error).__name__
            if topic.name not in self._strange:
                self._strange.add(topic.name)
                _log.exception("a message of %s can't be read", topic.name)
        stamp = arrived_us, arrived.received_ns, int(Quality.BAD_DECODING_ERROR)
        for point in topic.points:
            columns.add(point.place, math.nan, stamp[2], stamp)
        self._counters.failed(message("A message of {topic} can't be read: {cause}", topic=topic.name, cause=cause))

    def _read(self, topic: Topic, arrived: Message, content: Any, arrived_us: int, columns: Columns) -> None:
        stamp = self._stamp(topic, arrived, content, arrived_us)
        if arrived.is_retained:
            columns.retained.update(point.place for point in topic.points)
        for point in topic.points:
            self._take(point, content, stamp, columns)

    def _take(self, point: Point, content: Any, stamp: Stamp, columns: Columns) -> None:
        try:
            value = resolve(content, point.pointer)
        except LookupError:
            self._miss(point.address.read.topic, "/" + "/".join(point.pointer))
            return
        if point.is_plain and (type(value) is float or type(value) is int):
            try:
                columns.add(point.place, float(value), stamp[2], stamp)
            except OverflowError:  # an integer of hundreds of digits
                columns.add(point.place, math.nan, Quality.BAD_OUT_OF_RANGE, stamp)
            return
        if value is None:
            columns.add(point.place, math.nan, Quality.BAD, stamp)
            return
        try:
            raw, text = number_of(value, point.tag)
        except (TypeError, ValueError, OverflowError):  # also a text with half a character
            columns.add(point.place, math.nan, Quality.BAD_TYPE_MISMATCH, stamp)
            return
        if text is not None:
            columns.texts[len(columns.places)] = text
        elif isinstance(value, str):
            self.speaks_words.add(point.place)
        else:
            self.speaks_words.discard(point.place)
        columns.add(point.place, raw, stamp[2], stamp)

    def _stamp(self, topic: Topic, arrived: Message, content: Any, arrived_us: int) -> Stamp:
        """Return times and quality of a message: what it says of itself, and how old it is."""
        source_us, received_ns = arrived_us, arrived.received_ns
        quality = int(Quality.GOOD)
        if topic.quality_pointer:
            quality = self._quality(topic, content)
        if topic.time_pointer:
            try:
                source_us = time_us(resolve(content, topic.time_pointer), topic.time_format)
            except (LookupError, ValueError, OverflowError):
                self._miss(topic.name, "/" + "/".join(topic.time_pointer))
                return source_us, received_ns, _worse(quality, Quality.UNCERTAIN_LAST_USABLE)
            age_ns = max(0, arrived_us - source_us) * 1000
            if arrived.is_retained:
                received_ns -= age_ns
            else:
                self.clocks.note(topic.name, source_us - arrived_us)
            if age_ns > topic.max_age_ns + (0 if arrived.is_retained else CLOCK_TOLERANCE_NS):
                quality = _worse(quality, Quality.UNCERTAIN_LAST_USABLE)
        elif arrived.is_retained:
            quality = _worse(quality, Quality.UNCERTAIN_LAST_USABLE)
        return source_us, received_ns, quality

    def _quality(self, topic: Topic, content: Any) -> int:
        try:
            return quality_of(resolve(content, topic.quality_pointer), topic.qualities)
        except LookupError:
            self._miss(topic.name, "/" + "/".join(topic.quality_pointer))
            return int(Quality.UNCERTAIN)

    def _miss(self, topic: str, pointer: str) -> None:
        """Tell once that messages don't hold what the plant folder expects there."""
        if (topic, pointer) not in self._missing:
            self._missing.add((topic, pointer))
            self._counters.failed(
                message("A message of {topic} holds nothing usable at {pointer}", topic=topic, pointer=pointer)
            )

    def _batch(self, columns: Columns) -> Batch:
        places = np.array(columns.places, np.intp)
        raws = np.array(columns.raws)
        given = np.array(columns.qualities, np.uint16)
        values, found = self._scaling.take(places).to_units(raws)
        qualities = np.where((given >> SEVERITY_SHIFT >= found >> SEVERITY_SHIFT) & (given != 0), given, found)
        texts = None
        if columns.texts:
            texts = [columns.texts.get(number) for number in range(len(places))]
            is_text = np.array([text is not None for text in texts])
            values[is_text], qualities[is_text] = raws[is_text], given[is_text]
        return samples(self._rows[places], values, qualities, columns.source_us, columns.received_ns, texts)


def _worse(one: int, other: int) -> int:
    return max(one, other, key=lambda quality: quality >> SEVERITY_SHIFT)
