"""What a running station does for its history when there is nothing to be packed: a little at a time, packer thread."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import structlog

from history.care.backup_note import read_note
from history.care.retention import outdated, without_asking
from history.care.scrubber import Scrubber
from history.care.state import load_state, save_state
from history.chunks.cells import HOUR_US, MINUTE_US, Rule
from history.health import BackupNote
from history.store.file_faults import FileFaults
from history.store.part_files import Part, part_named, part_of
from history.store.parts import Parts, part_name
from history.store.segments import Segments
from plant_models.clock import Clock
from plant_models.message import joined, message

_log: Final = structlog.get_logger()


class Caretaker:
    """Scrubs, removes what is outdated, and says what a person should look at: `notice` and `backup`, any thread."""

    def __init__(
        self,
        data: Path,
        store: tuple[Segments, Parts, FileFaults],
        rule_of: Callable[[int], Rule],
        keep_days: Mapping[str, int | None],
        clock: Clock,
    ) -> None:
        self._data, self._keep_days, self._clock = data, keep_days, clock
        self._segments, self._parts, self._faults = store
        self._state = load_state(data)
        self._scrubber = Scrubber(self._segments, self._parts, rule_of, self._state)
        self._faults.expect(self._state.known)
        self._saved_us = self._pruned_us = self._looked_us = -HOUR_US
        self._waiting: list[Part] = []
        self.notice = ""
        self.backup: BackupNote | None = None

    def step(self) -> None:
        """Do a little of each.

        Raises:
            DatabaseError: something can't be done now; it is tried again.
            OSError: likewise.
        """
        now_us = self._clock.wall_us()
        if _is_due(self._looked_us, now_us, MINUTE_US):
            self.backup = read_note(self._data)
            self._looked_us = now_us
        if self._segments.is_open:
            if _is_due(self._pruned_us, now_us, HOUR_US):
                self._prune(now_us)
                self._pruned_us = now_us
            self._scrubber.step()
        if _is_due(self._saved_us, now_us, 10 * MINUTE_US):
            self.save()
            self._saved_us = now_us
        self._look()

    def save(self) -> None:
        """Remember how far it is.

        Raises:
            OSError: the folder can't be written.
        """
        self._state.known = sorted(self._faults.known)
        save_state(self._data, self._state)

    def _prune(self, now_us: int) -> None:
        known = filter(None, map(part_of, self._faults.known))
        for part in outdated(known, self._keep_days, now_us):
            if not (self._data / part.name).exists():  # removed by `history prune`
                self._faults.forget(part.name)
        due = outdated(map(part_named, self._parts.between(0, 2**62)), self._keep_days, now_us)
        going = without_asking(due)
        for part in going:
            name = part_name(part.month, part.keeping)
            self._parts.drop(name)
            self._scrubber.forget(name)
            _log.info("history: a month was removed, as keep_days says", part=name)
        self._waiting = [part for part in due if part not in going]

    def _look(self) -> None:
        told = [self._faults.notice]
        if self._scrubber.broken:
            count = self._scrubber.broken
            told.append(message("{count} packed hours can't be read; a backup may have them", count=count))
        if self._waiting:
            told.append(
                message(
                    "{count} months are older than keep_days; is the clock right? Then: main.py history prune",
                    count=len(self._waiting),
                )
            )
        self.notice = joined(told)


def _is_due(last_us: int, now_us: int, every_us: int) -> bool:
    """Also after the clock was set back."""
    return not 0 <= now_us - last_us < every_us
