"""One place in the pool: devices that share a connection, and the connection that reaches them at present.

Where nothing answers, the backup address is asked, and so on in turn. A connection that hangs is given up: its gate is
closed, its socket shut down from outside, and a new one takes its place. The old thread may wake up whenever it likes;
nobody hears it any more. A border for what drivers of other packages raise. `write` and `health` may be called from any
thread, all else by one at a time: the pool sees to that.
"""

import logging
from dataclasses import replace
from typing import Final

from drivers.connection import ENDED_NS, Connection, DriverContext
from drivers.endpoints import Endpoints
from drivers.gate import CLOSED, Gate
from drivers.health import DeviceHealth, LinkState
from drivers.left_out import LeftOut, mark
from drivers.link_plan import LinkPlan
from drivers.once import NO_ANSWERS, AnyQuestion, Askable
from drivers.writes import PendingWrite
from plant_models.message import message
from plant_models.quality import Quality

SILENCE_S: Final = 10.0
"""A connection that shows no sign of life for so long hangs, unless its time-outs are longer."""
SILENT_TIMEOUTS: Final = 3
STUCK_LIMIT: Final = 5
"""So many threads may hang at once before no new one is started."""
HUNG: Final = message("The driver hung and was started anew")
_EXHAUSTED: Final = message("The driver hung again and again, and its threads never ended; restart the station")
_log = logging.getLogger(__name__)


