"""When the consequences of active alarms come: asked every few seconds, on a thread of its own.

It keeps the last minutes of the tags that have such an alarm, and of no others: first from history, then from the
table. Their times are monotonic, so that a clock that is set spoils no trend.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
import structlog

from alarms.snapshot import AlarmRow, AlarmSnapshot
from analytics.consequence import WINDOW_US, ConsequenceTime, consequence_time, rises_to
from database.errors import DatabaseError
from history.far import Reader
from history.queries.samples import SampleQuery
from plant_models.alarm_definition import AlarmDefinition
from plant_models.clock import Clock
from plant_models.tag_table import TagTable

PERIOD_S: Final = 5.0
_STOP_S: Final = 2.0
_MOST: Final = 2_000
"""Samples of a tag that are kept."""
_SECOND_US: Final = 1_000_000
_NONE: Final[Mapping[str, ConsequenceTime]] = MappingProxyType({})
_log = structlog.get_logger()


@dataclass(slots=True)
class _Course:
    """The last minutes of a tag: monotonic times (µs), values, qualities."""

    times_us: deque[int] = field(default_factory=lambda: deque(maxlen=_MOST))
    values: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST))
    qualities: deque[int] = field(default_factory=lambda: deque(maxlen=_MOST))

    def add(self, at_us: int, value: float, quality: int) -> None:
        """Take a sample; one that isn't newer than the last takes its place, if it says something else."""
        if self.times_us and at_us <= self.times_us[-1]:
            if (value, quality) == (self.values[-1], self.qualities[-1]):
                return
            at_us = self.times_us.pop()
            self.values.pop()
            self.qualities.pop()
        self.times_us.append(at_us)
        self.values.append(value)
        self.qualities.append(quality)


class ConsequenceWatch:
    """Runs from `start` to `stop`. `alarms` gives the present ones."""

    def __init__(
        self,
        table: TagTable,
        reader: Reader,
        alarms: Callable[[], AlarmSnapshot],
        clock: Clock,
    ) -> None:
        self._table, self._reader, self._clock = table, reader, clock
        self._alarms = alarms
        self._courses: dict[str, _Course] = {}
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="consequences", daemon=True)
        self.present: Mapping[str, ConsequenceTime] = _NONE
        """By alarm, in µs UTC, whole seconds; the same object until something changes."""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs on the disk is left behind."""
        self._is_stopping.set()
        self._thread.join(_STOP_S)

    def look(self) -> None:
        """Take a sample of each tag that matters, and work out when consequences come."""
        concerned = self._concerned()
        tags = {definition.tag for definition in concerned.values()}
        self._courses = {tag: course for tag, course in self._courses.items() if tag in tags}
        for tag in tags:
            if tag not in self._courses:
                self._courses[tag] = self._past(tag)
            sample = self._table.sample(tag)
            self._courses[tag].add(sample.received_ns // 1_000, sample.value, sample.quality)
        told = {name: self._time(definition) for name, definition in concerned.items()}
        present = {name: time for name, time in told.items() if time is not None}
        if present != self.present:
            self.present = MappingProxyType(present)

    def _concerned(self) -> dict[str, AlarmDefinition]:
        """Return the active alarms whose consequence comes at a value, and whose input is known."""
        snapshot = self._alarms()
        rows = [row.name for row in snapshot.rows if snapshot.is_evaluated and _is_known(row)]
        found = {name: snapshot.configured[name].definition for name in rows if name in snapshot.configured}
        return {name: each for name, each in found.items() if each.consequence_at is not None}

    def _past(self, tag: str) -> _Course:
        """Return what history knows of the last minutes of a tag; nothing if it can't be read."""
        course, now_us, mono_us = _Course(), self._clock.wall_us(), self._clock.mono_ns() // 1_000
        try:
            (series,) = self._reader.samples(SampleQuery((tag,), now_us - WINDOW_US, now_us))
        except DatabaseError as error:
            _log.warning("consequences: history can't be read, so the trend begins now", tag=tag, error=str(error))
            return course
        columns = series.times_us.tolist(), series.values.tolist(), series.qualities.tolist()
        for at_us, value, quality in zip(*columns, strict=True):
            course.add(at_us - now_us + mono_us, value, quality)
        return course

    def _time(self, definition: AlarmDefinition) -> ConsequenceTime | None:
        course = self._courses[definition.tag]
        times = np.array(course.times_us, np.int64)
        found = consequence_time(
            times,
            np.array(course.values),
            np.array(course.qualities, np.uint16),
            np.nan if definition.consequence_at is None else definition.consequence_at,
            is_above=rises_to(definition),
        )
        if found is None:
            return None
        ahead_us = self._clock.wall_us() - self._clock.mono_ns() // 1_000
        return ConsequenceTime(
            *(_whole_second(each + ahead_us) for each in (found.at_us, found.earliest_us, found.latest_us))
        )

    def _run(self) -> None:
        while not self._is_stopping.wait(PERIOD_S):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the border: the thread goes on, and claims nothing
                _log.exception("consequences: an unexpected error")
                self.present = _NONE


def _is_known(row: AlarmRow) -> bool:
    return row.state.is_active and not row.is_frozen and not row.is_masked


def _whole_second(at_us: int) -> int:
    return round(at_us / _SECOND_US) * _SECOND_US
