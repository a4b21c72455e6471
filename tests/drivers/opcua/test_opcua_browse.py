"""What a server offers, and tags made of it, over a real socket and with the real command."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncua import ua
from typer.testing import CliRunner

from drivers.address_space import BrowseError
from drivers.opcua.browse import FoundVariable, browse_device
from drivers.opcua.offers import offers
from main import app
from plant_models.clock import SystemClock
from plant_models.project import check_plant, load_plant
from plant_models.tag import DataType
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.small_plant import opcua_device


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


NODES = {
    "Flow": (12.5, ua.VariantType.Double),
    "Running": (True, ua.VariantType.Boolean),
    "Total": (2**60, ua.VariantType.UInt64),
    "Batch": ("A7", ua.VariantType.String),
    "Curve": ([1.0, 2.0], ua.VariantType.Double),
    "Stamp": (ua.get_win_epoch(), ua.VariantType.DateTime),
}


@pytest.fixture(scope="module")
def server() -> Iterator[OpcUaServer]:
    with OpcUaServer(NODES) as server:
        server.describe("Flow", unit="m³/h", low=0.0, high=400.0, description="Flow to the network")
        server.add_folder("Many", [f"V{number}" for number in range(1200)])
        yield server


def found_by_name(server: OpcUaServer) -> dict[str, FoundVariable]:
    return {each.path[-1]: each for each in browse_device(opcua_device("UA", server.port), SystemClock())}


def test_every_variable_is_found_with_what_the_server_says_of_it(server: OpcUaServer) -> None:
    found = found_by_name(server)
    flow = found["Flow"]
    assert (flow.node, flow.type, flow.unit, flow.low, flow.high) == ("ns=2;s=Flow", DataType.F64, "m³/h", 0.0, 400.0)
    assert (flow.description, flow.is_writable, flow.problem) == ("Flow to the network", True, "")
    assert (found["Running"].type, found["Total"].type) == (DataType.BOOL, DataType.U64)
    assert found["Curve"].problem == "It is an array"
    assert found["Stamp"].problem == "Its type can't be shown"
    assert [name for name in found if name.startswith("V")] == [f"V{number}" for number in range(1200)]
    assert found["V7"].path == ("Many", "V7")
    assert "ServerStatus" not in found
    assert "EURange" not in found


def test_a_server_that_is_not_there_is_told_in_words(free_port: int) -> None:
    with pytest.raises(BrowseError, match="no server listens"):
        browse_device(opcua_device("UA", free_port), SystemClock())


def make_plant(folder: Path, port: int) -> Path:
    result = CliRunner().invoke(app, ["init", str(folder)])
    assert result.exit_code == 0, result.output
    (folder / "devices.toml").write_text(
        f'format = 1\n\n[[device]]\nname = "UA"\nprotocol = "opcua"\nhost = "127.0.0.1"\nport = {port}\n'
        "insecure_ok = true\n"
    )
    for name in ("tags.csv", "equipment.csv", "alarms.csv"):
        text = (folder / name).read_text().splitlines(keepends=True)
        header = next(at for at, line in enumerate(text) if not line.startswith("#") and line.strip())
        (folder / name).write_text("".join(text[: header + 1]))
    for display in (folder / "displays").glob("*.json"):
        display.unlink()
    settings = folder / "plant.toml"
    settings.write_text("".join(line for line in settings.read_text().splitlines(True) if not line.startswith("home")))
    return folder


def test_the_command_makes_tags_of_what_fits_the_pattern(server: OpcUaServer, tmp_path: Path) -> None:
    plant = make_plant(tmp_path / "plant", server.port)
    assert check_plant(plant) == []
    run = CliRunner().invoke
    listed = run(app, ["browse", str(plant), "UA"])
    assert "Flow  ns=2;s=Flow  f64 m³/h" in listed.output
    assert "Curve  ns=2;s=Curve  It is an array" in listed.output
    assert load_plant(plant).tags == ()
    added = run(app, ["browse", str(plant), "UA", "--match", "[!M]*", "--add"])
    assert "4 tags added; changed: tags.csv" in added.output
    tags = {tag.name: tag for tag in load_plant(plant).tags}
    assert set(tags) == {"Flow", "Running", "Total", "Batch"}
    assert (tags["Flow"].unit, tags["Flow"].high, tags["Flow"].writable) == ("m³/h", 400.0, False)
    assert tags["Total"].as_text
    again = run(app, ["browse", str(plant), "UA", "--add", "--match", "Flow"])
    assert "Flow  ns=2;s=Flow  is a tag already" in again.output
    assert "0 tags added; changed: nothing" in again.output


def test_names_are_made_fit_and_never_twice(tmp_path: Path, server: OpcUaServer) -> None:
    plant = load_plant(make_plant(tmp_path / "plant", server.port))
    found = [
        FoundVariable(("Werk 1", "Zulauf/Menge"), "ns=2;i=1", DataType.F64),
        FoundVariable(("Werk 1", "Zulauf Menge"), "ns=2;i=2", DataType.F64, unit="Hogsheads?"),
        FoundVariable(("x" * 70, "y" * 70), "ns=2;i=3", DataType.F64),
        FoundVariable(("°",), "ns=2;i=4", DataType.F64),
    ]
    made = offers(plant, "UA", found)
    assert [offer.name for offer in made] == ["Werk_1.Zulauf_Menge", "Werk_1.Zulauf_Menge_2", "y" * 70, "TAG"]
    assert made[1].cells["unit"] == ""


@pytest.mark.parametrize(
    ("device", "words"), [("NOWHERE", "is no OPC UA device of"), ("UA", "can't be browsed: The connection was refused")]
)
def test_what_cannot_be_browsed_is_said(tmp_path: Path, free_port: int, device: str, words: str) -> None:
    plant = make_plant(tmp_path / "plant", free_port)
    result = CliRunner().invoke(app, ["browse", str(plant), device])
    assert result.exit_code == 1
    assert words in result.output
