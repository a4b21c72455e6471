"""Memory tags: they belong to no device, and hold what was last written to them.

A write is verified as soon as its sample is on its way to the table. Any thread.
"""

from drivers.base import Sink, WriteState
from drivers.release import release
from drivers.writes import STOPPING, PendingWrite
from plant_models.batch import samples
from plant_models.clock import Clock
from plant_models.message import message, words_of
from plant_models.quality import Quality


class Memory:
    """Takes the writes of tags without a device."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self.is_stopping = False

    def write(self, write: PendingWrite) -> None:
        """Carry out a command at once."""
        request = write.request
        if self.is_stopping:
            write.finish(WriteState.NOT_SENT, STOPPING)
            return
        try:
            release(request, self._clock)
        except ValueError as error:
            write.finish(WriteState.NOT_SENT, words_of(error))
            return
        now = self._clock.wall_us(), self._clock.mono_ns()
        if self._sink.offer(samples(request.tag, request.value, Quality.GOOD, *now)):
            write.finish(WriteState.VERIFIED, readback=request.value)
        else:
            write.finish(WriteState.UNKNOWN, message("The station took no more values"))
