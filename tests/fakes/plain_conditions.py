"""Every kind of condition once more, one alarm and one sample at a time: what the vectors must agree with."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from alarms.definitions import Alarm
from plant_models.alarm_definition import DISTANCE_KINDS, AlarmKind
from plant_models.expression import parse_expression

POINTS = 32
HIGH = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
LOW = (AlarmKind.LOW, AlarmKind.LOW_LOW)


class Sample(NamedTuple):
    row: int
    value: float
    is_usable: bool
    at_us: int
    received_ns: int


class Turn(NamedTuple):
    place: int
    is_raised: bool
    value: float
    at_us: int


@dataclass
class Point:
    at_ns: int
    value: float
    low: float
    high: float


@dataclass
class Look:
    """What is judged together: the newest place, and the times of what came last."""

    place: int
    at_us: int
    at_ns: int
    own_ns: int | None = None


@dataclass
class PlainCondition:
    """One alarm by the letter of its definition."""

    alarm: Alarm
    active: bool = False
    is_frozen: bool = False
    limit: float = math.nan
    holds: bool = False
    due_ns: int | None = None
    due_us: int = 0
    due_value: float = math.nan
    is_by_count: bool = False
    came: list[int] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    read_ns: int = 0
    command: float | None = None
    latest: dict[int, tuple[float, bool]] = field(default_factory=dict)
    begun_ns: int | None = None

    def __post_init__(self) -> None:
        d = self.alarm.definition
        names = [d.limit_tag, d.reference]
        self.formula = parse_expression(d.expression) if d.expression else None
        names += self.formula.inputs if self.formula else ()
        self.rows = {self.alarm.row, *(self.alarm.others[name] for name in names if name)}
        self.is_fixed = d.kind is AlarmKind.STATE or (d.kind in (*HIGH, *LOW) and not d.limit_tag)
        self.is_frozen = d.enabled and d.kind is not AlarmKind.NO_UPDATE
        self.was_silent, self.back_ns = False, 0
        if d.limit is not None and not d.limit_tag:
            self.limit = d.limit

    def evaluate(self, samples: Sequence[Sample]) -> list[Turn]:
        d = self.alarm.definition
        if not d.enabled:
            return []
        turns: list[Turn] = []
        seen: set[int] = set()
        newest: int | None = None
        look: Look | None = None
        for place, sample in enumerate(samples):
            if sample.row not in self.rows:
                continue
            is_later = newest is None or sample.received_ns > newest
            if look is not None and (is_later or sample.row in seen):
                turns += self.judge(look)
                look = None
            if is_later:
                newest = sample.received_ns
                seen = set()
            assert newest is not None
            if look is None:
                look = Look(place, sample.at_us, sample.received_ns if self.is_fixed else newest)
            look.place = place
            if sample.row == self.alarm.row:
                look.own_ns = sample.received_ns
            seen.add(sample.row)
            self.latest[sample.row] = sample.value, sample.is_usable
        return turns + (self.judge(look) if look is not None else [])

    def pass_time(self, heard: Mapping[int, int], silent: bool, off: bool, now: tuple[int, int]) -> list[Turn]:
        """`now` is wall (µs) and monotonic (ns)."""
        d = self.alarm.definition
        turns: list[Turn] = []
        if not d.enabled:
            return turns
        wall_us, mono_ns = now
        if d.kind is AlarmKind.NO_UPDATE:
            turns += self.listen(heard[self.alarm.row], silent, off, now)
        elif d.kind in (AlarmKind.RATE, AlarmKind.STUCK):
            at_ns = heard[self.alarm.row]
            if at_ns > self.read_ns and self.get(self.alarm.row)[1]:
                turns += self.judge(Look(0, wall_us - (mono_ns - at_ns) // 1000, at_ns, at_ns))
        if self.due_ns is not None and self.due_ns <= mono_ns:
            turns.append(self.ripen(10**6))
        return turns

    def listen(self, heard_ns: int, silent: bool, off: bool, now: tuple[int, int]) -> list[Turn]:
        wall_us, mono_ns = now
        if self.begun_ns is None:
            self.begun_ns = mono_ns
        heard_ns = heard_ns or self.begun_ns
        self.is_frozen = silent
        if self.was_silent and not (silent or off):
            self.back_ns = mono_ns
        self.was_silent = silent or off
        is_silent = mono_ns - heard_ns > round(self.alarm.definition.window_s * 1e9)
        at_ns = mono_ns if is_silent or silent or off else heard_ns
        is_overdue = mono_ns - max(heard_ns, self.back_ns) > round(self.alarm.definition.window_s * 1e9)
        raises = is_overdue and not silent and not off
        clears = off or (not is_silent and not silent)
        look = Look(0, wall_us - (mono_ns - at_ns) // 1000, at_ns)
        return self.settle(look, raises, clears, self.get(self.alarm.row)[0], False)

    def get(self, row: int) -> tuple[float, bool]:
        return self.latest.get(row, (math.nan, False))

    def judge(self, look: Look) -> list[Turn]:
        d = self.alarm.definition
        if d.kind is AlarmKind.NO_UPDATE:
            return []
        value, is_usable = self.get(self.alarm.row)
        raises = clears = is_anew = False
        self.measured = math.nan
        limit = self.limit
        is_known = is_usable
        if d.limit_tag:
            held, is_held = self.get(self.alarm.others[d.limit_tag])
            is_known = is_known and is_held
            limit = held
        if d.kind in (*HIGH, *LOW):
            sign = 1 if d.kind in HIGH else -1
            raises, clears = value * sign > limit * sign, value * sign < limit * sign - d.deadband
        elif d.kind is AlarmKind.STATE:
            raises, clears = value == limit, value != limit
        elif d.kind is AlarmKind.DEVIATION:
            reference, is_there = self.get(self.alarm.others[d.reference])
            is_known = is_known and is_there
            self.measured = value - reference
            raises, clears = abs(value - reference) > limit, abs(value - reference) < limit - d.deadband
        elif d.kind is AlarmKind.DISCREPANCY:
            command, is_there = self.get(self.alarm.others[d.reference])
            is_known = is_known and is_there
            raises, clears = value != command, value == command
            if is_there:
                is_anew = command != self.command
                self.command = command
        elif d.kind is AlarmKind.CALCULATED:
            assert self.formula is not None
            inputs = [self.get(self.alarm.others[name]) for name in self.formula.inputs]
            result = (
                self.formula.evaluate([each for each, _ in inputs]) if all(is_ok for _, is_ok in inputs) else math.nan
            )
            is_known = not math.isnan(result)
            raises, clears = bool(result), not result
        else:
            raises, clears = self.by_window(look, value, is_usable, limit)
        self.is_frozen = not is_known
        if is_known:
            self.limit = limit
        return self.settle(look, raises and is_known, clears and is_known, self.compared(value, is_known), is_anew)

    def compared(self, value: float, is_known: bool) -> float:
        if self.alarm.definition.kind not in DISTANCE_KINDS:
            return value
        return self.measured if is_known else math.nan

    def by_window(self, look: Look, value: float, is_usable: bool, limit: float) -> tuple[bool, bool]:
        d = self.alarm.definition
        window_ns = round(d.window_s * 1e9)
        at_ns = self.read_ns = max(self.read_ns, look.own_ns or 0)
        if not is_usable:
            self.points, self.last_ns = [], None
            return False, False
        self.read(value, at_ns, window_ns)
        ago = [point for point in self.points if point.at_ns <= at_ns - window_ns]
        if d.kind is AlarmKind.RATE:
            if not ago:
                return False, False
            rate = (value - ago[-1].value) / ((at_ns - ago[-1].at_ns) / 60e9)
            sign = -1 if limit < 0 else 1
            self.measured = rate
            return rate * sign > abs(limit), rate * sign < abs(limit) - d.deadband
        since = ago[-1].at_ns if ago else 0
        points = [point for point in self.points if point.at_ns >= since]
        moved = max(point.high for point in points) - min(point.low for point in points)
        least = 0.0 if d.limit is None and not d.limit_tag else limit
        self.measured = moved
        return bool(ago) and (moved < least or moved == 0), moved > 0 and moved >= least + d.deadband

    last_ns: int | None = None
    measured: float = math.nan

    def read(self, value: float, at_ns: int, window_ns: int) -> None:
        if self.last_ns is not None and at_ns - self.last_ns > window_ns:
            self.points = []
        self.last_ns = at_ns
        if not self.points or at_ns - self.points[-1].at_ns >= max(window_ns // (POINTS - 2), 1):
            self.points.append(Point(at_ns, value, value, value))
        self.points[-1].low = min(self.points[-1].low, value)
        self.points[-1].high = max(self.points[-1].high, value)

    def settle(self, look: Look, raises: bool, clears: bool, value: float, is_anew: bool) -> list[Turn]:
        d = self.alarm.definition
        turns = [self.ripen(look.place * 2)] if self.due_ns is not None and self.due_ns <= look.at_ns else []
        is_enough = self.count(raises, clears, look.at_ns)
        turning = clears if self.active else raises
        if not turning or (is_anew and not self.active):
            self.due_ns = None
        delay_ns = round((d.off_delay_s if self.active else d.on_delay_s) * 1e9)
        if self.is_by_count:
            delay_ns = max(delay_ns, round(d.count_s * 1e9))
        if is_enough and not self.active:
            self.is_by_count = True
            self.due_ns = None
            delay_ns = 0
        if turning and self.due_ns is None and delay_ns:
            self.due_ns, self.due_us = look.at_ns + delay_ns, look.at_us + delay_ns // 1000
        self.due_value = value
        if turning and not delay_ns:
            self.flip()
            turns.append(Turn(look.place * 2 + 1, self.active, value, look.at_us))
        return turns

    def count(self, raises: bool, clears: bool, at_ns: int) -> bool:
        d = self.alarm.definition
        if not d.count:
            return False
        came = raises and not self.holds
        self.holds = raises or (self.holds and not clears)
        if not came:
            return False
        self.came = [*self.came, at_ns][-d.count :]
        return len(self.came) == d.count and at_ns - self.came[0] <= round(d.count_s * 1e9)

    def ripen(self, place: int) -> Turn:
        self.due_ns = None
        self.flip()
        return Turn(place, self.active, self.due_value, self.due_us)

    def flip(self) -> None:
        self.active = not self.active
        if not self.active:
            self.is_by_count = False
