"""Reads that a device was too busy for: tried again after short waits that grow. Owned by one worker thread."""

from collections.abc import Callable
from typing import Final

from drivers.back_off import BackOff
from drivers.modbus.scan_plan import ReadBlock, ScanPlan
from drivers.modbus.unit import Unit
from drivers.schedule import NEVER_NS

FIRST_WAIT_S: Final = 0.1

Entry = tuple[Unit, ScanPlan, ReadBlock]


class Postponed:
    """A handful of reads at most, each with the time when it is due."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, entry: Entry, now_ns: int) -> None:
        """Try a read again later; scans leave the block alone until then."""
        unit, _, block = entry
        block.patience = block.patience or BackOff(unit.device.back_off_s, first_s=FIRST_WAIT_S)
        block.patience.failed(now_ns)
        block.not_before_ns = block.patience.due_ns
        self._entries.append(entry)

    def take_due(self, now_ns: int) -> list[Entry]:
        """Return the reads whose time has come, and forget them."""
        return self._take(lambda entry: entry[2].not_before_ns <= now_ns)

    def drop(self, unit: Unit) -> None:
        """Forget the reads of a unit."""
        self._take(lambda entry: entry[0] is unit)

    def next_ns(self) -> int:
        """Return when the next is due; NEVER_NS if there is none."""
        return min((block.not_before_ns for _, _, block in self._entries), default=NEVER_NS)

    def _take(self, is_wanted: Callable[[Entry], bool]) -> list[Entry]:
        if not self._entries:
            return []
        taken = [entry for entry in self._entries if is_wanted(entry)]
        self._entries = [entry for entry in self._entries if not is_wanted(entry)]
        return taken
