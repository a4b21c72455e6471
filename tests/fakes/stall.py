"""A listener of the tag table that holds up the station thread until it is let go."""

import threading

from plant_models.batch import Batch


class Stall:
    """`hangs` is set once the thread stands; `let_go` ends it for good."""

    def __init__(self) -> None:
        self.hangs = threading.Event()
        self._released = threading.Event()

    def __call__(self, _: Batch) -> None:
        self.hangs.set()
        self._released.wait(30.0)

    def let_go(self) -> None:
        self._released.set()
