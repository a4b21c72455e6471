"""A PLC that accepts and stays silent is one alarm, not one for each of its tags; it ends by itself."""

from pathlib import Path

from alarms.snapshot import AlarmRow
from plant_models.alarm_definition import AlarmKind
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import WholeLine, whole_line


def rows(line: WholeLine, kind: AlarmKind) -> list[AlarmRow]:
    return [row for row in line.station.alarms.rows if row.kind is kind]


def test_a_frozen_plc_is_one_alarm_that_masks_the_others(twin: VirtualPlant, tmp_path: Path) -> None:
    with whole_line(twin, tmp_path) as line:
        line.wait_good()
        assert rows(line, AlarmKind.COMMUNICATION) == []
        twin.control.request("stamp", plc="RPS_PLC", variable="RPS.P1.fault", value=1.0)
        wait_until(lambda: any(row.name == "RPS.P1.FLT.state" for row in line.station.alarms.rows))
        twin.control.request("freeze", plc="RPS_PLC")
        line.wait_out("RPS_PLC")
        wait_until(lambda: rows(line, AlarmKind.COMMUNICATION), what="the alarm of the PLC")
        (silent,) = rows(line, AlarmKind.COMMUNICATION)
        assert (silent.state, silent.is_frozen, silent.is_masked) == ("UNACK", False, False)
        (tripped,) = [row for row in line.station.alarms.rows if row.name == "RPS.P1.FLT.state"]
        assert (tripped.state, tripped.is_frozen, tripped.is_masked) == ("UNACK", True, True)
        twin.control.request("thaw", plc="RPS_PLC")
        line.wait_good()
        wait_until(lambda: [row.state for row in rows(line, AlarmKind.COMMUNICATION)] == ["RTNUN"])
        assert line.station.health.journal.dropped == 0
