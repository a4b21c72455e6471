"""A PLC or an OPC UA server that goes away in the middle of a run: its port is closed, its connections are reset."""

from pathlib import Path

import pytest

from drivers.health import LinkState
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import whole_line

DEVICES = pytest.mark.parametrize(
    ("device", "heartbeat"), [("LPS_PLC", "PLC.LPS.HEARTBEAT"), ("WTW_UA", "PLC.WTW.HEARTBEAT")]
)


@DEVICES
def test_a_device_killed_and_revived_is_bad_meanwhile_and_live_again_after(
    twin: VirtualPlant, tmp_path: Path, device: str, heartbeat: str
) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        line.watch(*line.others(device))
        values = line.values(device)
        twin.control.request("kill", plc=device)
        line.wait_out(device)
        assert line.health(device).state is LinkState.DOWN
        assert len(line.values(device)) == len(values)
        assert not any(value != value for value in line.values(device))  # the last ones are kept
        twin.control.request("revive", plc=device)
        line.wait_good(device)
        line.wait_moving(heartbeat)
        assert line.health(device).reconnects >= 1
        assert line.ever_bad == set()


def test_a_frozen_opcua_server_goes_bad_and_is_live_again_after_the_thaw(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        line.watch(*line.others("WTW_UA"))
        twin.control.request("freeze", plc="WTW_UA")
        line.wait_out("WTW_UA")
        reading = line.live.reading("CLW.LEVEL")
        assert (reading.mark, reading.word, reading.is_usable) == ("?", "no communication", False)
        twin.control.request("thaw", plc="WTW_UA")
        line.wait_good("WTW_UA")
        line.wait_moving("PLC.WTW.HEARTBEAT")
        twin.control.request("stamp", plc="WTW_UA", variable="CLW.level", value=55.25)
        wait_until(lambda: line.table.sample("CLW.LEVEL").value == 55.25, what="a live level")
        assert line.ever_bad == set()
