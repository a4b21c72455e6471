"""Conditions over a live table: readings go in, time passes, what turned comes out as "ALM name" and "RTN name"."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from alarms.acknowledgement import AlarmSeen
from alarms.definitions import Alarm, alarms_of
from alarms.engine import AlarmEngine
from alarms.entry import NOBODY, JournalEntry, Moment
from alarms.snapshot import AlarmRow
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Batch, keep_alive, samples
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock
from tests.fakes.small_plant import modbus_device, small_plant, tag


class ConditionBench:
    """A table with the tags T0, T1 ... of the device PLC and `formulas` behind them, and the alarms `definitions`."""

    def __init__(
        self, definitions: Sequence[AlarmDefinition], n_tags: int = 3, formulas: Sequence[tuple[str, str]] = ()
    ) -> None:
        tags = [tag(f"T{number}", "PLC", f"hr:{number}", DataType.F32, unit="m") for number in range(n_tags)]
        tags += [Tag(name=name, expression=text) for name, text in formulas]
        plant = small_plant([modbus_device("PLC", 1)], tags, alarms=tuple(definitions))
        self.alarms: tuple[Alarm, ...] = alarms_of(plant)
        self.clock = ManualClock()
        self.table = TagTable(plant.tags, plant.scan_s, self.clock)
        self.engine = AlarmEngine(self.alarms, len(tags), heard_ns=self.table.heard_ns)
        self.entries: list[JournalEntry] = []
        self.silent: frozenset[str] = frozenset()
        self.switched_off: frozenset[str] = frozenset()
        self.connecting: frozenset[str] = frozenset()

    @property
    def now(self) -> Moment:
        return Moment(self.clock.wall_us(), self.clock.mono_ns())

    def read(self, *pairs: tuple[int, float], quality: int = Quality.GOOD, ago_s: float = 0.0) -> list[str]:
        """Let tags (by number) be read together, `ago_s` before now."""
        return self.apply(self.reading(*pairs, quality=quality, ago_s=ago_s))

    def reading(self, *pairs: tuple[int, float], quality: int = Quality.GOOD, ago_s: float = 0.0) -> Batch:
        """Return the batch of a reading."""
        numbers, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        at = Moment(self.now.wall_us - round(ago_s * 1e6), self.now.mono_ns - round(ago_s * 1e9))
        return samples(numbers, values, quality, at.wall_us, at.mono_ns)

    def apply(self, *batches: Batch) -> list[str]:
        """Let the table and then the engine take batches as one."""
        return self._keep(self.engine.evaluate(self.table.apply(*batches), self.now))

    def alive(self, *numbers: int) -> None:
        """Let the source of tags give a sign of life."""
        self.apply(keep_alive(numbers, self.now.mono_ns))

    def wait(self, seconds: float) -> list[str]:
        """Let time pass and the engine notice."""
        self.clock.advance(seconds)
        self.engine.note_devices(self.silent, self.switched_off, self.connecting)
        return self._keep(self.engine.pass_time(self.now))

    def poll(self, number: int, values: Iterable[float], every_s: float = 1.0) -> list[str]:
        """Read a tag again and again, each time after `every_s`."""
        events = []
        for value in values:
            self.clock.advance(every_s)
            events += self.read((number, value))
            events += self.wait(0)
        return events

    def acknowledge(self, name: str) -> list[str]:
        """Acknowledge an alarm as it stands."""
        row = self.row(name)
        seen = AlarmSeen(name, row.occurrence, row.priority)
        return self._keep(self.engine.acknowledge(seen, NOBODY, self.now, "")[1])

    def row(self, name: str) -> AlarmRow:
        return next(row for row in self.engine.rows if row.name == name)

    def limit(self, name: str) -> float:
        number = next(at for at, alarm in enumerate(self.alarms) if alarm.name == name)
        return float(self.engine._conditions.limits_of(np.array([number]))[0])

    def rebuild(self) -> list[str]:
        """Let a new engine take over, as after a change of the definitions, and give it every tag as it stands."""
        before = self.engine
        self.engine = AlarmEngine(self.alarms, len(self.table.tags), heard_ns=self.table.heard_ns)
        self.entries += self.engine.adopt(before, self.now, NOBODY, "")
        rows = np.arange(len(self.table.tags))
        all_of = self.table.read(rows)
        batch = Batch(rows, all_of.values, all_of.qualities, all_of.source_us, all_of.received_ns)
        return self._keep(self.engine.evaluate(batch, self.now)) + self.wait(0)

    def _keep(self, entries: list[JournalEntry]) -> list[str]:
        self.entries += entries
        return [f"{entry.event} {entry.alarm}" for entry in entries]


def alarm(kind: AlarmKind, number: int = 0, **settings: Any) -> AlarmDefinition:
    """An alarm on the tag with this number."""
    return AlarmDefinition(tag=f"T{number}", kind=kind, **settings)
