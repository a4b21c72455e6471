"""A PLC or a server that isn't there when the station starts."""

from pathlib import Path

import pytest

from drivers.health import LinkState
from hmi.numbers import DASH
from plant_models.quality import Quality
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.whole_line import whole_line
from tests.fakes.wire_tap import WireTap


@pytest.mark.parametrize(("device", "tag"), [("RPS_PLC", "RPS.P1.FLOW"), ("WTW_UA", "CLW.LEVEL")])
def test_a_device_absent_at_start_says_no_communication_and_the_others_live(
    twin: VirtualPlant, tmp_path: Path, device: str, tag: str
) -> None:
    twin.control.request("kill", plc=device)
    with whole_line(twin, tmp_path) as line:
        line.watch(*line.others(device))
        line.wait_good(*line.others(device))
        line.wait_out(device)
        reading = line.live.reading(tag)
        assert (reading.text, reading.mark, reading.is_usable) == (DASH, "*", False)
        assert reading.word == "no communication"
        assert line.is_good(*line.others(device))


def test_what_is_calculated_from_an_absent_plc_is_bad_too(twin: VirtualPlant, tmp_path: Path) -> None:
    twin.control.request("kill", plc="RPS_PLC")
    with whole_line(twin, tmp_path) as line:
        line.wait_out("RPS_PLC")
        line.wait_good(*line.others("RPS_PLC"))
        assert line.table.sample("RPS.PUMPED").quality == Quality.BAD_NO_COMMUNICATION
        assert not line.live.reading("RPS.PUMPED").is_usable
        assert line.live.condition("RPS.P1").look not in ("running", "stopped")


def test_a_server_that_comes_later_is_found_without_a_restart(twin: VirtualPlant, tmp_path: Path) -> None:
    twin.control.request("kill", plc="WTW_UA")
    with whole_line(twin, tmp_path) as line:
        line.wait_out("WTW_UA")
        assert line.health("WTW_UA").state is LinkState.DOWN
        twin.control.request("revive", plc="WTW_UA")
        line.wait_good()
        line.wait_moving("PLC.WTW.HEARTBEAT")
        assert line.health("WTW_UA").state is LinkState.CONNECTED


def test_a_plc_that_comes_later_is_found_on_one_new_connection(twin: VirtualPlant, tmp_path: Path) -> None:
    twin.control.request("kill", plc="RPS_PLC")
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_out("RPS_PLC")
        assert tap.connections == 0
        twin.control.request("revive", plc="RPS_PLC")
        line.wait_good("RPS_PLC")
        line.wait_moving("PLC.RPS.HEARTBEAT")
        assert tap.connections == 1


def test_the_health_tells_the_cause_and_since_when(twin: VirtualPlant, tmp_path: Path) -> None:
    twin.control.request("kill", plc="RPS_PLC")
    with whole_line(twin, tmp_path) as line:
        line.wait_out("RPS_PLC")
        out = line.health("RPS_PLC")
        where = twin.endpoints["RPS_PLC"]
        assert f"{where.host}:{where.port}" in out.last_error
        line.wait_good(*line.others("RPS_PLC"))
        assert line.health("RPS_PLC").since_us == out.since_us  # new attempts don't move it
        twin.control.request("revive", plc="RPS_PLC")
        line.wait_good("RPS_PLC")
        back = line.health("RPS_PLC")
        assert back.since_us > out.since_us
        assert back.last_error == ""
