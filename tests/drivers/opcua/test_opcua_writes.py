"""Commands to an OPC UA server: the node's own type, one request, read back."""

from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.base import WriteState
from plant_models.tag import DataType, Tag
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag

NODES = {
    "DOSE": (1.0, ua.VariantType.Double),
    "RATE": (1.0, ua.VariantType.Float),
    "MODE": (1, ua.VariantType.Int16),
    "RUN": (False, ua.VariantType.Boolean),
    "NAME": ("x", ua.VariantType.String),
    "ORDER": (0, ua.VariantType.UInt16),
    "TAKEN": (0, ua.VariantType.UInt16),
    "FIXED": (1.0, ua.VariantType.Double),
}


def writable(name: str, data_type: DataType, **settings: object) -> Tag:
    return tag(name, "UA", f"ns=2;s={name}", data_type, writable=True, **settings)


TAGS = [
    writable("DOSE", DataType.F64),
    writable("RATE", DataType.F32),
    writable("MODE", DataType.I16),
    writable("RUN", DataType.BOOL),
    writable("NAME", DataType.TEXT),
    writable("FIXED", DataType.F64),
    writable("ORDER", DataType.U16, pulse=True),
    writable("TAKEN", DataType.U16, pulse=True),
    writable("GONE", DataType.F64),
    tag("LEVEL", "UA", "ns=2;s=DOSE", DataType.F64),
]


@pytest.fixture(scope="module")
def shared_server() -> Iterator[OpcUaServer]:
    """A server takes seconds to start; only the tests that end it have one of their own."""
    with OpcUaServer(NODES) as running_server:
        yield running_server


@pytest.fixture
def server(shared_server: OpcUaServer) -> Iterator[OpcUaServer]:
    yield shared_server
    shared_server.reset(NODES)


@pytest.fixture
def pool(server: OpcUaServer) -> Iterator[RunningPool]:
    with RunningPool(small_plant([opcua_device("UA", server.port)], TAGS, 0.1)) as running:
        running.wait_good("DOSE", "MODE", "RUN")
        yield running


@pytest.mark.parametrize(
    ("name", "value", "content"),
    [("DOSE", 7.25, 7.25), ("RATE", 0.1, 0.10000000149011612), ("MODE", 2.0, 2), ("RUN", 1.0, True)],
)
def test_a_command_is_written_in_the_nodes_own_type_and_verified(
    server: OpcUaServer, pool: RunningPool, name: str, value: float, content: object
) -> None:
    outcome = pool.write(name, value)
    assert outcome.state is WriteState.VERIFIED
    assert outcome.readback == content
    assert server.content(name) == content
    assert type(server.content(name)) is type(content)
    assert pool.sink.sample(name).value == content


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("MODE", 40_000.0, "40000 does not fit Int16"),
        ("NAME", 1.0, "only numbers can be written"),
        ("LEVEL", 1.0, "LEVEL is read only"),
        ("GONE", 1.0, "BadNodeIdUnknown"),
    ],
)
def test_a_command_that_can_not_be_is_not_sent(pool: RunningPool, name: str, value: float, why: str) -> None:
    outcome = pool.write(name, value)
    assert outcome.state is WriteState.NOT_SENT
    assert why in outcome.message


def test_an_order_is_given_only_when_the_one_before_was_set_back(server: OpcUaServer, pool: RunningPool) -> None:
    pool.wait_good("ORDER")
    assert "Zero is no order" in pool.write("ORDER", 0.0).message
    assert pool.write("ORDER", 2.0).state is WriteState.VERIFIED
    again = pool.write("ORDER", 2.0)
    assert again.state is WriteState.NOT_SENT
    assert "hasn't set back the order before" in again.message
    server.put("ORDER", 0)
    assert pool.write("ORDER", 3.0).state is WriteState.VERIFIED
    assert server.content("ORDER") == 3


def test_an_order_that_the_server_takes_at_once_is_verified_by_its_answer(
    server: OpcUaServer, pool: RunningPool
) -> None:
    pool.wait_good("TAKEN")
    server.swallow_writes("TAKEN")
    outcome = pool.write("TAKEN", 2.0)
    assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, 0.0)
    assert "shows 0 again" in outcome.message


def test_a_node_that_refuses_says_so(server: OpcUaServer, pool: RunningPool) -> None:
    server.refuse_writes("FIXED")
    outcome = pool.write("FIXED", 2.0)
    assert outcome.state is WriteState.REFUSED
    assert "Bad" in outcome.message
    assert server.content("FIXED") == 1.0


def test_a_command_whose_time_is_over_is_not_sent(server: OpcUaServer, pool: RunningPool) -> None:
    outcome = pool.write("DOSE", 5.0, valid_s=-0.001)
    assert outcome.state is WriteState.NOT_SENT
    assert "Too late" in outcome.message
    assert server.content("DOSE") == 1.0


def test_a_command_whose_release_fails_is_not_sent(server: OpcUaServer, pool: RunningPool) -> None:
    def refuse() -> None:
        raise OSError("the audit disk is full")

    outcome = pool.send("DOSE", 5.0, on_sent=refuse).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert "the audit disk is full" in outcome.message
    assert server.content("DOSE") == 1.0


def test_a_command_to_a_dead_server_is_not_sent(server: OpcUaServer, pool: RunningPool) -> None:
    server.freeze()
    pool.wait_bad("DOSE")
    outcome = pool.write("DOSE", 5.0)
    assert outcome.state is WriteState.NOT_SENT
    assert "UA is not connected" in outcome.message


def test_a_command_to_a_server_that_freezes_is_never_verified(server: OpcUaServer, pool: RunningPool) -> None:
    assert pool.write("DOSE", 2.0).state is WriteState.VERIFIED
    server.freeze()
    outcome = pool.write("DOSE", 5.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "does not answer" in outcome.message or "connection" in outcome.message
