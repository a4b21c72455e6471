"""Where the history of a plant stands: files in the data folder, or those and a server behind them. Any thread.

Nothing is opened here: the recorder opens the file, whoever first needs the server opens that.
"""

from collections.abc import Sequence
from pathlib import Path

from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.joined import JoinedArchive
from history.store.months import Months
from history.store.partitions import Partitions
from history.store.parts import Parts
from history.store.place import Home, Writer
from history.store.series import Series
from history.store.served import Served
from history.store.server import Server
from plant_models.clock import Clock


class Places:
    """`home` and `parts` are what is packed; `whole` reads all there is, `near` what needs no server."""

    def __init__(
        self, folder: Path, series: Sequence[Series | str], clock: Clock, address: str, writer: Writer
    ) -> None:
        self.frames = FrameStore(folder, series)
        self._clock, self._months = clock, Months(folder)
        self.faults = self._months.faults
        self.near = Archive(self.frames, self._months)
        self.home: Home = self.frames
        self.parts: Parts = self._months
        self.whole, self.has_server = self.near, bool(address)
        if address:
            server = Server(address, clock, writer.fence)
            self.home = served = Served(server, self.frames.series, writer.is_writer)
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