class Link:
    """The present connection of a plan. `restarts` counts those that hung."""

    def __init__(self, plan: LinkPlan, context: DriverContext) -> None:
        self.plan = plan
        self.restarts = 0
        self._context = context
        self._since_us = context.clock.wall_us()
        self._old: list[Connection] = []
        self._is_exhausted = False
        longest_s = min(device.back_off_s for device in plan.devices)
        self._endpoints = Endpoints(longest_s, context.jitter)
        self._outage: dict[str, DeviceHealth] = {}
        self._gate, self._connection = self._made()

    def start(self) -> None:
        """Start the connection; returns at once."""
        try:
            self._connection.start()
        except Exception as error:  # noqa: BLE001 - the border: a driver's own mistake leaves out its devices only
            _log.exception("%s: can't be started", self._connection.name)
            self._gate.close(CLOSED)
            self._gate, self._connection = self._left_out(message("Internal error: {error}", error=str(error)))
            self._connection.start()

    def stop(self) -> None:
        """Ask the connection to end; returns at once."""
        try:
            self._connection.stop()
        except Exception:  # noqa: BLE001 - the border: a driver's own mistake
            _log.exception("%s: can't be stopped", self._connection.name)

    def join(self, timeout_s: float) -> bool:
        """Wait for its end after `stop`, and shut the gate whether it has come or not."""
        has_ended = _ends(self._connection, timeout_s)
        self._gate.close(CLOSED)
        return has_ended

    def write(self, write: PendingWrite) -> None:
        """Queue a command; it is always answered in the end."""
        gate, connection = self._gate, self._connection
        guarded = gate.admit(write)
        if guarded is None:
            gate.fail(write, CLOSED)
            return
        try:
            connection.write(guarded)
        except Exception as error:  # noqa: BLE001 - the border: a driver's own mistake
            _log.exception("%s: can't take a command", connection.name)
            gate.fail(guarded, message("Internal error: {error}", error=str(error)))

    def ask(self, question: AnyQuestion) -> None:
        """Have a single address read or written, or an alarm acknowledged; it is always answered in the end."""
        gate, connection = self._gate, self._connection
        guarded = gate.admit_question(question)
        if guarded is None:
            question.not_sent(CLOSED)
        elif isinstance(connection, Askable):
            connection.ask(guarded)
        else:
            guarded.not_sent(NO_ANSWERS)

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the health of every device of the plan, whatever the driver says."""
        return tuple(self._told(health) for health in self._present_health())

    def hangs(self, since_ns: int) -> bool:
        """Tell whether the connection shows no sign of life; silence before `since_ns` (monotonic) doesn't count."""
        if self._is_exhausted:
            return any(_ends(each, 0.0) for each in self._old)
        heartbeat_ns = self._connection.heartbeat_ns
        if heartbeat_ns == ENDED_NS:
            return True
        longest_s = max(device.timeout_s for device in self.plan.devices)
        limit_ns = round(max(SILENT_TIMEOUTS * longest_s, SILENCE_S) * 1e9)
        return self._context.clock.mono_ns() - max(heartbeat_ns, self._gate.offered_ns, since_ns) > limit_ns

    def start_anew(self) -> None:
        """Give up the connection and let a new one take its place, unless too many hang already."""
        if not self._is_exhausted:
            _log.error("%s: hangs and is given up", self._connection.name)
            self._give_up(HUNG)
        self._old = self._still_running()
        self._is_exhausted = len(self._old) >= STUCK_LIMIT
        if self._is_exhausted:
            self._gate, self._connection = self._left_out(_EXHAUSTED)
        else:
            self.restarts += 1
            self._gate, self._connection = self._made()
        self.start()

    def is_in_vain(self) -> bool:
        """Tell whether nothing answers here, and it is time to ask at the other address, if there is one."""
        if self.plan.backup is None:
            return False
        health = self._present_health()
        states = {each.state for each in health} - {LinkState.DISABLED}
        if LinkState.CONNECTED in states:
            self._endpoints.succeeded()
            self._outage = {}
        if states != {LinkState.DOWN} or not self._endpoints.failed(self._context.clock.mono_ns()):
            return False
        self._outage = {each.device: each for each in health} | self._outage
        return True

    def change_over(self) -> None:
        """Ask at the address that `is_in_vain` has chosen, on a new connection."""
        which = "backup" if self._endpoints.is_at_backup else "primary"
        _log.warning("%s: nothing answers; trying the %s address", self._connection.name, which)
        self._give_up(CLOSED)
        self._gate, self._connection = self._made()
        self.start()

    def _give_up(self, why: str) -> None:
        self._gate.close(why)
        for _, tags in self.plan.members:
            mark(self._context.sink, self._context.clock, tags, Quality.BAD_NO_COMMUNICATION)
        self.stop()
        self._old = [*self._still_running(), self._connection]

    def _still_running(self) -> list[Connection]:
        return [each for each in self._old if not _ends(each, 0.0)]

    def _made(self) -> tuple[Gate, Connection]:
        self._renew_counters()
        gate = Gate(self._context.sink, self._context.clock, self._context.tell)
        try:
            members = self.plan.members_at_backup if self._endpoints.is_at_backup else self.plan.members
            return gate, self.plan.driver.connect(members, replace(self._context, sink=gate, tell=gate.tell))
        except Exception as error:  # noqa: BLE001 - the border: a driver's own mistake leaves out its devices only
            _log.exception("%s: the driver can't be made", self.plan.key)
            return self._left_out(message("Internal error: {error}", error=str(error)))

    def _left_out(self, words: str) -> tuple[Gate, Connection]:
        self._renew_counters()
        gate = Gate(self._context.sink, self._context.clock)
        return gate, LeftOut(self.plan.members, replace(self._context, sink=gate), LinkState.DOWN, words)

    def _renew_counters(self) -> None:
        """Let the counts go on in counters that no thread of an older connection has."""
        for device in self.plan.devices:
            self._context.book.renew(device.name, self._context.clock)

    def _present_health(self) -> tuple[DeviceHealth, ...]:
        """Return what the present connection says, and something of each device of which it says nothing."""
        try:
            told = {health.device: health for health in self._connection.health()}
        except Exception as error:  # noqa: BLE001 - the border: a driver's own mistake
            told, words = {}, message("Internal error: {error}", error=str(error))
        else:
            words = message("The driver says nothing about this device")
        missing = DeviceHealth(device="", state=LinkState.DOWN, since_us=self._since_us, last_error=words)
        return tuple(told.get(device.name) or replace(missing, device=device.name) for device in self.plan.devices)

    def _told(self, health: DeviceHealth) -> DeviceHealth:
        """Add what one connection can't know: how often it was started anew, and that an outage goes on."""
        outage = self._outage.get(health.device)
        if outage is not None and health.state is not LinkState.CONNECTED:
            words = health.last_error or outage.last_error
            health = replace(health, state=LinkState.DOWN, since_us=outage.since_us, last_error=words)
        if not self.restarts:
            return health
        return replace(health, restarts=self.restarts, last_error=health.last_error or HUNG)


def _ends(connection: Connection, timeout_s: float) -> bool:
    """Wait for the end of a connection that was stopped; True if it has come."""
    try:
        return connection.join(timeout_s)
    except Exception:  # noqa: BLE001 - the border: a driver's own mistake
        _log.exception("%s: its end can't be awaited", connection.name)
        return False
