"""Commands to a broker: one message each, then the tag's own topic must show what was asked.

A command is published with QoS 0 and never retained, whatever the subscriptions use: QoS 1 may deliver it twice, and
both 1 and 2 may deliver it hours later, when the device comes back to a session that the broker kept for it. A broker
never says whether a device got it, so only a new value on the tag's topic proves anything; anything else is UNKNOWN.
Runs on the thread of the connection.
"""

import asyncio
import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from drivers.base import WriteState
from drivers.counters import Counters
from drivers.mqtt.contents import payload_for, raw_for
from drivers.mqtt.decoder import Columns
from drivers.mqtt.link import Link
from drivers.mqtt.plan import Point
from drivers.mqtt.words import LOST
from drivers.release import release
from drivers.write_words import NO_PROOF, OTHER_VALUE, unread
from drivers.writes import STOPPING, PendingWrite
from plant_models.clock import Clock
from plant_models.message import joined, message, words_of
from plant_models.mqtt_address import Place
from plant_models.quality import is_bad
from plant_models.scaling import Scaling, to_raw

READBACK_S: Final = 2.0
_SENT: Final = message("The command was published")
_NO_MESSAGE: Final = message("No new value came within {limit:g} s", limit=READBACK_S)
_CLOSE: Final = 1e-6


@dataclass(slots=True, eq=False)
class _Awaited:
    """What a command hopes to see on the tag's own topic, and what it saw last."""

    place: int
    raw: float
    sent_ns: int
    seen: float | None = None
    is_proven: bool = False
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


class Writer:
    """Publishes one command after the other."""

    def __init__(self, clock: Clock, counters: Counters) -> None:
        self._clock = clock
        self._counters = counters
        self._awaited: _Awaited | None = None

    async def write(self, link: Link, point: Point, to: Place, speaks_words: bool, write: PendingWrite) -> None:
        """Carry out one command to its end."""
        try:
            raw = raw_for(point.tag, to_raw(point.tag, write.request.value))
            payload = payload_for(point.tag, raw, to.pointer, speaks_words)
            release(write.request, self._clock)
        except ValueError as error:
            write.finish(WriteState.NOT_SENT, words_of(error))
            return
        self._awaited = awaited = _Awaited(point.place, float(raw), self._clock.mono_ns())
        try:
            link.publish(to.topic, payload)
            self._counters.replied()
            async with asyncio.timeout(READBACK_S):
                await awaited.is_over.wait()
            _end(write, _in_units(point, awaited), awaited.is_proven, LOST)
        except TimeoutError:
            _end(write, _in_units(point, awaited), False, _NO_MESSAGE)
        except Exception as error:  # noqa: BLE001 - the border: whatever happened, the message may have left
            write.finish(WriteState.UNKNOWN, unread(_SENT, words_of(error)))
        except asyncio.CancelledError:
            write.finish(WriteState.UNKNOWN, unread(_SENT, STOPPING))
            raise
        finally:
            self._awaited = None

    def saw(self, columns: Columns) -> None:
        """Look for the answer to a command in what has just arrived."""
        awaited = self._awaited
        if awaited is None or awaited.place in columns.retained or awaited.place not in columns.places:
            return
        for place, raw, quality, received_ns in zip(
            columns.places, columns.raws, columns.qualities, columns.received_ns, strict=True
        ):
            if place != awaited.place or is_bad(quality) or received_ns < awaited.sent_ns:
                continue
            awaited.seen = raw
            if math.isclose(raw, awaited.raw, rel_tol=_CLOSE):
                awaited.is_proven = True
                awaited.is_over.set()
                return

    def lose(self) -> None:
        """Wait no longer: the connection is gone."""
        if self._awaited is not None:
            self._awaited.is_over.set()


def _in_units(point: Point, awaited: _Awaited) -> float | None:
    if awaited.seen is None:
        return None
    values, _ = Scaling([point.tag]).to_units(np.array([awaited.seen]))
    return float(values[0])


def _end(write: PendingWrite, seen: float | None, is_proven: bool, why: str) -> None:
    """Finish a command that was published; `why` is what is known if no new value has come."""
    if is_proven and not write.is_no_change:
        write.finish(WriteState.VERIFIED, "", seen)
    elif is_proven:
        write.finish(WriteState.UNKNOWN, joined((_SENT, NO_PROOF)), seen)
    else:
        write.finish(WriteState.UNKNOWN, joined((_SENT, why if seen is None else OTHER_VALUE)), seen)
