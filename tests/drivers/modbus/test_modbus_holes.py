"""Devices that refuse: holes in a register map, exception codes, and addresses that make no sense."""

from collections.abc import Iterator

import pytest

from drivers.health import LinkState
from plant_models.address_range import parse_range
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.modbus_server import HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({address: address for address in range(200)})
        yield server


def span_of(frame: bytes) -> tuple[int, int]:
    """Address and count of a read."""
    return int.from_bytes(frame[8:10], "big"), int.from_bytes(frame[10:12], "big")


def running(plc: HostileModbusServer, *offsets: int, **settings: object) -> RunningPool:
    device = modbus_device("PLC", plc.port, **settings)
    return RunningPool(small_plant([device], [tag(f"T{at}", "PLC", f"hr:{at}") for at in offsets]))


def test_a_hole_in_a_merged_block_costs_only_its_own_tag(plc: HostileModbusServer) -> None:
    plc.memory.holes = {37}
    offsets = range(100)
    with running(plc, *offsets) as pool:
        well = [f"T{at}" for at in offsets if at != 37]
        pool.wait_good(*well)
        pool.wait_bad("T37")
        assert pool.sink.sample("T37").quality == Quality.BAD_CONFIGURATION_ERROR
        assert pool.sink.values(well) == [float(at) for at in offsets if at != 37]
        assert pool.health("PLC").state is LinkState.CONNECTED
        assert "The device has no such address (exception 2): hr:37" in pool.health("PLC").last_error


def test_a_hole_is_remembered(plc: HostileModbusServer) -> None:
    """Once found, a scan needs two requests, and the bad address isn't asked for again and again."""
    plc.memory.holes = {37}
    with running(plc, *range(100)) as pool:
        pool.wait_bad("T37")
        errors = pool.health("PLC").errors
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 10)
        assert pool.health("PLC").errors == errors
        assert errors <= 8
        spans = {tuple(frame[8:12]) for frame in plc.frames[-6:]}
        assert spans == {(0, 0, 0, 37), (0, 38, 0, 62)}


@pytest.mark.parametrize("hole", [0, 63, 124])
def test_a_hole_costs_eight_requests_once_and_no_other_value_its_scan(plc: HostileModbusServer, hole: int) -> None:
    with running(plc, *range(125)) as pool:
        pool.wait_good(*[f"T{at}" for at in range(125)])
        plc.memory.holes = {hole}
        pool.wait_bad(f"T{hole}")
        beyond = (0, 124) if hole == 124 else (hole + 1, 124 - hole)
        wait_until(lambda: beyond in [span_of(frame) for frame in plc.frames])
        spans = [span_of(frame) for frame in plc.frames]
        refused = max(place for place, span in enumerate(spans) if span == (0, 125))
        assert spans.index(beyond) - refused - 1 <= 8
        assert pool.sink.is_good(*[f"T{at}" for at in range(125) if at != hole])
        assert pool.health("PLC").errors <= 9


def test_a_map_that_shrinks_while_it_is_read_loses_only_what_is_gone(plc: HostileModbusServer) -> None:
    plc.memory.holding.update({address: address for address in range(100)})
    with running(plc, *range(100)) as pool:
        pool.wait_good(*[f"T{at}" for at in range(100)])
        plc.memory.holes = set(range(70, 100))
        pool.wait_bad(*[f"T{at}" for at in range(70, 100)])
        assert pool.sink.is_good(*[f"T{at}" for at in range(70)])
        frames = len(plc.frames)
        wait_until(lambda: len(plc.frames) > frames + 10)
        assert {span_of(frame) for frame in plc.frames[-5:]} == {(0, 70)}
        plc.memory.holding[3] = 333
        wait_until(lambda: pool.sink.sample("T3").value == 333.0)
        assert pool.health("PLC").state is LinkState.CONNECTED


def test_a_map_that_grows_again_is_read_in_one_request_again(
    plc: HostileModbusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.modbus.poller._SLOW_RETRY_NS", 300_000_000)
    with running(plc, 0, 1, 2, 5, 8) as pool:
        pool.wait_good("T8")
        plc.memory.holes = {1, 2, 3, 7}  # two values, and gaps before two others
        pool.wait_bad("T1", "T2")
        pool.wait_good("T0", "T5", "T8")
        wait_until(lambda: span_of(plc.frames[-1]) == (8, 1))
        plc.memory.holes = set()
        pool.wait_good("T1", "T2")
        wait_until(lambda: [span_of(frame) for frame in plc.frames[-3:]] == [(0, 9)] * 3)


def test_a_device_that_gives_less_at_once_than_declared_is_read_in_parts(plc: HostileModbusServer) -> None:
    """Many answer exception 3 to a request of more than 100 registers, or 64."""
    plc.most_at_once = 40
    with running(plc, *range(100)) as pool:
        pool.wait_good(*[f"T{at}" for at in range(100)])
        parts = {(0, 40), (40, 40), (80, 20)}
        wait_until(lambda: {span_of(frame) for frame in plc.frames[-9:]} == parts)
        errors = pool.health("PLC").errors
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 10)
        assert pool.health("PLC").errors == errors


def test_a_device_that_turns_busy_during_the_search_is_searched_again(plc: HostileModbusServer) -> None:
    plc.memory.holes = {30}

    probes: list[bytes] = []

    def get_busy(frame: bytes) -> None:
        """After the first probe, for one request."""
        probes.extend([frame] if span_of(frame) != (0, 60) else [])
        plc.exception_code = 6 if len(probes) == 1 else None

    plc.before_reply = get_busy
    with running(plc, *range(60)) as pool:
        pool.wait_bad("T30")
        pool.wait_good(*[f"T{at}" for at in range(60) if at != 30])
        assert pool.sink.sample("T30").quality == Quality.BAD_CONFIGURATION_ERROR


