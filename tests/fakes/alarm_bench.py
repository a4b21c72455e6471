"""An alarm engine under a test's hand: samples go in, events come out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.definitions import Alarm, alarms_of
from alarms.engine import AlarmEngine
from alarms.entry import Actor, JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.recalling import is_open, unread
from alarms.snapshot import AlarmRow
from alarms.standing import in_order
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import samples
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.clock import ManualClock
from tests.fakes.small_plant import modbus_device, small_plant, tag

ADA = Actor("ada", "desk 1", "operator")


class AlarmBench:
    """A plant of the device PLC with the tags T0, T1 ... and `definitions` on them."""

    def __init__(self, definitions: Sequence[AlarmDefinition], n_tags: int = 3) -> None:
        tags = [tag(f"T{number}", "PLC", f"hr:{number}", DataType.F32, unit="m") for number in range(n_tags)]
        plant = small_plant([modbus_device("PLC", 1)], tags, alarms=tuple(definitions))
        self.alarms: tuple[Alarm, ...] = alarms_of(plant)
        self.n_tags = n_tags
        self.clock = ManualClock()
        self.engine = AlarmEngine(self.alarms, n_tags)
        self.entries: list[JournalEntry] = []
        self.last: dict[int, tuple[tuple[int, float], int]] = {}
        self.silent: frozenset[str] = frozenset()
        self.switched_off: frozenset[str] = frozenset()

    @property
    def now(self) -> Moment:
        return Moment(self.clock.wall_us(), self.clock.mono_ns())

    def put(self, *pairs: tuple[int, float], quality: int = Quality.GOOD) -> list[str]:
        """Give tags (by number) values, all at this moment; returns what happened as "EVENT alarm"."""
        numbers, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        self.last |= {pair[0]: (pair, quality) for pair in pairs}
        batch = samples(numbers, values, quality, self.now.wall_us, self.now.mono_ns)
        return self._keep(self.engine.evaluate(batch, self.now))

    def wait(self, seconds: float) -> list[str]:
        """Let time pass and the engine notice."""
        self.clock.advance(seconds)
        self.engine.note_devices(self.silent, self.switched_off)
        return self._keep(self.engine.pass_time(self.now))

    def acknowledge(self, row: AlarmRow, **seen: Any) -> AckResult:
        """Acknowledge an alarm as it was seen; `seen` says what of it was seen otherwise."""
        fields = {"name": row.name, "occurrence": row.occurrence, "priority": row.priority} | seen
        result, entries = self.engine.acknowledge(AlarmSeen(**fields), ADA, self.now, "on my way")
        self.entries += entries
        return result

    def do(self, name: str, act: AlarmAct, **more: Any) -> AckResult:
        """Do something with an alarm as it stands now, as Ada."""
        number = self.engine.number_of(name)
        assert number is not None, name
        standing, priority = self.engine.standing_of(number), self.engine.alarm(number).definition.priority
        seen = AlarmSeen(name, standing.occurrence, priority, standing.state, standing.aside.at_us)
        request = AlarmRequest(**{"act": act, "seen": (seen,), "comment": "why", "minutes": 60.0} | more)
        result, entries = self.engine.handle(seen, request, ADA, self.now)
        self.entries += entries
        return result

    @property
    def rows(self) -> tuple[AlarmRow, ...]:
        return in_order(self.engine.rows)

    def row(self, name: str) -> AlarmRow:
        return next(row for row in self.engine.rows if row.name == name)

    def states(self) -> dict[str, str]:
        return {row.name: row.state.value for row in self.engine.rows}

    def restarted(self, definitions: Sequence[AlarmDefinition]) -> "AlarmBench":
        """Return a new bench that goes on from what this one wrote."""
        again = AlarmBench(definitions, self.n_tags)
        again.clock = self.clock
        newest = {entry.alarm: entry for entry in self.entries}
        again.entries = again.engine.restore(newest.values(), again.now)
        return again

    def restarted_blind(self, definitions: Sequence[AlarmDefinition]) -> "AlarmBench":
        """Return a new bench that doesn't know what this one wrote."""
        again = AlarmBench(definitions, self.n_tags)
        again.clock = self.clock
        return again

    def recalled(self, definitions: Sequence[AlarmDefinition], before: Sequence[JournalEntry]) -> "AlarmBench":
        """Return a bench that takes up what was before and what this one did, and judges all tags again."""
        again, mine = AlarmBench(definitions, self.n_tags), self.entries
        again.clock, again.last = self.clock, self.last
        meanwhile: dict[str, Counter[str]] = defaultdict(Counter)
        for entry in mine:
            meanwhile[entry.alarm][entry.event] += 1
        newest = {entry.alarm: entry for entry in before}
        first = [unread(entry, self.now, "") for name, entry in newest.items() if name in meanwhile and is_open(entry)]
        again.engine.adopt(self.engine, self.now, ADA, "")
        last = again.engine.restore(newest.values(), self.now, meanwhile)
        again.entries = [*before, *first, *mine, *last]
        for pair, quality in again.last.values():
            again.put(pair, quality=quality)
        return again

    def _keep(self, entries: list[JournalEntry]) -> list[str]:
        self.entries += entries
        return [f"{entry.event} {entry.alarm}" for entry in entries]


def high(number: int = 0, limit: float = 10.0, **more: Any) -> AlarmDefinition:
    """A high alarm on the tag with this number."""
    return AlarmDefinition(tag=f"T{number}", limit=limit, **{"kind": AlarmKind.HIGH, "text": "Too high", **more})
