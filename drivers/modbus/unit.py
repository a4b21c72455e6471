"""One PLC behind a connection: what is read from it, and whether it answers. Owned by one worker thread."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from drivers.back_off import BackOff
from drivers.connect_problem import NO_TAG
from drivers.connection import DriverContext
from drivers.health import LinkState
from drivers.modbus.points import Point, point_of
from drivers.modbus.scan_plan import ReadBlock, ScanPlan
from plant_models.batch import Batch
from plant_models.device import Device
from plant_models.message import message, words_of
from plant_models.quality import is_good
from plant_models.tag import Tag


class Unit:
    """A device with its points, plans, counters and back-off. It starts down, with a probe due at once.

    `rows` are all its tags, `wrong_rows` those whose address can't be read, `problem` says why of the first.
    """

    def __init__(
        self,
        device: Device,
        tags: Sequence[tuple[int, Tag]],
        context: DriverContext,
    ) -> None:
        self.device = device
        self.points: dict[int, Point] = {}
        wrong: list[int] = []
        self.problem = ""
        for row, tag in tags:
            try:
                self.points[row] = point_of(row, tag, device)
            except ValueError as error:
                self.problem = self.problem or message(
                    "The address of {tag} is wrong: {why}", tag=tag.name, why=words_of(error)
                )
                wrong.append(row)
        self._clock_row = next((row for row, tag in tags if tag.name == device.clock_tag), None)
        self.rows = np.array([row for row, _ in tags], np.intp)
        self.wrong_rows = np.array(wrong, np.intp)
        self.plans = _plans(device, self.points.values(), context.scan_s)
        is_read = bool(self.plans)
        self.counters = context.counters_of(device.name)
        self.counters.enter(
            LinkState.CONNECTING if is_read else LinkState.DISABLED,
            self.problem or ("" if is_read else NO_TAG),
        )
        self.back_off = BackOff(device.back_off_s, context.jitter)
        self.is_up = False
        self.failures_in_row = 0

    def see(self, batch: Batch) -> None:
        """Note what samples tell about the device: its clock."""
        if self._clock_row is not None and batch.values is not None and batch.qualities is not None:
            for at in np.flatnonzero(batch.tags == self._clock_row):
                if is_good(int(batch.qualities[at])):
                    self.counters.saw_clock(round(float(batch.values[at]) * 1e6), int(batch.source_us[at]))

    def probe(self) -> tuple[ScanPlan, ReadBlock]:
        """Return the one block that shows whether the unit answers."""
        plan = self.plans[0]
        return plan, plan.blocks[0]


def _plans(device: Device, points: Iterable[Point], scan_s: Mapping[str, float]) -> tuple[ScanPlan, ...]:
    by_scan: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by_scan[point.tag.scan].append(point)
    return tuple(
        ScanPlan(device, by_scan[scan], scan_s[scan]) for scan in sorted(by_scan, key=lambda name: scan_s[name])
    )