def test_nothing_reads_into_or_across_a_forbidden_range(plc: HostileModbusServer) -> None:
    tags = [tag(f"T{at}", "PLC", f"hr:{at}") for at in (9, 20, 21)]
    tags += [tag("IN", "PLC", "hr:15"), tag("OTHER", "PLC", "ir:9"), tag("BESIDE", "PLC", "ir:20")]
    device = modbus_device("PLC", plc.port, forbidden=(parse_range("hr:10-19"),))
    with RunningPool(small_plant([device], tags)) as pool:
        pool.wait_good("T9", "T20", "T21", "OTHER", "BESIDE")
        pool.wait_bad("IN")
        assert "The address of IN is wrong: hr:15 lies in the forbidden range hr:10-19" in pool.health("PLC").last_error
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 10)
        spans = {(frame[7], *span_of(frame)) for frame in plc.frames}
        assert spans == {(3, 9, 1), (3, 20, 2), (4, 9, 12)}


def test_a_gap_that_can_not_be_read_across_splits_the_block(plc: HostileModbusServer) -> None:
    plc.memory.holes = {11, 12}
    with running(plc, 10, 13) as pool:
        pool.wait_good("T10", "T13")
        errors = pool.health("PLC").errors
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 10)
        assert pool.health("PLC").errors == errors == 1


def test_several_holes_are_all_found(plc: HostileModbusServer) -> None:
    plc.memory.holes = {3, 4, 20, 49}
    with running(plc, *range(50)) as pool:
        pool.wait_bad("T3", "T4", "T20", "T49")
        pool.wait_good(*[f"T{at}" for at in range(50) if at not in plc.memory.holes])


def test_a_register_that_appears_again_is_read_after_the_next_outage(plc: HostileModbusServer) -> None:
    plc.memory.holes = {5}
    with running(plc, 4, 5, 6) as pool:
        pool.wait_bad("T5")
        plc.memory.holes = set()
        plc.mute_units = {1}
        pool.wait_bad("T4")
        plc.mute_units = set()
        pool.wait_good("T4", "T5", "T6")
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 4)
        assert tuple(plc.frames[-1][8:12]) == (0, 4, 0, 3)


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        (1, Quality.BAD_CONFIGURATION_ERROR),
        (2, Quality.BAD_CONFIGURATION_ERROR),
        (3, Quality.BAD_CONFIGURATION_ERROR),
        (4, Quality.BAD_DEVICE_FAILURE),
        (7, Quality.BAD_CONFIGURATION_ERROR),
        (8, Quality.BAD_DEVICE_FAILURE),
        (10, Quality.BAD_DEVICE_FAILURE),
        (11, Quality.BAD_DEVICE_FAILURE),
        (99, Quality.BAD_DEVICE_FAILURE),
    ],
)
def test_an_exception_code_becomes_its_quality(plc: HostileModbusServer, code: int, quality: Quality) -> None:
    plc.exception_code = code
    with running(plc, 0) as pool:
        pool.wait_bad("T0")
        assert pool.sink.sample("T0").quality == quality
        assert str(code) in pool.health("PLC").last_error


@pytest.mark.parametrize("code", [5, 6])
def test_a_busy_device_keeps_its_last_values_as_uncertain(plc: HostileModbusServer, code: int) -> None:
    with running(plc, 7) as pool:
        pool.wait_good("T7")
        plc.exception_code = code
        wait_until(lambda: pool.sink.sample("T7").quality == Quality.UNCERTAIN_LAST_USABLE)
        assert pool.sink.sample("T7").value == 7.0
        plc.exception_code = None
        pool.wait_good("T7")


def test_a_lasting_refusal_is_asked_again_only_after_a_minute(plc: HostileModbusServer) -> None:
    plc.memory.holes = {50}
    with running(plc, 0, 50, max_registers=10) as pool:
        pool.wait_bad("T50")
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 10)
        assert sum(tuple(frame[8:12]) == (0, 50, 0, 1) for frame in plc.frames) <= 2


def test_a_device_with_small_requests_is_asked_in_small_blocks(plc: HostileModbusServer) -> None:
    with running(plc, *range(60), max_registers=16) as pool:
        pool.wait_good(*[f"T{at}" for at in range(60)])
        assert max(frame[11] for frame in plc.frames) <= 16


def test_a_tag_with_an_impossible_address_is_bad_alone(plc: HostileModbusServer) -> None:
    tags = [tag("WELL", "PLC", "hr:1"), tag("ODD", "PLC", "xx:1")]
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], tags)) as pool:
        pool.wait_good("WELL")
        pool.wait_bad("ODD")
        assert pool.sink.sample("ODD").quality == Quality.BAD_CONFIGURATION_ERROR
        assert "The address of ODD is wrong: 'xx:1' is not a Modbus address" in pool.health("PLC").last_error


def test_all_four_tables_are_read(plc: HostileModbusServer) -> None:
    plc.memory.inputs[3] = 33
    plc.memory.coils[9] = 1
    plc.memory.discretes[20] = 1
    tags = [
        tag("HR", "PLC", "hr:5"),
        tag("IR", "PLC", "ir:3"),
        tag("CO", "PLC", "co:9", DataType.BOOL),
        tag("DI", "PLC", "di:20", DataType.BOOL),
        tag("DO", "PLC", "di:4", DataType.BOOL),
    ]
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], tags)) as pool:
        names = [one.name for one in tags]
        pool.wait_good(*names)
        assert pool.sink.values(names) == [5.0, 33.0, 1.0, 1.0, 0.0]
