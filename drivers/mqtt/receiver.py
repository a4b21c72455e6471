"""From the network to the station: what has arrived is read in portions, and the network has its turn between them.

A message is acknowledged after its values were handed on, so that a broker keeps what this process never got to. Runs
on the thread of the connection.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

import numpy as np

from drivers.base import Sink
from drivers.counters import Counters
from drivers.mqtt.decoder import Decoder
from drivers.mqtt.inbox import Inbox, Message
from drivers.mqtt.link import Link
from drivers.mqtt.plan import Plan
from drivers.mqtt.silence import Silence
from drivers.mqtt.writer import Writer
from plant_models.batch import failure
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.quality import Quality

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 500


class Receiver:
    """Reads what comes over one link after the other."""

    def __init__(self, plan: Plan, sink: Sink, clock: Clock, counters: Counters, writer: Writer) -> None:
        self._plan = plan
        self._sink = sink
        self._clock = clock
        self._counters = counters
        self._writer = writer
        self.decoder = Decoder(plan, clock, counters)
        self.silence = Silence(plan)
        self.inbox = Inbox()
        self._told_drops = 0
        self._link: Link | None = None
        self._due: asyncio.Handle | None = None

    def attach(self) -> Link:
        """Return a new link whose messages come here."""
        self._link = Link(self.inbox, self._clock, self._wake)
        return self._link

    async def finish(self) -> None:
        """Read what had arrived before the link ended."""
        while len(self.inbox):
            self._wake()
            await asyncio.sleep(0)

    def detach(self) -> None:
        """Read nothing more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def look(self) -> None:
        """Mark the values of silent topics, tell of lost messages and of clocks. To be called now and then."""
        for rows, quality in self.silence.due(self._clock.mono_ns()):
            self._mark(rows.tolist(), quality)
        self._tell_clock()
        dropped = self.inbox.dropped - self._told_drops
        if dropped:
            self._told_drops += dropped
            self._counters.lost_samples(dropped)
            self._counters.failed(message("{count} messages found no room and were dropped", count=dropped))

    def forget(self) -> None:
        """Expect nothing of those who send: the connection is gone."""
        self.silence.forget()
        self.decoder.clocks.forget()

    def _tell_clock(self) -> None:
        worst = self.decoder.clocks.news()
        if worst is not None:
            self._counters.clock_name, ahead_us = worst
            station_us = self._clock.wall_us()
            self._counters.saw_clock(station_us + ahead_us, station_us)

    def _wake(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self._drain)

    def _drain(self) -> None:
        self._due = None
        messages = self.inbox.take(_AT_ONCE)
        try:
            self._read(messages)
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("messages could not be read")
            self._counters.failed(message("Internal error: {error}", error=str(error)))
            topics = {arrived.topic for arrived in messages} & self._plan.topics.keys()
            self._mark(
                [point.row for name in topics for point in self._plan.topics[name].points], Quality.BAD_DECODING_ERROR
            )
        if self._link is not None:
            self._link.acknowledge([arrived.number for arrived in messages if arrived.number])
        if len(self.inbox):
            self._wake()

    def _read(self, messages: Sequence[Message]) -> None:
        for _ in messages:
            self._counters.replied()
        columns, batch = self.decoder.decode(messages)
        if batch is None:
            return
        if not self._sink.offer(batch):
            self._counters.lost_samples(len(batch))
        assert batch.qualities is not None
        self.silence.note(np.array(columns.places, np.intp), batch.qualities, batch.received_ns)
        self._writer.saw(columns)

    def _mark(self, rows: Sequence[int], quality: Quality) -> None:
        if len(rows):
            self._sink.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))
