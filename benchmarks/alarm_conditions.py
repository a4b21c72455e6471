"""What alarms cost: judging limits as vectors, and the stall of the station thread in a flood."""

import gc
import statistics
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import numpy as np

from alarms.conditions import Conditions
from alarms.definitions import Alarm
from alarms.engine import AlarmEngine
from alarms.entry import Moment
from alarms.journal_thread import JournalThread
from alarms.store.journal import Journal
from benchmarks.figure import Figure
from drivers.health import DeviceHealth
from drivers.once import NO_CONDITIONS, AckRequest, OnceAnswer, Question
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Batch, samples
from plant_models.clock import SystemClock
from plant_models.device import Device, Endpoint
from plant_models.plant import Plant
from plant_models.quality import Quality, is_bad
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from station.alarms import StationAlarms

TAGS: Final = 10_000
LIMITS_PER_TAG: Final = 10
ROUNDS: Final = 30
FLOOD: Final = 1_000
CLOCK = SystemClock()


def run() -> list[Figure]:
    """Return the figures; the baseline of an evaluation is a loop over the alarms of the same batch.

    "in alarm": every tag lies within its limits, so that each has alarms that stand and some that turn.
    """
    evaluate_ms, loop_ms = _evaluate(90.0)
    near_ms, near_loop_ms = _evaluate(100.0)
    mixed_ms, quiet_ms, build_s = _evaluate_mix()
    stall_ms = _flood()
    return [
        Figure("evaluate_ms", evaluate_ms, "ms", "<= 10"),
        Figure("evaluate_ms_vs_loop", evaluate_ms, "ms", "<= 0.2", baseline=loop_ms),
        Figure("evaluate_in_alarm_ms_vs_loop", near_ms, "ms", "<= 1", baseline=near_loop_ms),
        Figure("evaluate_all_kinds_ms", mixed_ms, "ms", "<= 100"),
        Figure("pass_time_all_kinds_ms", quiet_ms, "ms", "<= 50"),
        Figure("engine_100k_alarms_s", build_s, "s", "<= 3"),
        Figure("flood_1000_stall_ms", stall_ms, "ms", "<= 100"),
    ]


def _evaluate(low: float) -> tuple[float, float]:
    """Return the time of one batch of 10,000 changed tags with ten limits each, as vectors and as a loop, in ms.

    Limits are 100 to 109, values lie between `low` and `low` + 9.
    """
    definitions = [
        AlarmDefinition(tag=f"T{tag}", kind=AlarmKind.HIGH, limit=100.0 + number, deadband=1.0)
        for tag in range(TAGS)
        for number in range(LIMITS_PER_TAG)
    ]
    rows = np.repeat(np.arange(TAGS), LIMITS_PER_TAG).tolist()
    conditions = Conditions(
        [
            Alarm(name=each.name, definition=each, row=row, device="PLC")
            for each, row in zip(definitions, rows, strict=True)
        ],
        TAGS,
    )
    plain = PlainLoop(definitions, rows)
    chance = np.random.default_rng(1)
    vector_ms, loop_ms = [], []
    for number in range(ROUNDS):
        values = low + 9.0 * chance.random(TAGS)
        values[chance.integers(TAGS, size=10)] = 105.0  # a few trip and clear in each round
        batch = samples(np.arange(TAGS), values, Quality.GOOD, CLOCK.wall_us(), CLOCK.mono_ns())
        begun = CLOCK.mono_ns()
        conditions.evaluate(batch)
        vector_ms.append((CLOCK.mono_ns() - begun) / 1e6)
        if number < 5:
            begun = CLOCK.mono_ns()
            plain.evaluate(batch)
            loop_ms.append((CLOCK.mono_ns() - begun) / 1e6)
            assert plain.active == conditions.active.tolist()
    return statistics.median(vector_ms), statistics.median(loop_ms)


