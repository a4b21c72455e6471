"""Commands to devices that are dead, frozen or slow: at most one frame, never called verified, nothing sent later."""

from pathlib import Path

import pytest

from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows, states
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import whole_line
from tests.fakes.wire_tap import WireTap

TAG, VARIABLE = "RPS.START_SP", "RPS.start_sp"


def test_a_command_to_a_plc_that_has_just_frozen_is_unknown_and_one_frame_at_most(
    twin: VirtualPlant, tmp_path: Path
) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc(VARIABLE)
        twin.control.request("freeze", plc="RPS_PLC")
        status = line.command(TAG, held + 2)
        assert status.state is CommandState.UNKNOWN
        assert status.message
        line.wait_out("RPS_PLC")
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good()
        line.wait_moving("PLC.RPS.HEARTBEAT")
        assert len(tap.writes) == 1
        assert line.table.sample(TAG).value == line.in_plc(VARIABLE)
    assert states(tmp_path) == ["pending", "sent", "unknown"]
    assert verify_folder(tmp_path).bad is None


@pytest.mark.parametrize("fault", ["freeze", "kill"])
def test_a_command_during_an_outage_is_refused_audited_and_never_sent_later(
    twin: VirtualPlant, tmp_path: Path, fault: str
) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc(VARIABLE)
        twin.control.request(fault, plc="RPS_PLC")
        line.wait_out("RPS_PLC")
        status = line.command(TAG, held + 2)
        assert status.state is CommandState.REJECTED
        assert "RPS_PLC is not connected" in status.message
        twin.control.request("thaw" if fault == "freeze" else "revive", plc="RPS_PLC")
        line.wait_good()
        line.wait_moving("PLC.RPS.HEARTBEAT")
        assert tap.writes == []
        assert line.in_plc(VARIABLE) == held
    rows = audit_rows(tmp_path)
    assert [(row["state"], row["tag"], row["value_new"]) for row in rows] == [("rejected", TAG, held + 2)]


def test_a_command_to_a_plc_that_has_just_died_is_never_verified(twin: VirtualPlant, tmp_path: Path) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc(VARIABLE)
        twin.control.request("kill", plc="RPS_PLC")
        status = line.command(TAG, held + 2)
        assert status.state in (CommandState.REJECTED, CommandState.NOT_SENT, CommandState.UNKNOWN)
        twin.control.request("revive", plc="RPS_PLC")
        line.wait_good()
        line.wait_moving("PLC.RPS.HEARTBEAT")
        assert len(tap.writes) <= 1
        assert line.in_plc(VARIABLE) == held
    assert states(tmp_path)[-1] == status.state.value


@pytest.mark.parametrize(("fault", "mend"), [("freeze", "thaw"), ("kill", "revive")])
def test_a_command_to_an_opcua_server_that_is_gone_is_never_verified_nor_sent_later(
    twin: VirtualPlant, tmp_path: Path, fault: str, mend: str
) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        held = line.in_plc("DOS.CL2.dose_sp")
        twin.control.request(fault, plc="WTW_UA")
        first = line.command("DOS.CL2.DOSE_SP", held + 0.25)
        assert first.state in (CommandState.REJECTED, CommandState.NOT_SENT, CommandState.UNKNOWN)
        line.wait_out("WTW_UA")
        assert line.command("DOS.CL2.DOSE_SP", held + 0.5).state is CommandState.REJECTED
        twin.control.request(mend, plc="WTW_UA")
        line.wait_good()
        line.wait_moving("PLC.WTW.HEARTBEAT")
        assert line.in_plc("DOS.CL2.dose_sp") == held
        assert line.table.sample("DOS.CL2.DOSE_SP").value == held
    assert "verified" not in states(tmp_path)
    assert states(tmp_path)[-1] == "rejected"


def test_a_command_to_a_slow_plc_is_one_frame_and_verified(twin: VirtualPlant, tmp_path: Path) -> None:
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc(VARIABLE)
        twin.control.request("slow", plc="RPS_PLC", delay_s=0.2)
        status = line.command(TAG, held + 1)
        assert (status.state, status.readback) == (CommandState.VERIFIED, held + 1)
        assert len(tap.writes) == 1
        assert line.in_plc(VARIABLE) == held + 1


def test_a_command_that_a_plc_confirms_after_the_time_out_is_not_called_verified(
    twin: VirtualPlant, tmp_path: Path
) -> None:
    """It may well have been carried out; the table shows what the PLC holds as soon as it can be read again."""
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc(VARIABLE)
        twin.control.request("slow", plc="RPS_PLC", delay_s=2)
        assert line.command(TAG, held + 1).state is CommandState.UNKNOWN
        assert len(tap.writes) == 1
        twin.control.request("slow", plc="RPS_PLC", delay_s=0)
        line.wait_good()
        wait_until(lambda: line.table.sample(TAG).value == line.in_plc(VARIABLE), what="the PLC's own value")
        assert len(tap.writes) == 1
    assert states(tmp_path) == ["pending", "sent", "unknown"]
