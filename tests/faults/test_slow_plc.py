"""A PLC that answers late: below its time-out, and above."""

from pathlib import Path

from drivers.health import LinkState
from plant_models.quality import Quality
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import whole_line
from tests.fakes.wire_tap import WireTap


def test_a_plc_slower_than_its_scans_is_asked_one_thing_at_a_time_and_shown_as_stale(
    twin: VirtualPlant, tmp_path: Path
) -> None:
    """Its round takes longer than three scans, so its values are too old to be called good; none is wrong."""
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        line.watch(*line.station.plant.devices)
        reads = tap.reads
        twin.control.request("slow", plc="RPS_PLC", delay_s=0.35)
        wait_until(lambda: Quality.UNCERTAIN_LAST_USABLE in line.qualities("RPS_PLC"), what="stale values")
        wait_until(lambda: tap.reads > reads + 6, what="six slow reads")
        assert tap.most_open == 1
        assert line.health("RPS_PLC").timeouts == 0
        assert line.health("RPS_PLC").state is LinkState.CONNECTED
        assert line.ever_bad == set()
        assert tap.connections == 1
        twin.control.request("slow", plc="RPS_PLC", delay_s=0)
        line.wait_good()


def test_a_plc_slower_than_its_time_out_is_bad_until_it_is_fast_again(twin: VirtualPlant, tmp_path: Path) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        line.watch(*line.others("RPS_PLC"))
        twin.control.request("slow", plc="RPS_PLC", delay_s=0.8)
        line.wait_out("RPS_PLC")
        twin.control.request("stamp", plc="RPS_PLC", variable="RPS.P1.flow", value=777.5)
        connections = tap.connections
        wait_until(lambda: tap.connections > connections + 1, what="two more attempts")
        assert line.is_out("RPS_PLC")
        assert tap.most_open <= 2  # a request that timed out is given up, and tried once more
        assert line.ever_bad == set()
        twin.control.request("slow", plc="RPS_PLC", delay_s=0)
        line.wait_good()
        assert line.table.sample("RPS.P1.FLOW").value == 777.5