def _evaluate_mix() -> tuple[float, float, float]:
    """Return what 10,000 alarms of all kinds cost: a batch that changes every tag, and a round in which every tag was
    read but none changed, both in ms; and how long an engine of 100,000 limits takes to be made, in s.

    Each alarm has a tag of its own; limits, references and formulas name the tags beside it.
    """
    others = {f"T{tag}": tag for tag in range(TAGS)}
    alarms = [
        Alarm(name=each.name, definition=each, row=row, device="PLC", others=others)
        for row, each in enumerate(_one_of_each(row) for row in range(TAGS))
    ]
    heard = np.zeros(TAGS, np.int64)
    conditions = Conditions(alarms, TAGS, lambda rows: heard[rows])
    chance = np.random.default_rng(1)
    changed_ms, quiet_ms = [], []
    for _ in range(ROUNDS // 2):
        now = Moment(CLOCK.wall_us(), CLOCK.mono_ns())
        batch = samples(np.arange(TAGS), chance.random(TAGS), Quality.GOOD, now.wall_us, now.mono_ns)
        begun = CLOCK.mono_ns()
        conditions.evaluate(batch)
        changed_ms.append((CLOCK.mono_ns() - begun) / 1e6)
        now = Moment(CLOCK.wall_us(), CLOCK.mono_ns())
        heard[:] = now.mono_ns
        conditions.pass_time(now)
        quiet_ms.append((CLOCK.mono_ns() - now.mono_ns) / 1e6)
    limits = [
        Alarm(
            name=f"{tag}.H{each}", definition=AlarmDefinition(tag=f"T{tag}", kind=AlarmKind.HIGH, limit=each), row=tag
        )
        for tag in range(TAGS)
        for each in range(LIMITS_PER_TAG)
    ]
    begun = CLOCK.mono_ns()
    AlarmEngine(limits, TAGS)
    return statistics.median(changed_ms), statistics.median(quiet_ms), (CLOCK.mono_ns() - begun) / 1e9


def _one_of_each(row: int) -> AlarmDefinition:
    kinds = (
        {"kind": AlarmKind.HIGH, "limit": 0.9, "deadband": 0.1},
        {"kind": AlarmKind.HIGH, "limit_tag": f"T{(row + 1) % TAGS}"},
        {"kind": AlarmKind.LOW, "limit": 0.1, "on_delay_s": 5.0, "count": 3, "count_s": 60.0},
        {"kind": AlarmKind.STATE, "limit": 1.0},
        {"kind": AlarmKind.DEVIATION, "reference": f"T{(row + 1) % TAGS}", "limit": 0.8, "on_delay_s": 5.0},
        {"kind": AlarmKind.DISCREPANCY, "reference": f"T{(row + 1) % TAGS}", "on_delay_s": 5.0},
        {"kind": AlarmKind.RATE, "limit": 0.5, "window_s": 60.0},
        {"kind": AlarmKind.STUCK, "window_s": 600.0},
        {"kind": AlarmKind.NO_UPDATE, "window_s": 60.0},
        {"kind": AlarmKind.CALCULATED, "expression": f"{{T{(row + 1) % TAGS}}} + {{T{(row + 2) % TAGS}}} > 1.9"},
    )
    return AlarmDefinition(tag=f"T{row}", **kinds[row % len(kinds)])


class PlainLoop:
    """The same limits, one alarm at a time, with everything looked up beforehand."""

    def __init__(self, definitions: list[AlarmDefinition], rows: list[int]) -> None:
        self.active = [False] * len(definitions)
        self._of_tag: dict[int, list[tuple[int, float, float]]] = {}
        for number, (definition, row) in enumerate(zip(definitions, rows, strict=True)):
            assert definition.limit is not None
            clear = definition.limit - definition.deadband
            self._of_tag.setdefault(row, []).append((number, definition.limit, clear))

    def evaluate(self, batch: Batch) -> list[tuple[int, bool, float]]:
        """Return the turns of a batch."""
        assert batch.values is not None
        assert batch.qualities is not None
        turns = []
        active = self.active
        columns = batch.tags.tolist(), batch.values.tolist(), batch.qualities.tolist()
        for tag, value, quality in zip(*columns, strict=True):
            if is_bad(quality):
                continue
            for number, limit, clear in self._of_tag[tag]:
                if value < clear if active[number] else value > limit:
                    active[number] = not active[number]
                    turns.append((number, active[number], value))
        return turns


class _NoDevices:
    """Fulfils `station.passed_on.Links`."""

    def health(self) -> tuple[DeviceHealth, ...]:
        return ()

    def once(self, request: AckRequest) -> Future[OnceAnswer]:
        question = Question(request)
        question.not_sent(NO_CONDITIONS)
        return question.future


def _flood() -> float:
    """Return the longest stall of the station thread, in ms, while 1,000 alarms are raised at once.

    What was there before is frozen, as main.py does it, and the databases of the rounds before are gone: a collection
    of garbage counts, but only of the flood's own.
    """
    plant = _flood_plant()
    stalls_ms = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            table = TagTable(plant.tags, plant.scan_s, CLOCK)
            journal = Journal(Path(folder) / "station.sqlite", CLOCK)
            thread = JournalThread(journal, CLOCK)
            alarms = StationAlarms(plant, table, thread, _NoDevices(), CLOCK)
            alarms.restore(journal.newest)
            table.add_listener(alarms.on_changed)
            thread.start()
            batch = samples(np.arange(FLOOD), 50.0, Quality.GOOD, CLOCK.wall_us(), CLOCK.mono_ns())
            gc.collect()
            gc.freeze()
            begun = CLOCK.mono_ns()
            table.apply(batch)
            alarms.on_round()
            stalls_ms.append((CLOCK.mono_ns() - begun) / 1e6)
            assert thread.wait_written(FLOOD, 30.0) == ""
            assert len(alarms.snapshot(is_evaluated=True).rows) == FLOOD
            thread.stop()
            journal.close()
    return max(stalls_ms)


def _flood_plant() -> Plant:
    return Plant(
        folder=Path("/nowhere"),
        name="Flood",
        time_zone="UTC",
        home="",
        is_simulated=False,
        areas=(),
        scan_s={"normal": 1.0},
        devices={"PLC": Device(name="PLC", protocol="modbus", endpoint=Endpoint("127.0.0.1", 1))},
        types={},
        equipment={},
        tags=tuple(Tag(name=f"T{row}", device="PLC", address=f"hr:{row}") for row in range(FLOOD)),
        alarms=tuple(AlarmDefinition(tag=f"T{row}", kind=AlarmKind.HIGH, limit=10.0) for row in range(FLOOD)),
        displays={},
    )
