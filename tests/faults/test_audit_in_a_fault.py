"""The audit database can't be written in the middle of a run, on the whole line."""

import sqlite3
from contextlib import closing
from pathlib import Path

from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from station.store.verify import verify_folder
from tests.fakes.whole_line import whole_line
from tests.fakes.wire_tap import WireTap


def test_without_its_audit_nothing_is_commanded_and_everything_is_watched(twin: VirtualPlant, tmp_path: Path) -> None:
    """Another program holds the file; commands come back as soon as it lets go."""
    with WireTap(twin.endpoints["RPS_PLC"]) as tap, whole_line(twin, tmp_path, {"RPS_PLC": tap.endpoint}) as line:
        line.wait_good()
        held = line.in_plc("RPS.start_sp")
        with closing(sqlite3.connect(tmp_path / "station.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status = line.command("RPS.START_SP", held + 1)
            assert status.state is CommandState.REJECTED
            assert "The command can't be recorded" in status.message
            assert "locked by another program" in line.station.health.audit_error
            line.wait_moving("PLC.RPS.HEARTBEAT")
            line.wait_good()
            assert tap.writes == []
            assert line.in_plc("RPS.start_sp") == held
            other.execute("ROLLBACK")
        assert line.command("RPS.START_SP", held + 1).state is CommandState.VERIFIED
        assert line.station.health.audit_error == ""
        assert line.in_plc("RPS.start_sp") == held + 1
    assert verify_folder(tmp_path).bad is None
