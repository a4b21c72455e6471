"""All that happens on one Modbus connection: commands before polls. A job for a worker thread."""

from collections.abc import Sequence

from drivers.back_off import BackOff
from drivers.connection import DeviceTags, DriverContext
from drivers.health import DeviceHealth
from drivers.modbus.frame_names import FrameNames
from drivers.modbus.identifier import Identifier
from drivers.modbus.once import Once
from drivers.modbus.outbox import Outbox
from drivers.modbus.poller import Poller
from drivers.modbus.transport import client_of
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.modbus.writer import Writer
from drivers.once import NO_CONDITIONS, AckRequest, AddressQuestion, AnyQuestion, Question, Questions
from drivers.writes import PendingWrite, WriteQueue


class ModbusLine:
    """One connection and the devices (unit ids) behind it, each with its rows and tags."""

    def __init__(self, devices: Sequence[DeviceTags], context: DriverContext) -> None:
        clock, jitter = context.clock, context.jitter
        self._clock = clock
        self._outbox = Outbox(context.sink, clock)
        self.units = tuple(Unit(device, tags, context) for device, tags in devices)
        for unit in self.units:
            unit.counters.address = unit.device.where
            unit.counters.describe = FrameNames(is_rtu=unit.device.transport != "tcp")
            for plan in unit.plans:
                plan.leases = context.leases
        longest_s = min(device.back_off_s for device, _ in devices)
        client = client_of([device for device, _ in devices], clock)
        self._wire = Wire(client, BackOff(longest_s, jitter), clock)
        self._poller = Poller(self.units, self._wire, self._outbox, clock)
        self._identifier = Identifier(self.units, self._wire, clock)
        self._queue = WriteQueue()
        for unit in self.units:
            unit.counters.waiting_writes = self._queue.__len__
        self._questions = Questions[AddressQuestion]()
        by_name = {unit.device.name: unit for unit in self.units}
        self._once = Once(self._questions, by_name, self._wire, clock)
        owners = {row: unit for unit in self.units for row in unit.rows.tolist()}
        self._writer = Writer(self._queue, owners, self._wire, self._outbox, clock)

    def write(self, write: PendingWrite) -> None:
        """Queue a command; any thread."""
        self._queue.put(write)

    def ask(self, question: AnyQuestion) -> None:
        """Queue a question to an address; any thread."""
        request = question.request
        if isinstance(request, AckRequest):
            question.not_sent(NO_CONDITIONS)
        else:
            self._questions.put(Question(request, question.future))

    def health(self) -> tuple[DeviceHealth, ...]:
        return tuple(unit.counters.snapshot() for unit in self.units)

    def step(self) -> int:
        now_ns = self._clock.mono_ns()
        if self._writer.step(now_ns) or self._once.step() or self._poller.step(now_ns):
            return now_ns
        self._outbox.flush()
        if self._identifier.step(now_ns):
            return now_ns
        return min(self._writer.next_ns(), self._poller.next_ns(), self._identifier.next_ns())

    def abort(self) -> None:
        self._queue.close()
        self._questions.close()
        self._wire.abort()

    def close(self) -> None:
        self._writer.close()
        self._wire.close()
        self._outbox.flush()

    def fail(self, words: str) -> None:
        self._wire.close()
        self._writer.abandon(words)
        self._poller.fail_all(words)
