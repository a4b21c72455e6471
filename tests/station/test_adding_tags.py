"""Looking round in a server, and tags made of what was found there, in the plant folder of a running station."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.address_space import ROOT, SpaceNode
from drivers.opcua.browser import Browser
from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from plant_models.message import Message
from plant_models.project import check_plant, load_plant
from plant_models.project.new_tags import NewTag, add_tags
from plant_models.tag import DataType
from station.protocol import ActResult, NewTags
from tests.fakes.audit_rows import audit_rows
from tests.fakes.opcua_server import Locks, OpcUaServer
from tests.fakes.opcua_station import DEVICE, ENGINEER, OPERATOR, OpcUaStation, opcua_plant, running_opcua_station
from tests.fakes.small_plant import opcua_device
from tests.fakes.waiting import wait_until


@pytest.fixture
def server(opcua_server: OpcUaServer) -> OpcUaServer:
    opcua_server.relock(Locks())
    return opcua_server


@pytest.fixture
def plant(server: OpcUaServer, tmp_path: Path) -> Path:
    return opcua_plant(tmp_path / "plant", server.port)


@pytest.fixture
def running(plant: Path, tmp_path: Path) -> Iterator[OpcUaStation]:
    with running_opcua_station(plant, tmp_path / "data") as running:
        yield running


def _tag(name: str, address: str = "ns=2;s=Flow") -> NewTag:
    return NewTag(name=name, device=DEVICE, address=address, type=DataType.F64, unit="m³/h", low=0.0, high=400.0)


def _wanted(*tags: NewTag, reason: str = "new meter") -> NewTags:
    return NewTags(device=DEVICE, tags=tags, reason=reason)


def test_each_level_is_told_with_values_units_and_what_is_a_tag_already(running: OpcUaStation) -> None:
    found = running.browse(ROOT)
    assert (found.problem, found.add_problem, found.tags) == ("", "", {})
    (level,) = found.levels
    nodes = {node.name: node for node in level.nodes}
    assert nodes["Flow"] == SpaceNode(
        address="ns=2;s=Flow", name="Flow", is_variable=True, is_open=False, type=DataType.F64, value="12.5",
        description="Flow to the network", unit="m³/h", low=0.0, high=400.0,
    )  # fmt: skip
    assert (nodes["Running"].value, nodes["Batch"].value) == ("1", "A7")
    assert nodes["Curve"].problem == "It is an array"
    assert not nodes["Many"].is_variable
    assert "Server" not in nodes
    many, flow = running.browse(nodes["Many"].address, "ns=2;s=Flow").levels
    assert [node.name for node in many.nodes] == [f"V{number}" for number in range(60)]
    assert flow.nodes == ()


def test_what_cannot_be_browsed_and_who_may_not_is_said(running: OpcUaStation) -> None:
    refused = (("nonsense",), "is not a NodeId"), ((), "0 nodes can't be asked for"), (("x",) * 51, "51 nodes can't")
    for addresses, words in refused:
        found = running.browse(*addresses)
        assert words in found.problem
        assert isinstance(found.problem, Message)
    assert "Only an engineer" in running.browse(ROOT, session=OPERATOR).problem
    assert asyncio.run(running.station.switch_device(DEVICE, False, ENGINEER)).is_done
    assert running.browse(ROOT).problem == "WORKS is out of service; nothing is asked of it"


def test_a_connection_is_kept_for_a_while_and_made_again_when_it_is_lost(server: OpcUaServer, tmp_path: Path) -> None:
    device, browser = opcua_device("UA", server.port), Browser(SystemClock(), tmp_path, kept_s=0.2)
    before = server.connections
    try:
        assert browser.ask(device, [ROOT]).result(20)
        assert browser.ask(device, [ROOT]).result(20)
        assert server.connections == before + 1
        wait_until(lambda: server.connections == before, what="the end of the connection")
        assert browser.ask(device, [ROOT]).result(20)
        server.freeze()
        asked = browser.ask(replace(device, timeout_s=30.0), [ROOT])
        assert asked.cancel()
        server.thaw()
        assert browser.ask(device, [ROOT]).result(20)
        server.freeze()
        left = browser.ask(replace(device, timeout_s=30.0), [ROOT])
        nobody = browser.ask(device.at(Endpoint("127.0.0.1", 1)), [ROOT]).exception(20)
        assert "no server listens at 127.0.0.1:1" in str(nobody)
    finally:
        browser.stop()
        server.thaw()
    assert left.cancelled()
    wait_until(lambda: server.connections == before, what="the end of all connections")


def test_tags_are_added_recorded_and_live_at_the_next_start(running: OpcUaStation, plant: Path, tmp_path: Path) -> None:
    assert running.add(_wanted(_tag("NET.FLOW"), _tag("NET.BATCH", "ns=2;s=Batch"))) == ActResult(True)
    assert [tag.name for tag in load_plant(plant).tags] == ["NET.FLOW", "NET.BATCH"]
    assert not load_plant(plant).tags[0].writable
    assert running.browse(ROOT).tags == {"ns=2;s=Flow": "NET.FLOW", "ns=2;s=Batch": "NET.BATCH"}
    assert running.station.table.tags == ()
    again = running.add(_wanted(_tag("NET.OTHER")))
    assert again == ActResult(False, "ns=2;s=Flow is a tag already: NET.FLOW")
    running.station.stop()
    rows = [(row["user"], row["tag"], row["title"], row["reason"], row["state"]) for row in
            audit_rows(tmp_path / "data", "tags")]  # fmt: skip
    act = ("eve", DEVICE, "Add tags to tags.csv: 2", "new meter")
    assert rows[:2] == [(*act, "sent"), (*act, "verified")]
    assert rows[2][-1] == "rejected"
    messages = [row["message"] for row in audit_rows(tmp_path / "data", "tags")]
    assert messages[1] == "NET.FLOW ns=2;s=Flow, NET.BATCH ns=2;s=Batch"
    with running_opcua_station(plant, tmp_path / "data") as next_one:
        table = next_one.station.table
        wait_until(lambda: table.sample("NET.FLOW").value == 12.5, what="the value of the new tag")


def test_what_would_be_wrong_is_refused_and_changes_nothing(running: OpcUaStation, plant: Path) -> None:
    before = {path: path.read_bytes() for path in plant.rglob("*") if path.is_file()}
    for wanted, words in (
        (_wanted(), "0 tags can't be added"),
        (_wanted(replace(_tag("A"), device="OTHER")), "All tags must be of WORKS"),
        (_wanted(_tag("A b")), "A name has letters"),
        (_wanted(_tag("")), "A tag needs a name"),
        (_wanted(_tag("A"), _tag("A", "ns=2;s=Batch")), "Two tags can't have the name A"),
        (_wanted(replace(_tag("A"), low=5.0, high=1.0)), "The plant folder would have"),
    ):
        result = running.add(wanted)
        assert not result.is_done
        assert words in result.message
    assert {path: path.read_bytes() for path in plant.rglob("*") if path.is_file()} == before


def test_who_may_not_add_and_a_folder_that_cannot_be_written_are_said(running: OpcUaStation, plant: Path) -> None:
    assert "Only an engineer" in running.add(_wanted(_tag("A")), OPERATOR).message
    plant.rename(plant.with_name("elsewhere"))
    assert "isn't on this computer" in running.add(_wanted(_tag("A"))).message
    assert "isn't on this computer" in running.browse(ROOT).add_problem


def test_a_crash_while_rows_are_checked_leaves_the_folder_as_it_was(
    plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (plant / "tags.csv").read_bytes()
    seen: list[bytes] = []

    def watched(folder: Path) -> list[object]:
        seen.append((plant / "tags.csv").read_bytes())
        return list(check_plant(folder))

    monkeypatch.setattr("plant_models.project.new_tags.check_plant", watched)
    assert add_tags(plant, [_tag("A").cells()]) == ["tags.csv"]
    assert seen == [before, before]
