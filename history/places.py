"""Where the history of a plant stands: files in the data folder, or those and a server behind them. Any thread.

Nothing is opened here: the recorder opens the file, whoever first needs the server opens that.
"""

from dataclasses import dataclass
from pathlib import Path

from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.joined import JoinedArchive
from history.store.months import Months
from history.store.partitions import Partitions
from history.store.parts import Parts
from history.store.place import Home, Writer
from history.store.served import Served
from history.store.server import Server
from plant_models.clock import Clock


@dataclass(frozen=True, slots=True)
class Far:
    """A server behind the files: its address, and who knows whether this station writes there."""

    address: str
    writer: Writer


class Places:
    """`home` and `parts` are what is packed; `whole` reads all there is, `near` what needs no server."""

    def __init__(self, folder: Path, frames: FrameStore, clock: Clock, far: Far | None = None) -> None:
        self.frames = frames
        self._clock, self._months = clock, Months(folder)
        self.faults = self._months.faults
        self.near = Archive(frames, self._months)
        self.home: Home = frames
        self.parts: Parts = self._months
        self.whole = self.near
        if far is not None:
            server = Server(far.address, clock, far.writer.fence)
            self.home = served = Served(server, frames.series, far.writer)
            self.parts = Partitions(server)
            self.whole = JoinedArchive(self.near, Archive(served, self.parts))

    def known_from_us(self) -> int:
        """Return from when on all that was recorded is near (µs UTC).

        Raises:
            DatabaseError: the file can't be read.
        """
        oldest_us = self.frames.oldest_us()
        return self._clock.wall_us() if oldest_us is None else oldest_us

    def close(self) -> None:
        """Release months and server; the frames belong to the recorder."""
        self.parts.close()
        self._months.close()
