"""The vectors of every kind of condition against one alarm and one sample at a time, over random streams."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarms.conditions import Conditions
from alarms.definitions import Alarm
from alarms.entry import Moment
from alarms.verdicts import Indices, Times, Turns, usable
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Batch, samples
from plant_models.quality import Quality
from tests.fakes.plain_conditions import PlainCondition, Sample, Turn

N_TAGS = 5
TAGS = {f"T{row}": row for row in range(N_TAGS)}
QUALITIES = (Quality.GOOD,) * 12 + (
    Quality.BAD,
    Quality.UNCERTAIN_LAST_USABLE,
    Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED,
)
VALUES = (0.0, 1.0, 2.0, 3.0, 4.0, 0.5, 2.5, 6.0, math.nan)
WALL_US = 1_700_000_000_000_000
FORMULAS = ("{T1} > {T2}", "{T0}", "{T1} / {T3} > 1 and {T0} > 0", "{T4} - {T1} > 1 or not {T2}", "1 > 0")
KINDS: dict[AlarmKind, Sequence[dict[str, Any]]] = {
    AlarmKind.HIGH: [{"limit": 2.0}, {"limit_tag": "T4"}],
    AlarmKind.HIGH_HIGH: [{"limit": 3.0}, {"limit_tag": "T3"}],
    AlarmKind.LOW: [{"limit": 2.0}, {"limit_tag": "T4"}],
    AlarmKind.LOW_LOW: [{"limit": 1.0}, {"limit_tag": "T0"}],
    AlarmKind.STATE: [{"limit": 1.0}, {"limit": 2.0}],
    AlarmKind.DEVIATION: [{"limit": 1.0}, {"limit_tag": "T4"}],
    AlarmKind.DISCREPANCY: [{}],
    AlarmKind.RATE: [{"limit": 20.0}, {"limit": -20.0}, {"limit_tag": "T4"}],
    AlarmKind.STUCK: [{"limit": 1.0}, {}, {"limit": 0.0}, {"limit_tag": "T4"}],
    AlarmKind.NO_UPDATE: [{}],
    AlarmKind.CALCULATED: [{"expression": text} for text in FORMULAS],
}


def made(kind: AlarmKind, number: int, chance: np.random.Generator) -> Alarm:
    """An alarm of a kind with everything else left to chance."""
    row = int(chance.integers(N_TAGS))
    definition = AlarmDefinition(
        tag=f"T{row}",
        kind=kind,
        id=str(number),
        enabled=bool(chance.random() < 0.9),
        reference=f"T{int(chance.integers(N_TAGS))}" if kind in (AlarmKind.DEVIATION, AlarmKind.DISCREPANCY) else "",
        window_s=float(chance.choice([2.0, 5.0])),
        deadband=float(chance.choice([0.0, 0.5, 1.0])),
        on_delay_s=float(chance.choice([0.0, 0.0, 1.0, 2.5])),
        off_delay_s=float(chance.choice([0.0, 0.0, 1.0])),
        count=int(chance.choice([0, 0, 1, 3])),
        count_s=float(chance.choice([2.0, 6.0])),
        **KINDS[kind][int(chance.integers(len(KINDS[kind])))],
    )
    return Alarm(name=definition.name, definition=definition, row=row, device=f"PLC{row % 2}", others=TAGS)


class Pair:
    """The same alarms as vectors and one by one, fed alike."""

    def __init__(self, kinds: Sequence[AlarmKind], seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.alarms = [made(kind, number, self.chance) for number, kind in enumerate(kinds)]
        self.vectors = Conditions(self.alarms, N_TAGS, self.heard_ns)
        self.plain = [PlainCondition(alarm) for alarm in self.alarms]
        self.now_ns = 10**9
        self.heard = dict.fromkeys([-1, *range(N_TAGS)], 0)

    def heard_ns(self, rows: Indices) -> Times:
        return np.array([self.heard[row] for row in rows.tolist()], np.int64)

    def step(self) -> None:
        self.now_ns += int(self.chance.integers(0, 8)) * 250_000_000
        batch = self.batch()
        turns, _ = self.vectors.evaluate(batch)
        self.check_batch(batch, turns)
        for row in self.chance.integers(N_TAGS, size=2).tolist():
            self.heard[row] = self.now_ns
        silent = frozenset({"PLC0"} if self.chance.random() < 0.1 else ())
        off = frozenset({"PLC1"} if self.chance.random() < 0.1 else ())
        self.now_ns += int(self.chance.integers(0, 4)) * 250_000_000
        self.check_time(silent, off)
        assert self.vectors.active.tolist() == [plain.active for plain in self.plain]
        numbers = np.arange(len(self.alarms))
        assert [self.vectors.is_frozen(number) for number in numbers] == [plain.is_frozen for plain in self.plain]
        np.testing.assert_array_equal(self.vectors.limits_of(numbers), [plain.limit for plain in self.plain])

    def batch(self) -> Batch:
        """A few samples, some of one tag, some received together, some a little before others."""
        size = int(self.chance.integers(0, 9))
        received = self.now_ns - self.chance.integers(0, 3, size=size) * 400_000_000
        if self.chance.random() < 0.7:
            received.sort()
        tags = self.chance.integers(N_TAGS, size=size)
        for row, at_ns in zip(tags.tolist(), received.tolist(), strict=True):
            self.heard[row] = max(self.heard[row], at_ns)
        qualities = self.chance.choice(QUALITIES, size=size)
        return samples(tags, self.chance.choice(VALUES, size=size), qualities, WALL_US + received // 1000, received)

    def check_batch(self, batch: Batch, turns: Turns) -> None:
        assert batch.values is not None
        assert batch.qualities is not None
        each = [
            Sample(*row)
            for row in zip(
                batch.tags.tolist(),
                batch.values.tolist(),
                usable(batch.values, batch.qualities).tolist(),
                batch.source_us.tolist(),
                batch.received_ns.tolist(),
                strict=True,
            )
        ]
        expected = [
            (turn.place, number, turn) for number, plain in enumerate(self.plain) for turn in plain.evaluate(each)
        ]
        expected.sort(key=lambda one: one[:2])
        assert columns(turns) == [shown(number, turn) for _, number, turn in expected]

    def check_time(self, silent: frozenset[str], off: frozenset[str]) -> None:
        at = Moment(WALL_US + self.now_ns // 1000, self.now_ns)
        self.vectors.note_devices(silent, off)
        turns = columns(self.vectors.pass_time(at))
        for number, plain in enumerate(self.plain):
            device = plain.alarm.device
            expected = plain.pass_time(self.heard, device in silent, device in off, (at.wall_us, at.mono_ns))
            assert [turn for turn in turns if turn[0] == number] == [shown(number, turn) for turn in expected]


def shown(number: int, turn: Turn) -> tuple[int, bool, str, int]:
    return number, turn.is_raised, str(turn.value), turn.at_us


def columns(turns: Turns) -> list[tuple[int, bool, str, int]]:
    rows = zip(
        turns.alarms.tolist(), turns.is_raised.tolist(), turns.values.tolist(), turns.at_us.tolist(), strict=True
    )
    return [(number, is_raised, str(value), at_us) for number, is_raised, value, at_us in rows]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_vectors_of_each_kind_agree_with_a_plain_loop(kind: AlarmKind, seed: int) -> None:
    pair = Pair([kind] * 12, seed)
    for _ in range(40):
        pair.step()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_vectors_of_all_kinds_together_agree_with_a_plain_loop(seed: int) -> None:
    pair = Pair([*KINDS, *KINDS], seed)
    for _ in range(40):
        pair.step()
