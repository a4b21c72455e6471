"""Any node read or written once by a technician, over real sockets."""

from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.once import OnceAnswer, OnceRequest, OnceState
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag

NODES = {
    "LEVEL": (12.5, ua.VariantType.Double),
    "COUNT": (3, ua.VariantType.Int16),
    "NAME": ("WTW", ua.VariantType.String),
    "FIXED": (1.0, ua.VariantType.Double),
}


@pytest.fixture(scope="module")
def server() -> Iterator[OpcUaServer]:
    with OpcUaServer(NODES) as running:
        running.refuse_writes("FIXED")
        yield running


@pytest.fixture(scope="module")
def pool(server: OpcUaServer) -> Iterator[RunningPool]:
    tags = [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64)]
    with RunningPool(small_plant([opcua_device("UA", server.port)], tags)) as running:
        running.wait_good("LEVEL")
        yield running


def ask(pool: RunningPool, address: str, value: float | None = None, late: bool = False) -> OnceAnswer:
    not_after_ns = 0 if late else SystemClock().mono_ns() + 10_000_000_000
    request = OnceRequest(device="UA", address=address, type=DataType.F64, value=value, not_after_ns=not_after_ns)
    return pool.pool.once(request).result(20)


def test_numbers_and_texts_are_read(pool: RunningPool) -> None:
    assert ask(pool, "ns=2;s=LEVEL") == OnceAnswer(OnceState.DONE, value=12.5, text="12.5")
    assert ask(pool, "ns=2;s=NAME") == OnceAnswer(OnceState.DONE, text="WTW")


def test_a_value_is_written_in_the_nodes_own_type_and_read_back(server: OpcUaServer, pool: RunningPool) -> None:
    assert ask(pool, "ns=2;s=COUNT", 7.0) == OnceAnswer(OnceState.DONE, value=7.0, text="7")
    assert server.content("COUNT") == 7


def test_refusals_are_told(pool: RunningPool) -> None:
    gone = ask(pool, "ns=2;s=GONE")
    assert (gone.state, gone.message) == (OnceState.REFUSED, "The server says BadNodeIdUnknown")
    fixed = ask(pool, "ns=2;s=FIXED", 7.0)
    assert fixed.state is OnceState.REFUSED
    assert "The server says Bad" in fixed.message


@pytest.mark.parametrize(
    ("address", "value", "late", "words"),
    [
        ("nowhere", None, False, "not a NodeId"),
        ("ns=2;s=COUNT", 70_000.0, False, "does not fit"),
        ("ns=2;s=NAME", 7.0, False, "can't be written"),
        ("ns=2;s=LEVEL", 7.0, True, "Too late"),
    ],
)
def test_what_can_not_be_is_not_sent(
    server: OpcUaServer, pool: RunningPool, address: str, value: float | None, late: bool, words: str
) -> None:
    answer = ask(pool, address, value, late)
    assert answer.state is OnceState.NOT_SENT
    assert words in answer.message
    assert server.content("LEVEL") == 12.5
