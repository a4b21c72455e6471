"""A recording station whose frames go to a server, step by step, without threads of its own but the recorder's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from history.forward.feed import Feed
from history.forward.forwarding import Forwarding
from history.health import HistoryHealth, SpoolHealth
from plant_models.history_settings import HistorySettings
from tests.fakes.clock import ManualClock
from tests.fakes.recording import NAMES, Recording

NOBODY = "postgresql://postgres@127.0.0.1:1/nobody"


class Spooling(Recording):
    """`start` it, `record`, `send`, `stop` it. `told` is what people were told of the room."""

    def __init__(
        self,
        folder: Path,
        clock: ManualClock,
        address: str = NOBODY,
        *,
        spool_gb: float = 10.0,
        feeds: Sequence[Feed] = (),
        names: tuple[str, ...] = NAMES,
    ) -> None:
        super().__init__(folder, clock, names)
        self.told: list[str] = []
        settings = HistorySettings(database=address, spool_gb=spool_gb)
        parts = (self.store, self.memory, clock)
        self.forwarding = Forwarding(settings, self.recorder, parts, feeds, self.told.append)

    def start(self) -> "Spooling":
        super().start()
        assert self.recorder.flush()
        self.forwarding.keeper.step()
        return self

    def stop(self) -> None:
        self.forwarding.forwarder.close()
        super().stop()

    def record(self, seconds: int, step_s: float = 1.0) -> None:
        """A new value of each tag a second."""
        for _ in range(seconds):
            at = self.clock.mono_ns() / 1e9
            self.put({name: at + place for place, name in enumerate(self.table.index)})
            self.tick(step_s)

    def try_to_send(self) -> str:
        """Send until nothing waits that can be sent; return why not all could be."""
        forwarder = self.forwarding.forwarder
        while forwarder.turn() == 0.0:
            pass
        self.forwarding.keeper.step()
        return forwarder.error

    def send(self) -> None:
        """Send all that waits."""
        assert self.try_to_send() == ""

    @property
    def health(self) -> HistoryHealth:
        """The health; its account holds, and so does that of the spool against the file."""
        self.forwarding.keeper.step()
        health, spool = super().health, self.forwarding.health
        waiting = self.forwarding.spool.waiting
        here = [frame for frame in self.frames("seq, n") if frame[0] > self.forwarding.spool.acked]
        assert (waiting.frames, waiting.rows) == (len(here), sum(n for _, n in here))
        assert spool.frames == waiting.frames
        return health

    @property
    def spool(self) -> SpoolHealth:
        return self.forwarding.health


def ask(address: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what a server's tables hold, asked as another program would."""
    with psycopg.connect(
        address, options="-c search_path=clearwell -c default_transaction_read_only=off", autocommit=True
    ) as connection:
        cursor = connection.execute(query, values)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def frames_there(address: str) -> list[tuple[int, int]]:
    """Return number and rows of each frame on a server, in order."""
    return ask(address, "SELECT seq, n FROM hist_frame ORDER BY src, seq")


def on_loopback(address: str, port: int) -> str:
    """Return an address of the same database by way of another port."""
    return make_url(address).set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
