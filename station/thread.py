"""The station thread: the only writer of the tag table. It never does I/O, so that nothing can hold it up.

It lets batches gather for some milliseconds, applies all that wait as one (what a round costs it then costs once),
ages the table four times a second, and lets the alarms follow.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.tag_table import TagTable
from station.batch_check import batch_problem
from station.queue import BatchQueue

AGE_PERIOD_S: Final = 0.25
GATHER_S: Final = 0.01
"""How long the first batch waits for others; a tenth of the time between two frames on screen."""
MALFORMED: Final = "malformed batch"
FAILED: Final = "error while applying"
_log = structlog.get_logger()


class StationThread:
    """Runs from `start` to `stop`. `heartbeat_ns` (monotonic) moves with each round.

    `rounds` counts them, `errors` the steps that failed. `on_round` is called at the end of each round, at least four
    times a second.
    """

    def __init__(
        self, table: TagTable, queue: BatchQueue, clock: Clock, on_round: Callable[[], None] = lambda: None
    ) -> None:
        self._table = table
        self._on_round = on_round
        self._queue = queue
        self._clock = clock
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)
        self._aged_ns = clock.mono_ns()
        self.heartbeat_ns = self._aged_ns
        self.rounds = self.errors = 0
        self._malformed = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 1.0) -> bool:
        """Apply what still waits and end; False if the thread hangs and was left behind."""
        self._is_stopping.set()
        self._queue.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            batches = self._queue.take(AGE_PERIOD_S)
            if batches:
                self._is_stopping.wait(GATHER_S)
                batches += self._queue.take(0.0)
            self._round(batches)
        self._round(self._queue.take(0.0))

    def _round(self, batches: list[Batch]) -> None:
        self.heartbeat_ns = self._clock.mono_ns()
        sound = [batch for batch in batches if self._is_sound(batch)]
        if sound:
            self._apply(sound)
        if self.heartbeat_ns - self._aged_ns >= AGE_PERIOD_S * 1e9:
            self._aged_ns = self.heartbeat_ns
            with self._surviving("age"):
                self._table.age()
        with self._surviving("round"):
            self._on_round()
        self.rounds += 1

    def _apply(self, batches: list[Batch]) -> None:
        """Apply all as one; if that fails, each alone, so that only the one at fault is lost."""
        with self._surviving("apply"):
            self._table.apply(*batches)
            self._queue.note_applied(sum(map(len, batches)))
            return
        if len(batches) == 1:
            self._queue.note_dropped(len(batches[0]), FAILED)
            return
        for batch in batches:
            self._apply([batch])

    @contextmanager
    def _surviving(self, action: str) -> Iterator[None]:
        """Count and tell what fails in the block: this thread must outlive every fault of a driver or listener."""
        try:
            yield
        except Exception as error:  # noqa: BLE001
            self.errors += 1
            if _is_worth_a_line(self.errors):
                _log.exception("station thread: a step failed", action=action, error=str(error), so_far=self.errors)

    def _is_sound(self, batch: Batch) -> bool:
        problem = batch_problem(batch, len(self._table.tags))
        if problem:
            self._queue.note_dropped(len(batch), MALFORMED)
            self._malformed += 1
            if _is_worth_a_line(self._malformed):
                _log.error("station thread: malformed batch", problem=problem, so_far=self._malformed)
        return not problem


def _is_worth_a_line(count: int) -> bool:
    """Tell the first, second, fourth, eighth ...: a fault in every batch must not flood the log."""
    return count & (count - 1) == 0
