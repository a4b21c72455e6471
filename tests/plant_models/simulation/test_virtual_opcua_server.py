"""A virtual PLC with OPC UA on real sockets, talked to by asyncua's client."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC

import pytest
from asyncua import Client, ua

from plant_models.clock import SystemClock
from tests.fakes.plant_process import RunningPlant, running_plant

WAIT_S = 20


@pytest.fixture(scope="module")
def shared_plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlant]:
    """One plant for all, since asyncua's server needs seconds to start."""
    with running_plant(tmp_path_factory.mktemp("plant"), with_opcua=True) as running:
        yield running


@pytest.fixture
def plant(shared_plant: RunningPlant) -> Iterator[RunningPlant]:
    """The plant, with flow, and put in order again after the test."""
    yield shared_plant
    shared_plant.process.values["RAW.flow"] = 800.0
    for variable in ("RAW.flow", "CLW.level"):
        shared_plant.control.request("sensor", variable=variable, fault="clear")
    for command in ("thaw", "revive"):
        shared_plant.control.request(command, plc="WTW_UA")


@pytest.fixture
async def client(plant: RunningPlant) -> AsyncIterator[Client]:
    async with new_client(plant, timeout=10) as connected:
        yield connected


def new_client(plant: RunningPlant, timeout: float) -> Client:
    endpoint = plant.endpoints["WTW_UA"]
    return Client(f"opc.tcp://{endpoint.host}:{endpoint.port}", timeout=timeout)


async def read(client: Client, name: str) -> ua.DataValue:
    return await client.get_node(f"ns=2;s={name}").read_data_value(raise_on_bad_status=False)


async def write(client: Client, name: str, value: object, data_type: ua.VariantType) -> None:
    await client.get_node(f"ns=2;s={name}").write_value(ua.DataValue(ua.Variant(value, data_type)))


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1000):
        if await condition():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came true")


async def until(client: Client, name: str, wanted: object) -> None:
    async def is_there() -> bool:
        return bool((await read(client, name)).Value.Value == wanted)

    await eventually(is_there)


async def test_nodes_have_the_types_of_the_map(client: Client) -> None:
    names = ("WTW.HEARTBEAT", "WTW.MESSAGE", "DOS.CL2.RUN", "DOS.CL2.DOSE_SP", "RAW.FLOW", "CLW.LEVEL")
    values = [await read(client, name) for name in names]
    kinds = ua.VariantType
    wanted = [kinds.UInt32, kinds.String, kinds.Boolean, kinds.Double, kinds.Float, kinds.UInt16]
    assert [value.Value.VariantType for value in values] == wanted
    assert [value.Value.Value for value in values[3:]] == [1.2, 800.0, 5000]


async def test_source_time_stamps_are_wall_time(client: Client) -> None:
    first = (await read(client, "WTW.HEARTBEAT")).Value.Value
    await until(client, "WTW.HEARTBEAT", first + 1)
    beat = (await read(client, "WTW.HEARTBEAT")).SourceTimestamp
    server_time = await client.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus_CurrentTime)).read_value()
    now_s = SystemClock().wall_us() / 1e6
    for stamp in (beat, server_time):
        assert abs(stamp.replace(tzinfo=UTC).timestamp() - now_s) < 60


async def test_a_written_setpoint_reaches_the_process(plant: RunningPlant, client: Client) -> None:
    await write(client, "DOS.CL2.DOSE_SP", 2.5, ua.VariantType.Double)
    assert (await read(client, "DOS.CL2.DOSE_SP")).Value.Value == 2.5

    async def is_dosed() -> bool:
        return plant.process.orders["DOS.CL2.dose_ref"] == 2.5

    await eventually(is_dosed)
    await write(client, "DOS.CL2.DOSE_SP", 1.2, ua.VariantType.Double)


async def test_a_limited_or_refused_write_reads_back_as_the_plc_has_it(client: Client) -> None:
    await write(client, "DOS.CL2.DOSE_SP", 99.0, ua.VariantType.Double)
    assert (await read(client, "DOS.CL2.DOSE_SP")).Value.Value == 4.0
    await write(client, "DOS.CL2.DOSE_SP", 1.2, ua.VariantType.Double)
    await write(client, "DOS.CL2.CMD", 1, ua.VariantType.Int32)
    assert (await read(client, "DOS.CL2.CMD")).Value.Value == 0


