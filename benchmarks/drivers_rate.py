"""One PLC read as fast as it goes: the whole path from the poll to the table, beside what the least of clients do.

The three take turns of half a second on the same server, so that what else the machine does meets them alike.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Final

from pymodbus.client import ModbusTcpClient

from benchmarks.blocks_plant import blocks_plant, running
from benchmarks.figure import Figure
from benchmarks.modbus_peer import ModbusPeer, ceiling_per_s, raw_reads
from benchmarks.raw_modbus_server import COUNT
from plant_models.clock import SystemClock

TURNS: Final = 9
TURN_S: Final = 0.5
BLOCKS: Final = 8
_AT_ONCE_S: Final = 0.0002
"""A scan that is over before its eight blocks have come: the next is due at once."""
CLOCK: Final = SystemClock()


@dataclass(frozen=True, slots=True)
class Turn:
    """Blocks of 125 registers in a second, and the processor time of this process for 1,000 registers, ms."""

    reads_per_s: float
    cpu_ms: float


def run() -> list[Figure]:
    """Return both rates and the processor time, each beside its baseline."""
    with ModbusPeer(1) as peer:
        (port,) = peer.ports
        ceiling = ceiling_per_s(port, TURN_S)
        turns = [(_full_path(port), _bare_pymodbus(port), _raw_socket(port)) for _ in range(TURNS)]
    ours, bare, raw = (Turn(_median(each, "reads_per_s"), _median(each, "cpu_ms")) for each in zip(*turns, strict=True))
    print(
        f"server's own ceiling {ceiling:.0f} blocks/s; CPU for 1,000 tags: full path {ours.cpu_ms:.2f} ms, "
        f"bare pymodbus {bare.cpu_ms:.2f} ms, raw socket {raw.cpu_ms:.2f} ms"
    )
    rate = ours.reads_per_s
    return [
        Figure("modbus_full_path_vs_bare_pymodbus", rate, "blocks/s", ">= 0.8", baseline=bare.reads_per_s),
        Figure("modbus_full_path_vs_raw_socket", rate, "blocks/s", ">= 0.3", baseline=raw.reads_per_s),
        Figure("cpu_per_1000_tags_vs_bare_pymodbus", ours.cpu_ms, "ms", "<= 2.6", baseline=bare.cpu_ms),
    ]


def _full_path(port: int) -> Turn:
    """Poll, decode, scale, judge and store, as a station does; the blocks that count stand in the table."""
    with running(blocks_plant([port], BLOCKS, _AT_ONCE_S)) as station:
        blocks, begun_s, cpu_s = station.blocks(), time.perf_counter(), time.process_time()
        CLOCK.sleep(TURN_S)
        turn = _turn(station.blocks() - blocks, time.perf_counter() - begun_s, time.process_time() - cpu_s)
        (health,) = station.pool.health()
        assert health.errors == health.timeouts == 0
    return turn


def _bare_pymodbus(port: int) -> Turn:
    """Ask with the library's own client and its own decoding of replies, and do nothing with what comes."""
    client = ModbusTcpClient("127.0.0.1", port=port, timeout=3.0, retries=0)
    assert client.connect()
    begun_s, cpu_s, reads = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - begun_s < TURN_S:
        reply = client.read_holding_registers(0, count=COUNT, device_id=1)
        assert len(reply.registers) == COUNT
        reads += 1
    turn = _turn(reads, time.perf_counter() - begun_s, time.process_time() - cpu_s)
    client.close()
    return turn


def _raw_socket(port: int) -> Turn:
    begun_s, cpu_s = time.perf_counter(), time.process_time()
    reads = raw_reads(port, TURN_S)
    return _turn(reads, time.perf_counter() - begun_s, time.process_time() - cpu_s)


def _turn(reads: int, took_s: float, cpu_s: float) -> Turn:
    return Turn(reads / took_s, cpu_s * 1000 / (reads * COUNT / 1000))


def _median(turns: tuple[Turn, ...], column: str) -> float:
    return statistics.median(getattr(turn, column) for turn in turns)
