"""What one scan class of one unit reads: blocks from the planner, and what the device has taught us about holes.

Owned by one worker thread.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from drivers.back_off import BackOff
from drivers.modbus.decoder import Decoder, Part
from drivers.modbus.planner import BITS_A_REGISTER, REGISTER_COST, SERIAL_REGISTER_COST, Block, Span, plan
from drivers.modbus.points import Point
from plant_models.address import Table
from plant_models.batch import TagIndices
from plant_models.device import TCP, Device
from plant_models.leases import Leases


class ReadBlock:
    """One read request and the tags it feeds. It is left alone until `not_before_ns` (monotonic).

    If it is leased and nobody looks at its tags, it rests until `rests_until_ns`.
    `patience` are the waits of a device that was busy when it was asked last.
    `decoders` are those for this block and others that are read after it, shared by all that may be decoded together.
    """

    def __init__(self, table: Table, block: Block, points: Sequence[Point], device: Device) -> None:
        self.table = table
        self.block = block
        self.offset, self.count = block.offset, block.count
        self._points = points
        self._device = device
        self.not_before_ns = self.rests_until_ns = 0
        self.patience: BackOff | None = None
        self.decoders: dict[tuple[ReadBlock, ...], Decoder] = {}

    @property
    def where(self) -> str:
        return f"{self.table.value}:{self.offset}"

    @cached_property
    def rows(self) -> TagIndices:
        return np.array([point.row for point in self._points], np.intp)

    @cached_property
    def decoder(self) -> Decoder:
        return Decoder([self.part_to_decode], self._device)

    @property
    def part_to_decode(self) -> Part:
        return Part(self._points, self.offset, self.count)

    @property
    def is_single(self) -> bool:
        return len(self.block.spans) == 1

    def part(self, first: int, stop: int) -> "ReadBlock":
        """Return the block that feeds the tags of spans number `first` to `stop` - 1 only."""
        block = self.block.part(first, stop)
        spans = set(block.spans)
        points = [point for point in self._points if point.span in spans]
        return ReadBlock(self.table, block, points, self._device)


class ScanPlan:
    """The blocks of one scan class; `leases` say which of them somebody looks at."""

    leases: Leases | None = None

    def __init__(self, device: Device, points: Iterable[Point], period_s: float) -> None:
        self.period_ns = round(period_s * 1e9)
        self._device = device
        self._points: dict[Table, list[Point]] = defaultdict(list)
        for point in points:
            self._points[point.address.table].append(point)
        self._cuts: dict[Table, set[int]] = defaultdict(set)
        self._forbidden: dict[Table, set[int]] = defaultdict(set)
        for taken in device.forbidden:
            self._forbidden[Table(taken.table)].add(taken.first)  # no value begins in it: to end before it is enough
        self._refused: dict[tuple[Table, Span], ReadBlock] = {}
        self.blocks: tuple[ReadBlock, ...] = ()
        self._make_blocks()

    def due_blocks(self, now_ns: int) -> list[ReadBlock]:
        """Return the blocks to read in this scan."""
        return [block for block in self.blocks if block.not_before_ns <= now_ns and not self._rests(block, now_ns)]

    def _rests(self, block: ReadBlock, now_ns: int) -> bool:
        """Tell whether a block is left out of this scan since nobody looks at it; else its next rest begins."""
        if self.leases is None or not (rest_ns := self.leases.rest_ns(int(block.rows[0]))):
            return False
        if now_ns < block.rests_until_ns and not self.leases.is_any_held(block.rows, now_ns):
            return True
        block.rests_until_ns = now_ns + rest_ns - self.period_ns // 2
        return False

    def forgive(self) -> None:
        """Ask for everything again in the next scan: the device may be another one after an outage."""
        for block in self.blocks:
            block.not_before_ns = block.rests_until_ns = 0

    def exclude(self, value: ReadBlock) -> None:
        """Read a refused value alone from now on, and nothing across it."""
        self._refused[value.table, value.block.spans[0]] = value
        self._make_blocks()

    def cut_before(self, value: ReadBlock) -> None:
        """Read nothing across the gap before a value from now on."""
        self._cuts[value.table].add(value.block.offset)
        self._make_blocks()

    def blocks_over(self, part: ReadBlock) -> list[ReadBlock]:
        """Return the blocks that now feed the tags of a part of an older one, those of refused values left out."""
        start, end = part.block.offset, part.block.end
        planned = (one for one in self.blocks if one.table is part.table and not self._is_refused(one))
        return [one for one in planned if one.block.offset < end and start < one.block.end]

    def readmit(self, block: ReadBlock) -> None:
        """Read a value together with the others again if it was refused before: the device's map has grown.

        What was learnt about gaps no longer holds then.
        """
        if self._refused.pop((block.table, block.block.spans[0]), None) is not None:
            self._cuts[block.table].clear()
            self._make_blocks()

    def _is_refused(self, block: ReadBlock) -> bool:
        return (block.table, block.block.spans[0]) in self._refused

    def _make_blocks(self) -> None:
        blocks = [block for table in self._points for block in self._blocks_of(table)]
        for is_bits in (False, True):
            shared: dict[tuple[ReadBlock, ...], Decoder] = {}
            for block in blocks:
                if block.table.is_bits is is_bits:
                    block.decoders = shared
        self.blocks = (*blocks, *self._refused.values())

    def _blocks_of(self, table: Table) -> Iterable[ReadBlock]:
        by_span: dict[Span, list[Point]] = defaultdict(list)
        for point in self._points[table]:
            if (table, point.span) not in self._refused:
                by_span[point.span].append(point)
        refused = {span.offset for refused_table, span in self._refused if refused_table is table}
        limit = self._device.max_bits if table.is_bits else self._device.max_registers
        cost = REGISTER_COST if self._device.transport == TCP else SERIAL_REGISTER_COST
        cost /= BITS_A_REGISTER if table.is_bits else 1
        for block in plan(by_span, limit, self._cuts[table] | self._forbidden[table] | refused, cost):
            points = [point for span in block.spans for point in by_span[span]]
            yield ReadBlock(table, block, points, self._device)
