"""A past for back-tests: samples of a few tags, read in pages of any size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from analytics.ground import Ground, ground_of
from history.chunks.samples import Samples, merge
from history.queries.limits import PATIENT, Patience
from history.queries.samples import SampleQuery, SampleSeries
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.alarm_philosophy import AlarmPhilosophy
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.small_plant import modbus_device, small_plant, tag

SECOND_US: Final = 1_000_000
START_US: Final = 1_700_000_000_000_000
HOLD_S: Final = 90
"""Of every tag here."""
Point = tuple[float, float] | tuple[float, float, int]
"""Seconds after START_US, value, and a quality if it isn't good."""


@dataclass
class Past:
    """Answers as `history.far.Reader.samples` does, at most `page` samples of a tag at once."""

    page: int = 1_000_000
    samples_of: dict[str, Samples] = field(default_factory=dict)
    asked: list[SampleQuery] = field(default_factory=list)

    def put(self, tag: str, points: Iterable[Point]) -> "Past":
        """Write samples of a tag."""
        rows = [(*point, int(Quality.GOOD))[:3] for point in points]
        times = np.array([START_US + round(row[0] * SECOND_US) for row in rows], np.int64)
        values = np.array([row[1] for row in rows], np.float64)
        return self.write(tag, times, values, np.array([row[2] for row in rows], np.uint16))

    def write(self, tag: str, times_us: Any, values: Any, qualities: Any) -> "Past":
        """Write columns of a tag."""
        self.samples_of[tag] = merge([Samples(times_us, values, qualities)])
        return self

    def samples(self, query: SampleQuery, patience: Patience = PATIENT) -> tuple[SampleSeries, ...]:
        """Return samples as history does."""
        patience.check()
        self.asked.append(query)
        return tuple(self._series(name, query) for name in query.tags)

    def _series(self, name: str, query: SampleQuery) -> SampleSeries:
        kept = self.samples_of.get(name, Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint16)))
        first, end = np.searchsorted(kept.times_us, [query.start_us, query.end_us]).tolist()
        last = min(end, first + min(self.page, query.limit))
        more_from_us = int(kept.times_us[last]) if last < end else None
        if query.has_bound and first and (first == len(kept) or kept.times_us[first] != query.start_us):
            first -= 1
        part = kept.take(slice(first, last))
        return SampleSeries(name, part.times_us, part.values, part.qualities, None, more_from_us)


def ground(philosophy: AlarmPhilosophy | None = None, **fields: Mapping[str, Any]) -> Ground:
    """Return a plant of the tags T0, T1, T2 (numbers) and NOTE (a text); `fields` say more of a tag, by its name."""
    tags = [
        tag(name, "PLC", f"hr:{number}", DataType.F32, **{"unit": "m", **fields.get(name, {})})
        for number, name in enumerate(("T0", "T1", "T2"))
    ]
    plant = small_plant([modbus_device("PLC", 1)], [*tags, tag("NOTE", "PLC", "hr:9:8", DataType.TEXT)], fast_s=1.0)
    made = ground_of(plant)
    return made if philosophy is None else Ground(made.tags, made.holds_us, made.scan_s, philosophy)


def never_silent() -> Ground:
    """Return the same plant, where a sample holds however long nothing comes."""
    made = ground()
    return Ground(made.tags, dict.fromkeys(made.holds_us, 10**15), made.scan_s, made.philosophy)


def high(limit: float | None = 10.0, **more: Any) -> AlarmDefinition:
    """Return a high alarm on T0."""
    return AlarmDefinition(**{"tag": "T0", "kind": AlarmKind.HIGH, "limit": limit, **more})


def at_us(seconds: float) -> int:
    """Return a time so many seconds after START_US."""
    return START_US + round(seconds * SECOND_US)
