"""The simple kind of driver with channels that misbehave; its good days are those of the how-to page."""

import logging
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from drivers.base import WriteRequest, WriteState
from drivers.health import LinkState
from drivers.simple import SimpleDriver
from plant_models.device import Device, Endpoint
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import small_plant, tag
from tests.fakes.waiting import wait_until

DEVICE = Device(name="D", protocol="odd", endpoint=Endpoint("nowhere", 1), timeout_s=0.2, back_off_s=0.1)
TAGS = [
    tag("A", "D", "a", DataType.F64, writable=True),
    tag("COUNT", "D", "count", DataType.F64, modulus=100.0),
    tag("DETAIL", "D", "detail", DataType.F64, scan="detail"),
    tag("NOTE", "D", "note", DataType.TEXT, writable=True),
    tag("RESET", "D", "reset", DataType.U16, writable=True, pulse=True),
]


class OddChannel:
    """What it reads is `values`; what its methods raise is in `errors`, by name."""

    def __init__(self) -> None:
        self.values: dict[str, float | str] = {"a": 1.0, "count": 512.0, "detail": 2.0, "note": "well", "reset": 0}
        self.errors: dict[str, Exception] = {}
        self.reads: list[str] = []
        self.written: list[float] = []
        self.takes = True
        self.takes_after_reads = 0
        self.sets_back = False
        self.opened = self.closed = 0
        self._pending: dict[str, tuple[int, float | None]] = {}
        self.hold: Callable[[], object] = lambda: None

    def open(self, device: Device) -> "OddChannel":
        self.hold()
        self._raise("open")
        self.opened += 1
        return self

    def read(self, tag: Tag) -> float | str:
        self._raise("read")
        self._raise(f"read {tag.address}")
        self.reads.append(tag.address)
        self._take_effect(tag.address)
        return self.values[tag.address]

    def write(self, tag: Tag, raw: float) -> None:
        self.written.append(raw)
        self._raise("write")
        self._pending = {tag.address: (self.takes_after_reads, raw)} if self.takes else {}

    def _take_effect(self, address: str) -> None:
        reads, raw = self._pending.pop(address, (0, None))
        if reads:
            self._pending[address] = (reads - 1, raw)
        elif raw is not None:
            self.values[address] = 0.0 if self.sets_back else raw

    def close(self) -> None:
        self.closed += 1

    def _raise(self, name: str) -> None:
        if name in self.errors:
            raise self.errors[name]


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> OddChannel:
    one = OddChannel()
    monkeypatch.setattr("drivers.link_plan.driver_of", lambda name: SimpleDriver(one.open))
    return one


def _running() -> RunningPool:
    plant = small_plant([DEVICE], TAGS)
    return RunningPool(replace(plant, scan_s={**plant.scan_s, "detail": 0.05}, rest_s={"detail": 60.0}))


@pytest.fixture
def pool(channel: OddChannel) -> Iterator[RunningPool]:
    with _running() as one:
        one.wait_good("A", "COUNT", "DETAIL", "NOTE")
        yield one


def test_counters_begin_again_where_their_tag_says(pool: RunningPool) -> None:
    assert pool.sink.sample("COUNT").value == 12.0


def test_a_device_from_which_nothing_is_read_is_not_waited_for(channel: OddChannel) -> None:
    with RunningPool(small_plant([DEVICE], [])) as running:
        wait_until(lambda: running.pool.health()[0].state is LinkState.DISABLED)
        assert running.pool.health()[0].last_error == "No tag is read from this device"
    assert channel.reads == []


def test_what_nobody_looks_at_rests(pool: RunningPool, channel: OddChannel) -> None:
    wait_until(lambda: channel.reads.count("a") > 5)
    assert channel.reads.count("detail") == 1
    pool.pool.lease(np.array([2]))
    wait_until(lambda: channel.reads.count("detail") > 3)


@pytest.mark.parametrize(
    ("errors", "takes", "state", "words"),
    [
        ({"write": ValueError("locked")}, True, WriteState.REFUSED, "locked"),
        ({"write": TimeoutError()}, True, WriteState.UNKNOWN, "No answer"),
        ({"write": ZeroDivisionError("a mistake")}, True, WriteState.UNKNOWN, "Internal error: a mistake"),
        ({"read a": ValueError("nonsense")}, True, WriteState.UNKNOWN, "can't be read back"),
        ({"read": ConnectionResetError()}, True, WriteState.UNKNOWN, "can't be read back"),
        ({}, False, WriteState.MISMATCH, "shows another value"),
        ({"read a": ConnectionResetError()}, False, WriteState.UNKNOWN, "can't be read back"),
    ],
)
def test_a_command_leaves_once_whatever_becomes_of_it(
    pool: RunningPool,
    channel: OddChannel,
    caplog: pytest.LogCaptureFixture,
    errors: dict[str, Exception],
    takes: bool,
    state: WriteState,
    words: str,
) -> None:
    with caplog.at_level(logging.CRITICAL):
        channel.takes = takes
        outcome = pool.send("A", 5.0, on_sent=lambda: channel.errors.update(errors)).result(20)
        assert (outcome.state, channel.written) == (state, [5.0])
        assert words in outcome.message


