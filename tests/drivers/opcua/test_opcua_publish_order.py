"""Several values of one node in one publish: the newest stands in the table in the end, whatever comes with it."""

import asyncio
from itertools import product
from types import SimpleNamespace

import pytest
from asyncua import ua

from drivers.counters import Counters
from drivers.opcua.channel import Channel
from drivers.opcua.decoding import Item, batches_of
from drivers.opcua.subscription import ScanSubscription
from plant_models.batch import samples
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import small_plant, tag

TAGS = {row: Tag(name=f"T{row}", type=DataType.F64) for row in range(3)}
FAILED = ua.DataValue(StatusCode=ua.StatusCode(ua.UInt32(ua.StatusCodes.BadSensorFailure)))


def read(number: float) -> ua.DataValue:
    return ua.DataValue(ua.Variant(number))


def table_after(*items: Item) -> TagTable:
    table = TagTable(list(TAGS.values()), {"normal": 1.0}, ManualClock())
    table.apply(*batches_of(items, TAGS, 7, 9))
    return table


@pytest.mark.parametrize("kinds", [kinds for n in (1, 2, 3, 4) for kinds in product((True, False), repeat=n)])
def test_the_newest_of_several_values_and_failures_wins(kinds: tuple[bool, ...]) -> None:
    items = [(0, read(float(at)) if is_read else FAILED) for at, is_read in enumerate(kinds)]
    sample = table_after((1, read(5.0)), *items, (2, FAILED)).sample("T0")
    assert sample.quality == (Quality.GOOD if kinds[-1] else Quality.BAD_SENSOR_FAILURE)
    newest_read = max((at for at, is_read in enumerate(kinds) if is_read), default=None)
    assert newest_read is None or sample.value == newest_read


def test_a_node_that_recovers_within_one_publish_is_good() -> None:
    """A server sends both what it said when the node was subscribed and what it says since."""
    table = table_after((0, FAILED), (1, read(1.0)), (0, read(2.0)), (1, FAILED))
    assert (table.sample("T0").value, table.sample("T0").quality) == (2.0, Quality.GOOD)
    assert (table.sample("T1").value, table.sample("T1").quality) == (1.0, Quality.BAD_SENSOR_FAILURE)


def test_many_nodes_that_change_alike_make_few_batches() -> None:
    items = [item for row in TAGS for item in ((row, FAILED), (row, read(1.0)), (row, FAILED))]
    assert len(batches_of(items, TAGS, 7, 9)) == 3


def test_a_stale_value_that_turns_bad_is_never_good_in_between() -> None:
    """The message that says so is a sign of life as well."""
    clock = ManualClock()
    sink = TableSink(small_plant([], [tag("T0", "UA", "ns=2;i=0", DataType.F64)]), clock)
    subscription = ScanSubscription({0: ua.NodeId(0, 2)}, {0: TAGS[0]}, sink, clock, Counters("UA", clock))
    subscription._channels = {1: Channel(1, 1.0, clock.mono_ns())}
    subscription._channels[1].add([0])
    sink.offer(samples(0, 1.0, Quality.GOOD, clock.wall_us(), clock.mono_ns()))
    clock.advance(60)
    sink.table.age()
    seen: list[int] = []
    sink.table.add_listener(lambda changed: seen.extend(changed.qualities.tolist()))  # type: ignore[union-attr]
    told = ua.DataChangeNotification(MonitoredItems=[ua.MonitoredItemNotification(ClientHandle=0, Value=FAILED)])
    published = SimpleNamespace(SequenceNumber=1, NotificationData=[told])
    asyncio.run(subscription._on_publish(SimpleNamespace(SubscriptionId=1, NotificationMessage=published)))
    assert seen == [Quality.BAD_SENSOR_FAILURE]
    assert not subscription.problem()
