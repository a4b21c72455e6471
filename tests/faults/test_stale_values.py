"""Values that are no longer confirmed: grey before their device is known to be out, and good again after."""

from pathlib import Path

from drivers.health import LinkState
from plant_models.quality import Quality
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import whole_line


def test_values_grey_out_before_a_patient_driver_gives_up_on_its_plc(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path, timeout_s=3.0) as line:
        line.wait_good()
        line.watch("RPS_PLC")
        twin.control.request("stamp", plc="RPS_PLC", variable="RPS.P1.flow", value=1234.5)
        wait_until(lambda: line.table.sample("RPS.P1.FLOW").value == 1234.5)
        twin.control.request("freeze", plc="RPS_PLC")
        wait_until(lambda: line.qualities("RPS_PLC") == {Quality.UNCERTAIN_LAST_USABLE}, what="stale values")
        assert line.health("RPS_PLC").state is LinkState.CONNECTED
        assert line.ever_bad == set()
        reading = line.live.reading("RPS.P1.FLOW")
        assert (reading.value, reading.mark, reading.word) == (1234.5, "?", "last usable value")
        assert not reading.is_usable
        assert line.live.reading("RPS.PUMPED").word == "last usable value"  # calculated from it
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good()


def test_an_opcua_value_that_never_changes_stays_good(twin: VirtualPlant, tmp_path: Path) -> None:
    """Its server only says that it is alive; that keeps a constant from looking stale."""
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        before = line.table.sample("DOS.CL2.DOSE_SP")
        for _ in range(2):
            line.wait_moving("PLC.WTW.HEARTBEAT")
        after = line.table.sample("DOS.CL2.DOSE_SP")
        assert after.quality == Quality.GOOD
        assert after.received_ns > before.received_ns
