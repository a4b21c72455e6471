"""What one scan class of one unit reads: blocks from the planner, and what the device has taught us about holes.

Owned by one worker thread.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from drivers.back_off import BackOff
from drivers.modbus.decoder import Decoder
from drivers.modbus.planner import BIT_COST, REGISTER_COST, Block, Span, plan
from drivers.modbus.points import Point
from plant_models.address import Table
from plant_models.batch import TagIndices
from plant_models.device import Device

_BIT_LIMIT = 2000
_REGISTER_LIMIT = 125


class ReadBlock:
    """One read request and the tags it feeds. It is left alone until `not_before_ns` (monotonic).

    `patience` are the waits of a device that was busy when it was asked last.
    """

    def __init__(self, table: Table, block: Block, points: Sequence[Point], byte_order: str) -> None:
        self.table = table
        self.block = block
        self.offset, self.count = block.offset, block.count
        self._points = points
        self._byte_order = byte_order
        self.not_before_ns = 0
        self.patience: BackOff | None = None

    @property
    def where(self) -> str:
        return f"{self.table.value}:{self.offset}"

    @cached_property
    def rows(self) -> TagIndices:
        return np.array([point.row for point in self._points], np.intp)

    @cached_property
    def decoder(self) -> Decoder:
        return Decoder(self._points, self.block.offset, self._byte_order)

    @property
    def is_single(self) -> bool:
        return len(self.block.spans) == 1

    def halves(self) -> tuple["ReadBlock", "ReadBlock"]:
        """Return two blocks that feed the same tags together."""
        left, right = (self._part(half) for half in self.block.halves())
        return left, right

    def _part(self, block: Block) -> "ReadBlock":
        spans = set(block.spans)
        points = [point for point in self._points if point.span in spans]
        return ReadBlock(self.table, block, points, self._byte_order)


@dataclass(slots=True)
class Findings:
    """What the search in a refused block found: values that have no address, and gaps that can't be read across."""

    refused: list[ReadBlock] = field(default_factory=list)
    cuts: list[tuple[Table, int]] = field(default_factory=list)


class ScanPlan:
    """The blocks of one scan class. `is_waiting` is the caller's note that they already stand in line."""

    def __init__(self, device: Device, points: Iterable[Point], period_s: float) -> None:
        self.period_ns = round(period_s * 1e9)
        self._device = device
        self._points: dict[Table, list[Point]] = defaultdict(list)
        for point in points:
            self._points[point.address.table].append(point)
        self._cuts: dict[Table, set[int]] = defaultdict(set)
        self._refused: dict[tuple[Table, Span], ReadBlock] = {}
        self.blocks: tuple[ReadBlock, ...] = ()
        self._make_blocks()

    def due_blocks(self, now_ns: int) -> list[ReadBlock]:
        """Return the blocks to read in this scan."""
        return [block for block in self.blocks if block.not_before_ns <= now_ns]

    def forgive(self) -> None:
        """Ask for everything again in the next scan: the device may be another one after an outage."""
        for block in self.blocks:
            block.not_before_ns = 0

    def learn(self, findings: Findings) -> None:
        """Plan anew around holes: refused values are read alone, nothing is read across them or across a cut."""
        for block in findings.refused:
            self._refused[block.table, block.block.spans[0]] = block
        for table, cut in findings.cuts:
            self._cuts[table].add(cut)
        self._make_blocks()

    def readmit(self, block: ReadBlock) -> None:
        """Read a value together with the others again if it was refused before."""
        if self._refused.pop((block.table, block.block.spans[0]), None) is not None:
            self._make_blocks()

    def _make_blocks(self) -> None:
        blocks = [block for table in self._points for block in self._blocks_of(table)]
        self.blocks = (*blocks, *self._refused.values())

    def _blocks_of(self, table: Table) -> Iterable[ReadBlock]:
        by_span: dict[Span, list[Point]] = defaultdict(list)
        for point in self._points[table]:
            if (table, point.span) not in self._refused:
                by_span[point.span].append(point)
        refused = {span.offset for refused_table, span in self._refused if refused_table is table}
        limit = _BIT_LIMIT if table.is_bits else min(self._device.max_registers, _REGISTER_LIMIT)
        cost = BIT_COST if table.is_bits else REGISTER_COST
        for block in plan(by_span, limit, self._cuts[table] | refused, cost):
            points = [point for span in block.spans for point in by_span[span]]
            yield ReadBlock(table, block, points, self._device.byte_order)
