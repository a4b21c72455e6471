"""Reading all units of one connection on schedule, and turning every failure into quality. Runs on the worker's thread.

A unit is down until one block came back, and goes down on the second failure in a row; then one block is tried
per back-off wait, so that a dead unit behind a gateway costs its neighbours one time-out per wait.
"""

import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

from drivers.health import LinkState
from drivers.modbus.errors import (
    ACKNOWLEDGE,
    BUSY,
    GATEWAY_PATH,
    GATEWAY_TARGET,
    HOLES,
    ModbusError,
    NoConnection,
    Refused,
    WrongLength,
    meaning,
)
from drivers.modbus.holes import find_hole
from drivers.modbus.outbox import Outbox
from drivers.modbus.postponed import Entry, Postponed
from drivers.modbus.replies import Read
from drivers.modbus.scan_plan import ReadBlock, ScanPlan
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.schedule import NEVER_NS, Schedule
from plant_models.batch import TagIndices, failure
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.quality import Quality

_log = logging.getLogger(__name__)
_FAILURE_LIMIT: Final = 2
_SLOW_RETRY_NS: Final = 60_000_000_000
_PROBE_PATIENCE_NS: Final = 5_000_000_000


class Poller:
    """The reading half of a connection."""

    def __init__(self, units: Sequence[Unit], wire: Wire, outbox: Outbox, clock: Clock) -> None:
        self._units = tuple(unit for unit in units if unit.plans)
        self._wire = wire
        self._outbox = outbox
        self._clock = clock
        self._schedule: Schedule[ScanPlan] = Schedule()
        self._owner = {plan: unit for unit in self._units for plan in unit.plans}
        self._waiting: deque[Entry] = deque()
        self._postponed = Postponed()

    def step(self, now_ns: int) -> bool:
        """Read one block if any is due; True if something was read or tried."""
        self._queue_due(now_ns)
        unit = self._unit_to_probe(now_ns)
        if unit is not None:
            self._read(unit, *unit.probe())
        elif self._waiting:
            self._read(*self._waiting.popleft())
        else:
            return False
        return True

    def next_ns(self) -> int:
        """Return when `step` will next have something to do."""
        probes = (max(unit.back_off.due_ns, self._wire.ready_ns) for unit in self._units if not unit.is_up)
        return min(self._schedule.next_ns(), self._postponed.next_ns(), *probes, NEVER_NS)

    def fail_all(self, words: str) -> None:
        """Take every unit down: nothing of this connection may look good."""
        for unit in self._units:
            self._take_down(unit, Quality.BAD_NO_COMMUNICATION, words)

    def _queue_due(self, now_ns: int) -> None:
        """Put the blocks of every due plan in line; a plan that still stands there skips this scan."""
        due = self._schedule.take_due(now_ns, self._overran)
        if due:
            standing = {plan for _, plan, _ in self._waiting}
            for plan in due:
                if plan in standing:
                    self._overran(plan, 1)
                else:
                    self._waiting.extend((self._owner[plan], plan, block) for block in plan.due_blocks(now_ns))
        for entry in self._postponed.take_due(now_ns):
            if entry not in self._waiting:
                self._waiting.append(entry)

    def _overran(self, plan: ScanPlan, scans: int) -> None:
        self._owner[plan].counters.overran(scans)

    def _unit_to_probe(self, now_ns: int) -> Unit | None:
        """Return a unit that is down and due. Reads of living units go first, but not for ever."""
        if now_ns < self._wire.ready_ns:
            return None
        down = [unit for unit in self._units if not unit.is_up and unit.back_off.is_due(now_ns)]
        if not down:
            return None
        unit = min(down, key=lambda unit: unit.back_off.due_ns)
        is_patient = bool(self._waiting) and now_ns - unit.back_off.due_ns < _PROBE_PATIENCE_NS
        return None if is_patient else unit

    def _read(self, unit: Unit, plan: ScanPlan, block: ReadBlock) -> None:
        if unit.failures_in_row or not unit.is_up:
            self._outbox.flush()  # nothing waits while this may take a whole time-out
        try:
            self._read_into_sink(unit, block)
        except ModbusError as error:
            self._on_failure(unit, plan, block, error)
        else:
            self._answered(unit)
            block.patience = None
            if block.is_single:
                plan.readmit(block)

    def _on_failure(self, unit: Unit, plan: ScanPlan, block: ReadBlock, error: ModbusError) -> None:
        if isinstance(error, Refused):
            self._on_refusal(unit, plan, block, error)
        elif isinstance(error, WrongLength):
            self._answered(unit)
            self._mark(block.rows, Quality.BAD_DECODING_ERROR)
        elif isinstance(error, NoConnection):
            self.fail_all(error.words)
        else:
            self._on_silence(unit, plan, block, error)

    def _read_into_sink(self, unit: Unit, block: ReadBlock) -> None:
        reply = self._wire.read(unit.device.unit_id, unit.counters, block.table, block.offset, block.count)
        self._outbox.keep(Read(unit, block, reply))

    def _answered(self, unit: Unit) -> None:
        """Note a sign of life; a unit that was down is up again, and all its tags are due."""
        unit.failures_in_row = 0
        if unit.is_up:
            return
        unit.is_up = True
        unit.back_off.succeeded()
        now_ns = self._clock.mono_ns()
        for plan in unit.plans:
            plan.forgive()
            self._schedule.start(plan, plan.period_ns, now_ns)
        self._mark(unit.wrong_rows, Quality.BAD_CONFIGURATION_ERROR)
        if unit.counters.enter(LinkState.CONNECTED, unit.problem):
            _log.info("%s: connected", unit.device.name)

    def _on_refusal(self, unit: Unit, plan: ScanPlan, block: ReadBlock, refusal: Refused) -> None:
        code = refusal.code
        if code in (GATEWAY_PATH, GATEWAY_TARGET):
            for other in self._units if code == GATEWAY_PATH else (unit,):
                self._take_down(other, meaning(code).quality, refusal.words)
            return
        self._answered(unit)
        if code in HOLES and not block.is_single:
            self._find_hole(unit, plan, block, refusal)
        else:
            self._mark_refused(unit, block, refusal)
            if code in (ACKNOWLEDGE, BUSY):
                self._postponed.add((unit, plan, block), self._clock.mono_ns())

    def _mark_refused(self, unit: Unit, block: ReadBlock, refusal: Refused) -> None:
        why = meaning(refusal.code)
        self._mark(block.rows, why.quality)
        unit.counters.enter(LinkState.CONNECTED, message("{why}: {address}", why=refusal.words, address=block.where))
        if why.is_lasting:
            block.not_before_ns = self._clock.mono_ns() + _SLOW_RETRY_NS

    def _find_hole(self, unit: Unit, plan: ScanPlan, block: ReadBlock, refusal: Refused) -> None:
        """Search a refused block; what lies beyond the hole is read next, so that a scan has no gap."""
        try:
            hole = find_hole(len(block.block.spans), lambda first, stop: self._is_hole(unit, block.part(first, stop)))
        except ModbusError as error:
            self._on_failure(unit, plan, block, error)
            return
        value = block.part(hole.place, hole.place + 1)
        if hole.is_value:
            plan.exclude(value)
            self._mark_refused(unit, value, refusal)
        else:
            plan.cut_before(value)
        if hole.place + 1 < len(block.block.spans):
            rest = plan.blocks_over(block.part(hole.place + 1, len(block.block.spans)))
            self._waiting.extendleft((unit, plan, one) for one in reversed(rest))

    def _is_hole(self, unit: Unit, part: ReadBlock) -> bool:
        try:
            self._read_into_sink(unit, part)
        except Refused as refusal:
            if refusal.code not in HOLES:
                raise
            return True
        return False

    def _on_silence(self, unit: Unit, plan: ScanPlan, block: ReadBlock, error: ModbusError) -> None:
        """Try once more at once; on the second failure in a row, or at a probe, the unit is down."""
        unit.failures_in_row += 1
        if unit.is_up and unit.failures_in_row < _FAILURE_LIMIT:
            self._waiting.appendleft((unit, plan, block))
        else:
            self._take_down(unit, Quality.BAD_NO_COMMUNICATION, error.words)

    def _take_down(self, unit: Unit, quality: Quality, words: str) -> None:
        unit.is_up = False
        unit.failures_in_row = 0
        unit.back_off.failed(self._clock.mono_ns())
        for plan in unit.plans:
            self._schedule.stop(plan)
        self._waiting = deque(entry for entry in self._waiting if entry[0] is not unit)
        self._postponed.drop(unit)
        self._mark(unit.rows, quality)
        if unit.counters.enter(LinkState.DOWN, words):
            _log.warning("%s: down: %s", unit.device.name, words)

    def _mark(self, rows: TagIndices, quality: Quality) -> None:
        if len(rows):
            self._outbox.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))
