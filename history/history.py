"""The history of one station: recorder, memory, files, packer and reader, put together. Made once at its start.

With a server in its settings frames wait in the file until the server has them, and are packed there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.care.caretaker import Caretaker
from history.chunks.cells import Rule
from history.far import FarReader, Reader
from history.forward.feed import Feed
from history.forward.forwarding import Forwarding
from history.health import HistoryHealth
from history.manual_change import ManualChanges
from history.memory import Memory
from history.overview import HistoryOverview
from history.packer import Packer
from history.packing import PackingThread
from history.places import Far, Places
from history.plain_tables import PlainTables
from history.queries.site import site_of
from history.query import HistoryReader, holds_us
from history.recorder import Recorder
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.place import Home
from history.store.plain.place import TablesFile, TablesServer
from history.store.segments import Segments
from history.store.series import series_of
from history.store.sizes import look
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.message import joined, message
from plant_models.plant import Plant
from plant_models.recovered import Recovered
from plant_models.tag import Tag
from plant_models.tag_table import TagTable


class _Rules:
    """How tags are integrated, thinned and kept, by id: a value holds until the next, or as long as silence may be."""

    def __init__(self, home: Home, table: TagTable, holds: NDArray[np.int64]) -> None:
        self._home, self._table = home, table
        self._rules = [rule_for(tag, hold_us) for tag, hold_us in zip(table.tags, holds.tolist(), strict=True)]
        self.longest_hold_us = int(holds.max(initial=0))

    def of(self, tag: int) -> Rule:
        """Return the rule of a tag; one that the plant doesn't have any more holds as long as any."""
        row = self._home.row_of(tag)
        return Rule(is_stepped=True, hold_us=self.longest_hold_us) if row is None else self._rules[row]

    def keeping_of(self, tag: int) -> str:
        """Return the class in which a tag is kept; one that the plant doesn't have any more: the standard one."""
        row = self._home.row_of(tag)
        return "" if row is None else self._table.tags[row].history


def rule_for(tag: Tag, hold_us: int) -> Rule:
    """Return how a tag is treated: the fan for a slope that asks for it, else its deadband; texts stay as they are."""
    deviation = tag.deviation if tag.is_sloped else 0.0
    deadband = 0.0 if tag.is_text else tag.deadband
    return Rule(is_stepped=True, hold_us=hold_us, deadband=deadband, deviation=deviation)


@dataclass(frozen=True, slots=True)
class HistoryLinks:
    """What a station has for its history, which can do without.

    `manual` gives what the audit says of manual values, for the tables that other programs read; `feeds` are rows that
    go to a server as well; `tell` hears, in words, how the room stands for what waits for it.
    """

    manual: ManualChanges | None = None
    feeds: Sequence[Feed] = ()
    tell: Callable[[str], None] = lambda _: None


ALONE: Final = HistoryLinks()


class History:
    """`on_changed` is the listener for the tag table; `reader` reads the disk, so it belongs on a worker thread.

    `links` are what a station has for its history.
    """

    def __init__(self, table: TagTable, plant: Plant, folder: Path, clock: Clock, links: HistoryLinks = ALONE) -> None:
        self._folder, self._clock = folder, clock
        memory, holds = Memory(), holds_us(table.tags, plant.longest_scan_s)
        frames, site = FrameStore(folder, [series_of(tag) for tag in table.tags]), site_of(plant)
        self._recorder = Recorder(table, frames, memory, clock)
        self._forwarding: Forwarding | None = None
        if plant.history.database:
            parts = (frames, memory, clock)
            self._forwarding = Forwarding(plant.history, self._recorder, parts, links.feeds, links.tell)
        far = Far(plant.history.database, self._forwarding.writer) if self._forwarding else None
        self._places = places = Places(folder, frames, clock, far)

        def reader(archive: Archive) -> HistoryReader:
            return HistoryReader(table.index, holds, memory, archive, clock, site)

        self.reader: Reader = reader(places.whole)
        if far is not None:
            self.reader = FarReader(self.reader, reader(places.near), places.known_from_us)
        rules, segments = _Rules(places.home, table, holds), Segments(places.home)
        place = TablesFile(folder, clock) if far is None else TablesServer(places.home)
        self._tables = PlainTables(place, places.parts, segments, plant, links.manual)
        packer = Packer(segments, places.parts, rules.of, rules.longest_hold_us, clock, rules.keeping_of, self._tables)
        keep_days = plant.history.keep_days
        care = Caretaker(folder, (segments, places.parts, places.faults), rules.of, keep_days, clock)
        self._packing = PackingThread(packer, care)

    def start(self) -> None:
        """Start the recorder thread; it opens the file and begins to record whatever state the file is in."""
        self._recorder.start()
        self._packing.start()
        if self._forwarding is not None:
            self._forwarding.start()

    def stop(self) -> bool:
        """Write what waits and end; False if the disk hangs and a thread was left behind."""
        has_ended = [self._packing.stop(), self._recorder.stop()]
        if self._forwarding is not None:
            has_ended.insert(0, self._forwarding.stop())
        self._places.close()
        self._tables.close()
        return all(has_ended)

    def on_changed(self, batch: Batch) -> None:
        """Record changed rows; station thread."""
        self._recorder.offer(batch)

    def recover(self, recovered: Recovered, held: int = 0) -> bool:
        """Record late samples; False if there is no room now: come again later. Any thread.

        `held` more were left out because a manual value stood.
        """
        return self._recorder.recover(recovered, held)

    def overview(self) -> HistoryOverview:
        """Return what history takes on the disk; it reads the disk, so it belongs on a worker thread."""
        return look(self._folder, self._clock.wall_us())

    @property
    def health(self) -> HistoryHealth:
        """The present state."""
        health = self._recorder.health
        why = self._packing.error
        packing = message("History can't be packed: {why}", why=why) if why else ""
        forwarding = self._forwarding.notice if self._forwarding else ""
        return replace(
            health,
            notice=joined([health.notice, packing, forwarding, self._packing.notice, self._tables.notice]),
            size_bytes=health.size_bytes + self._packing.size_bytes,
            spool=self._forwarding.health if self._forwarding else None,
            backup=self._packing.backup,
        )
