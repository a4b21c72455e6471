"""OPC UA: the CPU time of a change on its way from the socket into the live table, and outages of the server.

The server of the changes is a process of its own that encodes with numpy and speaks only what a subscription needs; the
library's own subscription is measured with the same one. The server of the outages is the library's, in a process too.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from asyncua import ua
from asyncua.client.client import Client

from benchmarks.figure import Figure
from drivers.pool import DriverPool
from plant_models.batch import Batch
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from plant_models.tag_table import TagTable
from tests.fakes.opcua_outage import Outage, frozen, killed, watching
from tests.fakes.opcua_process import NODE, OpcUaProcess
from tests.fakes.small_plant import opcua_device, small_plant, tag

ITEMS = 10_000
ROUNDS = 15
LIMIT_S = 60.0
PER_CALL = 1_000
ROOT = Path(__file__).resolve().parent.parent
CLOCK = SystemClock()


def run() -> list[Figure]:
    """Return the CPU time of a change, alone and beside the library's, and the worst outages."""
    return [*cpu_figures(), *recovery_figures()]


def cpu_figures() -> list[Figure]:
    """Return µs of process CPU per change of 10,000 items that change once a second; none may be missing."""
    with _server() as port:
        ours = _our_us(port)
        library = asyncio.run(_library_us(port))
    print(f"opcua: {ITEMS} items a second, {ours:.2f} us each; {library:.1f} us by a subscription of the library")
    return [
        Figure("opcua_cpu_us_per_change", ours, "us", "<= 3"),
        Figure("opcua_cpu_vs_library", ours, "us", "<= 0.3", baseline=library),
    ]


def recovery_figures() -> list[Figure]:
    """Return the longest times to bad quality and to live data of a freeze of 9 s, one of 20 s and a kill."""
    with OpcUaProcess() as server, watching(server) as pool:
        pool.wait_good(NODE)
        outages: dict[str, Outage] = {
            "frozen 9 s": frozen(server, pool, 9.0),
            "frozen 20 s": frozen(server, pool, 20.0),
            "killed": killed(server, pool),
        }
    for name, outage in outages.items():
        print(f"opcua: {name}: bad after {outage.bad_s:.1f} s, live {outage.live_s:.1f} s after its end")
    return [
        Figure("opcua_bad_after_s", max(outage.bad_s for outage in outages.values()), "s", "<= 5"),
        Figure("opcua_recovery_s", max(outage.live_s for outage in outages.values()), "s", "<= 10"),
    ]


@contextmanager
def _server() -> Iterator[int]:
    """A process whose nodes all count the seconds; gives its port."""
    command = [sys.executable, "-m", "tests.fakes.scripted_opcua_server", "--step"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


class _Table:
    """A sink that applies each batch to a tag table, and counts what came for each row."""

    def __init__(self, table: TagTable) -> None:
        self.table = table
        self.counts = np.zeros(len(table.tags), np.int64)

    def offer(self, batch: Batch) -> bool:
        self.table.apply(batch)
        if batch.values is not None:
            np.add.at(self.counts, batch.tags, 1)
        return True


def _our_us(port: int) -> float:
    tags = [tag(f"T{i}", "UA", f"ns=2;i={i}", DataType.F64) for i in range(ITEMS)]
    plant = small_plant([opcua_device("UA", port, timeout_s=5.0)], tags, 1.0)
    sink = _Table(TagTable(plant.tags, plant.scan_s, CLOCK))
    pool = DriverPool(plant, sink.table.index, sink, CLOCK, {})
    pool.start()
    try:
        _wait(lambda: bool((sink.counts >= 2).all()))
        began, cpu_s = sink.counts.copy(), time.process_time()
        _wait(lambda: bool((sink.counts >= began + ROUNDS).all()))
        cpu_s, changes = time.process_time() - cpu_s, int((sink.counts - began).sum())
    finally:
        pool.stop()
    values = sink.table.read(np.arange(ITEMS)).values
    assert (values == sink.counts).all(), "a change is missing"  # each node counts its own changes, from 1
    return cpu_s / changes * 1e6


class _Handler:
    """The way the library offers: a call for each value."""

    def __init__(self) -> None:
        self.count = self._goal = 0
        self._reached = asyncio.Event()

    def datachange_notification(self, *_: Any) -> None:
        self.count += 1
        if self.count >= self._goal:
            self._reached.set()

    async def wait_for(self, more: int) -> None:
        """Return when that many further values came."""
        self._goal = self.count + more
        self._reached.clear()
        await self._reached.wait()


async def _library_us(port: int) -> float:
    handler = _Handler()
    client = Client(f"opc.tcp://127.0.0.1:{port}", timeout=5.0)
    await client.connect()
    try:
        subscription = await client.create_subscription(1000, handler)
        nodes = [client.get_node(ua.NodeId(i, 2)) for i in range(ITEMS)]
        for at in range(0, ITEMS, PER_CALL):
            await subscription.subscribe_data_change(nodes[at : at + PER_CALL])
        await handler.wait_for(2 * ITEMS)
        began, cpu_s = handler.count, time.process_time()
        await handler.wait_for(ROUNDS * ITEMS)
        return (time.process_time() - cpu_s) / (handler.count - began) * 1e6
    finally:
        await client.disconnect()


def _wait(condition: Callable[[], bool]) -> None:
    end_ns = CLOCK.mono_ns() + int(LIMIT_S * 1e9)
    while not condition():
        if CLOCK.mono_ns() > end_ns:
            raise TimeoutError("the server did not send what was expected")
        CLOCK.sleep(0.1)
