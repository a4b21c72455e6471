"""What alarms cost: judging limits as vectors, and the stall of the station thread in a flood."""

import gc
import statistics
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import numpy as np

from alarms.conditions import Conditions
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
    stall_ms = _flood()
    return [
        Figure("evaluate_ms", evaluate_ms, "ms", "<= 10"),
        Figure("evaluate_ms_vs_loop", evaluate_ms, "ms", "<= 0.2", baseline=loop_ms),
        Figure("evaluate_in_alarm_ms_vs_loop", near_ms, "ms", "<= 1", baseline=near_loop_ms),
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
    rows = np.repeat(np.arange(TAGS), LIMITS_PER_TAG)
    conditions = Conditions(definitions, rows, TAGS, np.zeros(len(definitions), np.bool_))
    plain = PlainLoop(definitions, rows.tolist())
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