def test_a_device_that_takes_a_moment_is_verified_by_a_later_readback(pool: RunningPool, channel: OddChannel) -> None:
    """Reads on schedule go on meanwhile: they are what the device counts."""
    channel.takes_after_reads = 3
    outcome = pool.send("A", 5.0).result(20)
    assert (outcome.state, outcome.readback, channel.written) == (WriteState.VERIFIED, 5.0, [5.0])


def test_a_value_that_is_no_number_proves_nothing(pool: RunningPool, channel: OddChannel) -> None:
    channel.takes = False
    outcome = pool.send("A", 5.0, on_sent=lambda: channel.values.update(a=math.nan)).result(20)
    assert outcome.state is WriteState.UNKNOWN
    assert "no number" in outcome.message


@pytest.mark.parametrize("sets_back", [True, False])
def test_an_order_is_verified_whether_the_device_has_set_it_back_yet_or_not(
    pool: RunningPool, channel: OddChannel, sets_back: bool
) -> None:
    channel.sets_back = sets_back
    outcome = pool.write("RESET", 1.0)
    assert (outcome.state, channel.written) == (WriteState.VERIFIED, [1.0])
    assert ("shows 0 again" in outcome.message) is sets_back


def test_an_order_that_would_have_no_effect_is_not_sent(pool: RunningPool, channel: OddChannel) -> None:
    assert "sets RESET back itself" in pool.write("RESET", 0.0).message
    channel.values["reset"] = 1
    assert "hasn't set back the order before" in pool.write("RESET", 1.0).message
    channel.errors["read reset"] = ValueError("nonsense")
    outcome = pool.write("RESET", 1.0)
    assert (outcome.state, channel.written) == (WriteState.NOT_SENT, [])
    assert "The present value can't be read" in outcome.message


def test_a_connection_lost_before_a_command_could_leave_says_so(pool: RunningPool, channel: OddChannel) -> None:
    channel.errors["read reset"] = ConnectionResetError()
    outcome = pool.write("RESET", 1.0)
    assert (outcome.state, channel.written) == (WriteState.NOT_SENT, [])


def test_stopping_between_readbacks_leaves_a_command_unknown(channel: OddChannel) -> None:
    with _running() as pool:
        pool.wait_good("A")
        channel.takes = False
        sent = pool.send("A", 5.0)
        wait_until(lambda: channel.written == [5.0])
    assert sent.result(20).state is WriteState.UNKNOWN


def _refuse() -> None:
    raise RuntimeError("the disk is full")


@pytest.mark.parametrize(
    ("name", "valid_s", "on_sent", "words"),
    [
        ("A", -1.0, lambda: None, "Too late"),
        ("A", 10.0, _refuse, "disk is full"),
        ("COUNT", 10.0, lambda: None, "COUNT is read only"),
        ("NOTE", 10.0, lambda: None, "only numbers can be written"),
    ],
)
def test_a_command_that_must_not_leave_does_not(
    pool: RunningPool, channel: OddChannel, name: str, valid_s: float, on_sent: Callable[[], None], words: str
) -> None:
    not_after_ns = pool.clock.mono_ns() + round(valid_s * 1e9)
    request = WriteRequest(pool.sink.table.index[name], 1.0, 0.0, not_after_ns, on_sent)
    outcome = pool.pool.write(request).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert words in outcome.message
    assert channel.written == []


def test_a_channel_that_is_lost_is_closed_and_opened_again(pool: RunningPool, channel: OddChannel) -> None:
    channel.errors["read"] = TimeoutError()
    pool.wait_bad("A", "COUNT", "DETAIL", "NOTE")
    pool.wait_for("D", LinkState.DOWN)
    assert pool.sink.sample("A").quality == Quality.BAD_NO_COMMUNICATION
    assert pool.write("A", 1.0).state in (WriteState.NOT_SENT, WriteState.UNKNOWN)
    channel.errors.clear()
    pool.wait_good("A", "COUNT", "DETAIL", "NOTE")
    assert channel.opened >= 2
    assert channel.closed >= channel.opened - 1
    assert pool.health("D").timeouts >= 1


def test_a_driver_that_is_stopped_while_it_connects_ends(channel: OddChannel) -> None:
    connecting, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        connecting.set()
        assert go_on.wait(20)

    channel.hold = hold
    pool = _running()
    pool.pool.start()
    assert connecting.wait(20)
    threading.Timer(0.1, go_on.set).start()
    pool.pool.stop()
    wait_until(lambda: channel.closed == channel.opened == 1)
    assert channel.reads == []
