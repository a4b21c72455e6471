"""Which alarms are explained by which: trees of parts and power, silent devices, HH over H, and never in a circle."""

from dataclasses import replace
from typing import Any

from alarms.causes import LATER_US, Causes
from alarms.definitions import Alarm
from alarms.family import ancestors
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.equipment import Equipment

PARTS = {
    "MCC": Equipment(name="MCC", type="board"),
    "PS": Equipment(name="PS", type="station"),
    "P1": Equipment(name="P1", type="pump", parent="PS", powered_by="MCC"),
    "P1M": Equipment(name="P1M", type="motor", parent="P1"),
}


class Scene:
    """Alarms that stand, all of them active at time 0."""

    def __init__(self) -> None:
        self.rows: list[AlarmRow] = []
        self.alarms: dict[str, Alarm] = {}

    def add(self, name: str, equipment: str = "", explains: bool = False, is_link: bool = False, **more: Any) -> None:
        tag, _, kind = name.rpartition(".")
        definition = AlarmDefinition(tag=tag, kind=AlarmKind(kind), explains=explains)
        family = ancestors(PARTS).get(equipment, ())
        device = more.pop("device", "")
        self.alarms[name] = Alarm(name=name, definition=definition, device=device, is_of_device=is_link, family=family)
        row = AlarmRow(
            name=name, tag=tag, kind=definition.kind, priority=3, state=AlarmState.UNACK, equipment=equipment
        )
        self.rows.append(replace(row, **more))

    def causes(self) -> dict[str, str]:
        return Causes(self.alarms).among(self.rows)


def test_nothing_explains_anything_by_itself() -> None:
    scene = Scene()
    scene.add("P1.FLT.state", "P1")
    scene.add("P1M.TEMP.H", "P1M")
    assert scene.causes() == {}


def test_power_explains_what_it_feeds_and_the_parts_of_that() -> None:
    scene = Scene()
    scene.add("MCC.UV.state", "MCC", explains=True)
    scene.add("P1.FLT.state", "P1")
    scene.add("P1M.TEMP.H", "P1M")
    scene.add("PS.FLOW.L", "PS")
    assert scene.causes() == {"P1.FLT.state": "MCC.UV.state", "P1M.TEMP.H": "MCC.UV.state"}


def test_the_nearest_cause_counts_and_is_itself_explained() -> None:
    scene = Scene()
    scene.add("MCC.UV.state", "MCC", explains=True)
    scene.add("P1.FLT.state", "P1", explains=True)
    scene.add("P1M.TEMP.H", "P1M")
    assert scene.causes() == {"P1M.TEMP.H": "P1.FLT.state", "P1.FLT.state": "MCC.UV.state"}


def test_two_causes_of_one_piece_of_equipment_do_not_explain_each_other() -> None:
    scene = Scene()
    scene.add("P1.FLT.state", "P1", explains=True)
    scene.add("P1.LEAK.state", "P1", explains=True)
    scene.add("P1.FLOW.L", "P1")
    assert scene.causes() == {"P1.FLOW.L": "P1.FLT.state"}


def test_a_cause_may_be_told_of_a_little_later_but_not_much() -> None:
    for later_us, is_explained in ((LATER_US, True), (LATER_US + 1, False)):
        scene = Scene()
        scene.add("MCC.UV.state", "MCC", explains=True, active_us=later_us)
        scene.add("P1.FLT.state", "P1")
        assert bool(scene.causes()) == is_explained


def test_what_is_over_or_put_aside_explains_nothing() -> None:
    for state in (AlarmState.RTNUN, AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV):
        scene = Scene()
        scene.add("MCC.UV.state", "MCC", explains=True, state=state)
        scene.add("P1.FLT.state", "P1")
        assert scene.causes() == {}


def test_a_worse_limit_explains_the_milder_one() -> None:
    scene = Scene()
    scene.add("T.LEVEL.HH")
    scene.add("T.LEVEL.H")
    scene.add("T.LEVEL.L")
    scene.add("U.LEVEL.LL")
    scene.add("U.LEVEL.L")
    assert scene.causes() == {"T.LEVEL.H": "T.LEVEL.HH", "U.LEVEL.L": "U.LEVEL.LL"}


def test_a_silent_device_explains_what_it_masks() -> None:
    scene = Scene()
    scene.add("PLC.comm", is_link=True, device="PLC")
    scene.add("T.LEVEL.H", device="PLC", is_masked=True)
    scene.add("U.LEVEL.H", device="PLC")
    scene.add("V.LEVEL.H", device="OTHER", is_masked=True)
    assert scene.causes() == {"T.LEVEL.H": "PLC.comm"}


def test_alarms_of_devices_and_of_the_station_stand_for_themselves() -> None:
    scene = Scene()
    scene.add("MCC.UV.state", "MCC", explains=True)
    scene.add("P1.X.device", "P1")
    del scene.alarms["P1.X.device"]
    assert scene.causes() == {}


def test_a_cause_without_equipment_explains_nothing() -> None:
    scene = Scene()
    scene.add("T0.H", explains=True)
    scene.add("T1.H")
    assert scene.causes() == {}
