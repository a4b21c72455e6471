"""Reading all units of one connection on schedule, and turning every failure into quality. Runs on the worker's thread.

A unit is down until one block came back, and goes down on the second failure in a row; then one block is tried
per back-off wait, so that a dead unit behind a gateway costs its neighbours one time-out per wait.
"""

import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

from drivers.base import Sink
from drivers.health import LinkState
from drivers.modbus.errors import (
    GATEWAY_PATH,
    GATEWAY_TARGET,
    ILLEGAL_ADDRESS,
    ModbusError,
    NoConnection,
    Refused,
    WrongLength,
    meaning,
)
from drivers.modbus.scan_plan import Findings, ReadBlock, ScanPlan
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

    def __init__(self, units: Sequence[Unit], wire: Wire, sink: Sink, clock: Clock) -> None:
        self._units = tuple(unit for unit in units if unit.plans)
        self._wire = wire
        self._sink = sink
        self._clock = clock
        self._schedule: Schedule[ScanPlan] = Schedule()
        self._owner = {plan: unit for unit in self._units for plan in unit.plans}
        self._waiting: deque[tuple[Unit, ScanPlan, ReadBlock]] = deque()

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
        return min(self._schedule.next_ns(), *probes, NEVER_NS)

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
        try:
            self._read_into_sink(unit, block)
        except Refused as refusal:
            self._on_refusal(unit, plan, block, refusal)
        except WrongLength:
            self._answered(unit)
            self._mark(block.rows, Quality.BAD_DECODING_ERROR)
        except NoConnection as error:
            self.fail_all(error.words)
        except ModbusError as error:
            self._on_silence(unit, plan, block, error)
        else:
            self._answered(unit)
            if block.is_single:
                plan.readmit(block)

    def _read_into_sink(self, unit: Unit, block: ReadBlock) -> None:
        span = block.block
        reply = self._wire.read(unit.device.unit_id, unit.counters, block.table, span.offset, span.count)
        batch = block.decoder.decode(reply)
        unit.see(batch, is_taken=self._sink.offer(batch))

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
        if code == ILLEGAL_ADDRESS and not block.is_single:
            self._find_holes(unit, plan, block)
        else:
            self._mark_refused(unit, block, refusal)

    def _mark_refused(self, unit: Unit, block: ReadBlock, refusal: Refused) -> None:
        why = meaning(refusal.code)
        self._mark(block.rows, why.quality)
        unit.counters.enter(LinkState.CONNECTED, message("{why}: {address}", why=refusal.words, address=block.where))
        if why.is_lasting:
            block.not_before_ns = self._clock.mono_ns() + _SLOW_RETRY_NS

    def _find_holes(self, unit: Unit, plan: ScanPlan, block: ReadBlock) -> None:
        findings = Findings()
        try:
            self._bisect(unit, block, findings)
        except NoConnection as error:
            self.fail_all(error.words)
        except ModbusError as error:
            self._on_silence(unit, plan, block, error)
        else:
            plan.learn(findings)

    def _bisect(self, unit: Unit, block: ReadBlock, findings: Findings) -> None:
        """Read the two halves of a refused block; if both come, the hole lies between them."""
        left, right = block.halves()
        came = [self._try_part(unit, half, findings) for half in (left, right)]
        if all(came):
            findings.cuts.append((block.table, right.block.offset))

    def _try_part(self, unit: Unit, block: ReadBlock, findings: Findings) -> bool:
        try:
            self._read_into_sink(unit, block)
        except WrongLength:
            self._mark(block.rows, Quality.BAD_DECODING_ERROR)
            return False
        except Refused as refusal:
            if refusal.code == ILLEGAL_ADDRESS and not block.is_single:
                self._bisect(unit, block, findings)
                return False
            self._mark_refused(unit, block, refusal)
            if refusal.code == ILLEGAL_ADDRESS:
                findings.refused.append(block)
            return False
        return True

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
        self._mark(unit.rows, quality)
        if unit.counters.enter(LinkState.DOWN, words):
            _log.warning("%s: down: %s", unit.device.name, words)

    def _mark(self, rows: TagIndices, quality: Quality) -> None:
        if len(rows):
            self._sink.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))
