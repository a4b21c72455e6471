"""The recorder thread: takes what changed, stamps it, keeps it in memory, and writes one frame a second.

It alone writes the disk, so that no slow or broken disk holds up the station thread or a screen. What can't be written
waits in memory, up to the capacity of the intake, and is tried again every second.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import numpy as np
import structlog

from database.errors import DatabaseError
from history.clock_watch import ClockStep, ClockWatch
from history.coarse import coarse
from history.columns import Columns
from history.health import COARSENED, FAILED, STOPPED, HistoryHealth
from history.intake import CAPACITY, Intake
from history.late import place
from history.memory import FRAME_ROWS, Memory
from history.reserve import check_reserve
from history.run_marks import RunMarks
from history.series import NO_DATA
from history.stamping import Stamper
from history.store.frames import FrameStore
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.message import message, words_of
from plant_models.recovered import Recovered
from plant_models.tag_table import TagTable

FRAME_NS: Final = 1_000_000_000
WAIT_S: Final = 0.25
NEARLY: Final = 9
"""Tenths of the capacity at which what waits in memory is thinned."""
_NO_ROOM: Final = "disk is full"
_log = structlog.get_logger()


class Recorder:
    """Runs from `start` to `stop`. `offer` belongs to the station thread, the rest may be asked by any."""

    def __init__(
        self, table: TagTable, store: FrameStore, memory: Memory, clock: Clock, capacity: int = CAPACITY
    ) -> None:
        self._table, self._store, self._memory, self._clock = table, store, memory, clock
        self._intake = Intake(capacity)
        self._capacity = capacity
        self._stamper = Stamper(table.tags)
        self._all_rows = np.arange(len(table.tags))
        self._watch, self._steps = ClockWatch(clock), list[ClockStep]()
        self._thin_at = capacity * NEARLY // 10
        self.run_marks = RunMarks()
        self.is_refused = False
        """Whether the disk, or the file, had no room for the last frame."""
        self._has_begun = False
        self._written_ns = clock.mono_ns()
        self._late, self._marks, self._lost_marks, self._rate, self._size_bytes = 0, 0, 0, 0.0, 0
        self._error, self._notice = "", ""
        self._is_stopping, self._is_flushing, self._is_flushed = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def offer(self, batch: Batch) -> bool:
        """Take changed rows without blocking; False if there is no room: then they are counted as dropped."""
        return self._intake.offer(batch, self._clock.wall_us())

    def recover(self, recovered: Recovered, held: int = 0) -> bool:
        """Take late samples without blocking; False if there is no room now: then nothing was taken or counted.

        `held` more were left out because a manual value stood. Any thread.
        """
        if self._memory.waiting_rows > self._capacity // 2:  # confirmations of late samples count there only
            return False
        return self._intake.offer_late(recovered, self._clock.wall_us(), held)

    def start(self) -> None:
        """Start the thread; it opens the file."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Write what waits and end; False if the disk hangs and the thread was left behind."""
        self._is_stopping.set()
        self._intake.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Try to write now what was offered so far; False if that took longer."""
        self._is_flushed.clear()
        self._is_flushing.set()
        self._intake.wake()
        return self._is_flushed.wait(timeout_s)

    def lose(self, frames: range, rows: int, lost: int, reason: str) -> None:
        """Of some neighbouring frames with `rows` rows together, `lost` rows are no longer on the disk. Any thread."""
        loss = self.run_marks.lose(frames, rows, lost)
        self._intake.note_lost(loss.samples, reason, loss.earlier)
        self._lost_marks += loss.marks

    @property
    def health(self) -> HistoryHealth:
        """The present state."""
        account, since_us = self._intake.account, self._memory.waiting_since_us
        return HistoryHealth(
            received=account.received,
            stored=account.stored,
            queued=account.queued,
            dropped=account.dropped,
            late=self._late,
            marks=self._marks - self._lost_marks,
            rate=self._rate,
            delay_s=0.0 if since_us is None else max(0, self._clock.wall_us() - since_us) / 1e6,
            size_bytes=self._size_bytes,
            error=self._error,
            notice=self._notice,
        )

    def _run(self) -> None:
        with self._surviving("open"):
            self._write()  # nothing yet, but it opens the file, so that what is wrong with it is told at once
        while not self._is_stopping.is_set():
            self._round()
        with self._surviving("stop"):
            self._write()
        self._intake.note_dropped(self._intake.account.queued, STOPPED)
        self._store.close()

    def _round(self) -> None:
        with self._surviving("record"):
            self._take(WAIT_S)
            is_asked = self._is_flushing.is_set()
            is_due = self._clock.mono_ns() - self._written_ns >= FRAME_NS
            if is_asked:
                self._is_flushing.clear()  # only what was seen: who asks from now on waits for the next round
            if is_asked or is_due or self._memory.waiting_rows >= FRAME_ROWS:
                self._write()
            if is_asked:
                self._is_flushed.set()

    def _take(self, timeout_s: float) -> None:
        for batch, received_us in self._intake.take(timeout_s):
            if isinstance(batch, Recovered):
                self._take_late(batch, received_us)
                continue
            lost = len(batch)
            with self._surviving("stamp"):
                self._memory.add(self._stamper.stamp(batch, received_us))
                lost = 0
            self._intake.note_dropped(lost, FAILED)

    def _take_late(self, recovered: Recovered, received_us: int) -> None:
        refused: Mapping[str, int] = {FAILED: len(recovered)}
        with self._surviving("take late samples"):
            placed = place(recovered, received_us)
            self._memory.add(placed.columns, placed.marks)
            refused = placed.refused
            self._late += len(placed.columns) - placed.marks
        for reason, count in refused.items():
            self._intake.note_dropped(count, reason)

    def _write(self) -> None:
        """Write all that waits; what can't be written goes on waiting."""
        started_ns, stored = self._clock.mono_ns(), 0
        self._watch_clock()
        try:
            if not self._store.is_open:
                self._open()
            if self._steps:
                self._store.note_steps(self._steps)
                self._steps.clear()
            self._add_heartbeats()
            while (frame := self._memory.next_frame()) is not None:
                check_reserve(self._store.path, self._store.free_inside)
                first, last = self._store.append(frame.columns, self._clock.wall_us())
                self._memory.note_stored(first, last)
                self.run_marks.note(first, last, frame.marks)
                samples = len(frame.columns) - frame.marks
                self._intake.note_stored(samples)
                self._marks += frame.marks
                stored += samples
            self._thin_at, self.is_refused = self._capacity * NEARLY // 10, False
            self._tell("")
        except DatabaseError as error:
            self._tell(words_of(error))
            self.is_refused = _NO_ROOM in error.template
            self._thin()
        finally:
            self._rate = stored / max((started_ns - self._written_ns) / 1e9, 1e-3)
            self._written_ns = started_ns
            self._size_bytes = self._store.size_bytes
            self._notice = self._look_for_damage()

    def _watch_clock(self) -> None:
        """Tell of a step of the wall clock; it waits to be written until the file takes it."""
        step = self._watch.look()
        if step is not None:
            seconds = (step.after_us - step.before_us) / 1e6
            _log.warning("history: the clock of this computer was set", seconds=seconds, now_us=step.after_us)
            self._steps.append(step)

    def _thin(self) -> None:
        """When memory is nearly full of what can't be written, leave a sample a minute and tag of it."""
        if self._memory.waiting_rows < self._thin_at:
            return
        samples, marks = self._memory.thin(coarse)
        self._intake.note_dropped(samples, COARSENED)
        _log.warning("history: samples that can't be stored were thinned", samples=samples, marks=marks)
        self._thin_at = max(self._capacity * NEARLY // 10, self._memory.waiting_rows + self._capacity // 10)

    def _open(self) -> None:
        """Open the file and, at the first time, mark that nothing was recorded since the last run ended."""
        now_us = self._clock.wall_us()
        end = self._store.open(now_us)
        self._memory.start_after(end.seq)
        self.run_marks.start_after(end.seq)
        if end.at_us is not None and not self._has_begun:
            n = len(self._all_rows)
            times, received = np.full(n, end.at_us + 1, np.int64), np.full(n, now_us, np.int64)
            no_data = np.full(n, NO_DATA, np.uint16)
            ids = self._all_rows.astype(np.int64)
            self._memory.add(Columns(ids, np.full(n, np.nan), no_data, times, times, received), marks=n)
        self._has_begun = True

    def _add_heartbeats(self) -> None:
        """Confirm the values that hold; the times of reading are taken first, so that no newer value is in them."""
        received_ns = self._table.read(self._all_rows).received_ns
        now_us, now_ns = self._clock.wall_us(), self._clock.mono_ns()
        self._take(0.0)
        if self._memory.waiting_rows < self._capacity:
            columns = self._stamper.heartbeats(now_us - (now_ns - received_ns) // 1_000, now_us)
            self._memory.add(columns, marks=len(columns))

    def _tell(self, error: str) -> None:
        if error != self._error:
            if error:
                _log.error("history: samples can't be stored", error=error, queued=self._intake.account.queued)
            else:
                _log.info("history: samples are stored again")
        self._error = error

    def _look_for_damage(self) -> str:
        aside, unreadable = self._store.files_aside, self._store.unreadable
        if aside:
            return message(
                "The history was damaged; what was there is kept in {file}, a new one was begun", file=aside[-1].name
            )
        if unreadable:
            return message("{count} frames of the history can't be read; they are shown as gaps", count=unreadable)
        if self._store.unit_changes:
            change = self._store.unit_changes[-1]
            return message(
                "The unit of {tag} is {after}, it was {before} ({count} such tags); older history is in the old unit",
                tag=change.tag,
                after=change.after or "-",
                before=change.before or "-",
                count=len(self._store.unit_changes),
            )
        return ""

    @contextmanager
    def _surviving(self, action: str) -> Iterator[None]:
        """Tell of what fails in the block: this thread must outlive every fault."""
        try:
            yield
        except Exception as error:  # noqa: BLE001
            _log.exception("recorder: a step failed", action=action, error=str(error))
