"""A PLC that accepts and stays silent, in the middle of a run."""

from pathlib import Path

from drivers.health import LinkState
from plant_models.clock import SystemClock
from plant_models.quality import is_bad
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import WholeLine, whole_line
from tests.fakes.wire_tap import WireTap


def test_a_frozen_plc_goes_bad_keeps_its_last_values_and_comes_back_on_a_new_connection(
    twin: VirtualPlant, tmp_path: Path
) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        line.watch(*line.others("RPS_PLC"))
        twin.control.request("stamp", plc="RPS_PLC", variable="RPS.P1.flow", value=1234.5)
        wait_until(lambda: line.table.sample("RPS.P1.FLOW").value == 1234.5)
        twin.control.request("freeze", plc="RPS_PLC")
        line.wait_out("RPS_PLC")
        assert line.table.sample("RPS.P1.FLOW").value == 1234.5
        reading = line.live.reading("RPS.P1.FLOW")
        assert (reading.mark, reading.word, reading.is_usable) == ("?", "no communication", False)
        assert line.live.condition("RPS.P1").look == "bad"
        frozen = tap.connections
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good("RPS_PLC")
        line.wait_moving("PLC.RPS.HEARTBEAT")
        assert tap.connections > frozen >= 1
        assert line.health("RPS_PLC").state is LinkState.CONNECTED
        assert line.ever_bad == set()


def test_a_frozen_plc_leaves_the_scan_rhythm_of_the_others(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        others = ("LPS_PLC", "TNK_PLC", "NET_PLC")
        before = requests_per_s(line, *others)
        twin.control.request("freeze", plc="RPS_PLC")
        during = requests_per_s(line, *others)
        assert line.health("RPS_PLC").timeouts >= 2
        assert during / before >= 0.9
        line.wait_moving("PLC.WTW.HEARTBEAT")


def test_a_plc_frozen_at_start_is_found_when_it_thaws(twin: VirtualPlant, tmp_path: Path) -> None:
    twin.control.request("freeze", plc="RPS_PLC")
    with whole_line(twin, tmp_path) as line:
        line.wait_out("RPS_PLC")
        line.wait_good(*line.others("RPS_PLC"))
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good()


def test_no_row_is_lost_uncounted_while_a_plc_is_frozen(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        twin.control.request("freeze", plc="TNK_PLC")
        while not line.is_out("TNK_PLC"):
            counts = line.counts()
            assert counts.offered == counts.applied + sum(counts.dropped.values()) + counts.queued
            assert counts.queued >= 0
            line.wait_moving("PLC.RPS.HEARTBEAT")
        twin.control.request("thaw", plc="TNK_PLC")
        line.wait_good()
        assert line.counts().dropped == {}


def test_all_plcs_frozen_at_once_are_all_bad_and_all_come_back(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        for device in line.station.plant.devices:
            twin.control.request("freeze", plc=device)
        for device in line.station.plant.devices:
            line.wait_out(device)
        assert line.station.health.is_evaluated
        measured = [tag.name for tag in line.table.tags if tag.device or tag.expression]
        assert all(is_bad(line.table.sample(name).quality) for name in measured)
        assert not any(line.live.reading(name).is_usable for name in measured)
        for device in line.station.plant.devices:
            twin.control.request("thaw", plc=device)
        line.wait_good()


def requests_per_s(line: WholeLine, *devices: str) -> float:
    """Return the rate of requests over 100 of them."""
    clock = SystemClock()
    start, start_ns = line.requests(*devices), clock.mono_ns()
    wait_until(lambda: line.requests(*devices) >= start + 100, 60, "100 requests")
    return (line.requests(*devices) - start) / ((clock.mono_ns() - start_ns) / 1e9)