@pytest.mark.parametrize(
    ("name", "value", "data_type", "error"),
    [
        ("RAW.FLOW", 1.0, ua.VariantType.Float, "BadNotWritable"),
        ("WTW.MESSAGE", "hello", ua.VariantType.String, "BadNotWritable"),
        ("DOS.CL2.DOSE_SP", 2, ua.VariantType.Int32, "BadTypeMismatch"),
        ("DOS.CL2.DOSE_SP", [2.0], ua.VariantType.Double, "BadTypeMismatch"),
        ("DOS.CL2.DOSE_SP", math.nan, ua.VariantType.Double, "BadOutOfRange"),
        ("DOS.CL2.DOSE_SP", math.inf, ua.VariantType.Double, "BadOutOfRange"),
        ("NOWHERE", 2.0, ua.VariantType.Double, "BadNodeIdUnknown"),
    ],
)
async def test_a_wrong_write_is_refused_with_its_reason(
    client: Client, name: str, value: object, data_type: ua.VariantType, error: str
) -> None:
    with pytest.raises(getattr(ua.uaerrors, error)):
        await write(client, name, value, data_type)
    assert (await read(client, "DOS.CL2.DOSE_SP")).Value.Value == 1.2


async def test_a_subscription_sees_the_change(plant: RunningPlant, client: Client) -> None:
    seen: asyncio.Queue[float] = asyncio.Queue()

    class Handler:
        def datachange_notification(self, node: object, value: float, data: object) -> None:
            seen.put_nowait(value)

    subscription = await client.create_subscription(50, Handler())
    await subscription.subscribe_data_change(client.get_node("ns=2;s=RAW.FLOW"))
    async with asyncio.timeout(WAIT_S):
        assert await seen.get() == 800.0
        plant.process.values["RAW.flow"] = 640.0
        assert await seen.get() == 640.0
    await subscription.delete()


async def test_a_dead_sensor_is_nan_in_a_float_and_a_bad_status_in_an_integer(
    plant: RunningPlant, client: Client
) -> None:
    for variable in ("RAW.flow", "CLW.level"):
        await asyncio.to_thread(plant.control.request, "sensor", variable=variable, fault="nan")

    async def is_bad() -> bool:
        return (await read(client, "CLW.LEVEL")).StatusCode.is_bad()

    await eventually(is_bad)
    assert (await read(client, "CLW.LEVEL")).StatusCode.value == ua.StatusCodes.BadSensorFailure
    flow = await read(client, "RAW.FLOW")
    assert flow.StatusCode.is_good()
    assert math.isnan(flow.Value.Value)
    await asyncio.to_thread(plant.control.request, "sensor", variable="CLW.level", fault="clear")
    await until(client, "CLW.LEVEL", 5000)


async def test_the_message_is_text(plant: RunningPlant, client: Client) -> None:
    plant.process.values["RAW.flow"] = 0.0
    await until(client, "WTW.MESSAGE", "DOS.CL2 without flow")


async def test_a_frozen_server_stays_silent_and_goes_on_after_the_thaw(plant: RunningPlant, client: Client) -> None:
    await until(client, "RAW.FLOW", 800.0)
    await asyncio.to_thread(plant.control.request, "freeze", plc="WTW_UA")
    pending = asyncio.create_task(read(client, "RAW.FLOW"))
    done, _ = await asyncio.wait([pending], timeout=0.3)
    assert not done
    await asyncio.to_thread(plant.control.request, "thaw", plc="WTW_UA")
    async with asyncio.timeout(WAIT_S):
        assert (await pending).Value.Value == 800.0


async def test_a_killed_server_can_be_revived_on_its_port(plant: RunningPlant) -> None:
    await asyncio.to_thread(plant.control.request, "kill", plc="WTW_UA")
    with pytest.raises(ConnectionRefusedError):
        await new_client(plant, timeout=5).connect()
    await asyncio.to_thread(plant.control.request, "revive", plc="WTW_UA")
    async with new_client(plant, timeout=10) as again:
        await until(again, "RAW.FLOW", 800.0)


async def test_a_client_that_comes_to_a_frozen_server_waits_until_the_thaw(plant: RunningPlant) -> None:
    await asyncio.to_thread(plant.control.request, "freeze", plc="WTW_UA")
    newcomer = new_client(plant, timeout=WAIT_S)
    connecting = asyncio.create_task(newcomer.connect())
    done, _ = await asyncio.wait([connecting], timeout=0.3)
    assert not done
    await asyncio.to_thread(plant.control.request, "thaw", plc="WTW_UA")
    await connecting
    await until(newcomer, "RAW.FLOW", 800.0)
    await newcomer.disconnect()
