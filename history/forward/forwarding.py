"""Store and forward of one station: spool, its keeper and the forwarder, put together. Made once at its start."""

from collections.abc import Callable, Sequence
from typing import Final

from history.forward.feed import Feed
from history.forward.forwarder import Forwarder
from history.forward.keeper import Keeper
from history.forward.spool import Spool
from history.forward.writer import Writer
from history.health import SpoolHealth
from history.memory import Memory
from history.recorder import Recorder
from history.store.frames import FrameStore
from plant_models.clock import Clock
from plant_models.history_settings import HistorySettings

_GB: Final = 1_000_000_000


class Forwarding:
    """Runs from `start` to `stop`. `tell` hears, in words, when the room gets short and when it no longer is."""

    def __init__(
        self,
        settings: HistorySettings,
        recorder: Recorder,
        parts: tuple[FrameStore, Memory, Clock],
        feeds: Sequence[Feed] = (),
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        store, memory, clock = parts
        self._clock = clock
        self._room_bytes = round(settings.spool_gb * _GB)
        self.spool = Spool(store, memory, recorder, clock)
        self.keeper = Keeper(self.spool, self._room_bytes, lambda: recorder.is_refused, tell)
        self.forwarder = Forwarder(settings.database, self.spool, feeds, clock)

    @property
    def writer(self) -> Writer:
        """The right to write to the server: `fence` begins every transaction of this station there."""
        return self.forwarder.writer

    def start(self) -> None:
        """Start both threads; neither needs the server to be there."""
        self.keeper.start()
        self.forwarder.start()

    def stop(self) -> bool:
        """End; False if the disk hangs and a thread was left behind."""
        self.forwarder.stop()
        return self.keeper.stop()

    @property
    def notice(self) -> str:
        """What a person should know of what the server lost or didn't take; empty if nothing."""
        return self.forwarder.notice

    @property
    def health(self) -> SpoolHealth:
        """The present state."""
        spool, waiting = self.spool, self.spool.waiting
        since_us = spool.since_us
        growth, left = spool.growth, max(self._room_bytes - waiting.bytes, 0)
        return SpoolHealth(
            server=self.forwarder.name,
            bytes=waiting.bytes,
            room_bytes=self._room_bytes,
            frames=waiting.frames,
            since_us=since_us,
            delay_s=0.0 if since_us is None else max(0, self._clock.wall_us() - since_us) / 1e6,
            full_in_s=left / growth if growth > 0 else None,
            sent=spool.sent,
            rate=spool.rate,
            coarsened=spool.coarsened,
            dropped=spool.dropped,
            error=self.forwarder.error or self.keeper.error,
            standing_by=self.writer.standing_by,
        )
