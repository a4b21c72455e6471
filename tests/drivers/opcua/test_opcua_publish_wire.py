"""Our decoder of publish responses beside the library's: whatever the bytes say, the same batches come out."""

import random
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.opcua.decoding import batches_of
from drivers.opcua.points import Points, UnknownHandleError
from drivers.opcua.publish_wire import Publish, read_publish
from drivers.opcua.publishing import is_library_known
from plant_models.batch import Batch
from plant_models.tag import DataType, Tag

TAGS = {
    10: Tag(name="LEVEL", type=DataType.F64, low=0.0, high=100.0),
    11: Tag(name="SCALED", type=DataType.I16, low=0.0, high=10.0, raw_low=0.0, raw_high=27648.0),
    12: Tag(name="TOTAL", type=DataType.U64, modulus=1e6),
    13: Tag(name="PROGRAM", type=DataType.TEXT),
    14: Tag(name="SERIAL", type=DataType.U64, as_text=True),
    15: Tag(name="PLAIN", type=DataType.F32),
}
ROWS = list(TAGS)
AT = datetime(2026, 1, 1, tzinfo=UTC)
WALL_US, NOW_NS = 1_772_366_400_000_000, 9
V = ua.VariantType

whole = {
    V.SByte: (-(2**7), 2**7 - 1),
    V.Byte: (0, 2**8 - 1),
    V.Int16: (-(2**15), 2**15 - 1),
    V.UInt16: (0, 2**16 - 1),
    V.Int32: (-(2**31), 2**31 - 1),
    V.UInt32: (0, 2**32 - 1),
    V.Int64: (-(2**63), 2**63 - 1),
    V.UInt64: (0, 2**64 - 1),
}
NUMBERS: dict[ua.VariantType, st.SearchStrategy[Any]] = {
    V.Boolean: st.booleans(),
    V.Float: st.floats(width=32),
    V.Double: st.floats(),
    **{kind: st.integers(low, high) for kind, (low, high) in whole.items()},
}
times = st.one_of(
    st.datetimes(min_value=datetime(1601, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)),
    st.just(datetime(1601, 1, 1, tzinfo=UTC)),
)
contents = st.one_of(
    st.just(ua.Variant(None, V.Null)),
    st.sampled_from(list(NUMBERS)).flatmap(lambda kind: NUMBERS[kind].map(lambda one: ua.Variant(one, kind))),
    st.one_of(st.none(), st.text(max_size=8)).map(lambda one: ua.Variant(one, V.String)),
    st.builds(ua.LocalizedText, st.text(max_size=5), st.sampled_from([None, "de"])).map(
        lambda one: ua.Variant(one, V.LocalizedText)
    ),
    times.map(lambda one: ua.Variant(one, V.DateTime)),
    st.just(ua.Variant(ua.StatusCode(ua.UInt32(0x80050000)), V.StatusCode)),
)
statuses = st.sampled_from([None, 0, 0x00960000, 0x00000480, 0x40930000, 0x808C0000, 0xC0000000])


def picoseconds() -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.integers(0, 9999))


@st.composite
def data_values(draw: st.DrawFn) -> ua.DataValue:
    status, server_at = draw(statuses), draw(st.one_of(st.none(), times))
    return ua.DataValue(
        draw(st.one_of(st.none(), contents)),
        None if status is None else ua.StatusCode(ua.UInt32(status)),
        SourceTimestamp=draw(st.one_of(st.none(), times)),
        ServerTimestamp=server_at,
        # The library writes these behind the server's time, against Part 6, 5.2.2.17; see the test of all parts below.
        SourcePicoseconds=None if server_at is not None else draw(picoseconds()),
        ServerPicoseconds=draw(picoseconds()),
    )


Items = list[tuple[int, ua.DataValue]]
items = st.lists(st.tuples(st.integers(0, len(TAGS) - 1), data_values()), max_size=12)


@st.composite
def alike(draw: st.DrawFn) -> Items:
    """Runs of items of one layout: what a server sends all day."""
    return [item for _ in range(draw(st.integers(1, 4))) for item in draw(runs())]


@st.composite
def runs(draw: st.DrawFn) -> Items:
    kind = draw(st.sampled_from(list(NUMBERS)))
    numbers = NUMBERS[kind]
    at = draw(st.one_of(st.none(), times))
    status = ua.StatusCode(ua.UInt32(draw(st.sampled_from([0, 0x808C0000]))))
    values = draw(st.lists(st.tuples(st.integers(0, len(TAGS) - 1), numbers), min_size=1, max_size=40))
    return [
        (handle, ua.DataValue(ua.Variant(number, kind), status, SourceTimestamp=at, ServerTimestamp=at))
        for handle, number in values
    ]


def encoded(*notifications: Items, sequence: int = 5, held: tuple[int, ...] = (4, 5)) -> bytes:
    response = ua.PublishResponse()
    response.Parameters.SubscriptionId = 7
    response.Parameters.AvailableSequenceNumbers = list(held)
    response.Parameters.NotificationMessage = ua.NotificationMessage(
        SequenceNumber=sequence,
        NotificationData=[
            ua.DataChangeNotification(
                MonitoredItems=[ua.MonitoredItemNotification(ClientHandle=handle, Value=value) for handle, value in one]
            )
            for one in notifications
        ],
    )
    return struct_to_binary(response)


def by_library(data: bytes) -> list[Batch]:
    response = struct_from_binary(ua.PublishResponse, Buffer(data))
    return [
        batch
        for notification in response.Parameters.NotificationMessage.NotificationData
        for batch in batches_of(
            [(ROWS[item.ClientHandle], item.Value) for item in notification.MonitoredItems], TAGS, WALL_US, NOW_NS
        )
    ]


def by_us(publish: Publish) -> list[Batch]:
    points = Points(TAGS)
    return [
        batch for changes in publish.changes for batch in points.batches(changes.n, changes.groups, WALL_US, NOW_NS)
    ]


def columns(batch: Batch) -> list[Any]:
    """The bytes of each column; a NaN has one face."""
    values = None if batch.values is None else np.where(np.isnan(batch.values), np.nan, batch.values)
    arrays = (batch.tags, values, batch.qualities, batch.source_us, batch.received_ns)
    return [*((one.dtype.str, one.tobytes()) if one is not None else None for one in arrays), batch.texts]


def assert_alike(data: bytes) -> None:
    publish = read_publish(data)
    assert publish is not None
    assert [columns(one) for one in by_us(publish)] == [columns(one) for one in by_library(data)]


@settings(max_examples=120, deadline=None)
@given(items)
def test_any_items_become_the_batches_that_the_library_would_give(one: Items) -> None:
    assert_alike(encoded(one))


@settings(max_examples=100, deadline=None)
@given(alike())
def test_items_of_one_layout_become_the_batches_that_the_library_would_give(one: Items) -> None:
    assert_alike(encoded(one))


def test_several_notifications_in_one_message_keep_their_order() -> None:
    one, two = ua.DataValue(ua.Variant(1.0)), ua.DataValue(ua.Variant("two"))
    assert_alike(encoded([(0, one), (3, two)], [(0, ua.DataValue(ua.Variant(2.0)))]))


@pytest.mark.parametrize("held", [(), (1, 2, 3)])
def test_a_keep_alive_brings_nothing_but_its_number(held: tuple[int, ...]) -> None:
    assert read_publish(encoded(sequence=77, held=held)) == Publish(7, 77, ())


def test_all_parts_of_a_value_stand_in_the_order_of_the_standard() -> None:
    """Part 6, 5.2.2.17: value, status, source time and its picoseconds, server time and its picoseconds."""
    value = ua.DataValue(ua.Variant(1.5), ua.StatusCode(ua.UInt32(0x40930000)), SourceTimestamp=AT, ServerTimestamp=AT)
    ticks = (AT - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
    ours = struct.pack("<B BdI qH qH", 0x3F, 11, 1.5, 0x40930000, 0, 5000, ticks, 6000)
    plain = struct.pack("<B BdI qq", 0x0F, 11, 1.5, 0x40930000, ticks, ticks)
    data = encoded([(0, value)])
    assert data.count(plain) == 1
    longer = data.replace(plain, ours)
    body = data.index(plain) - 12
    assert struct.unpack_from("<i", data, body)[0] + 4 == len(plain) + 16
    longer = longer[:body] + struct.pack("<i", len(ours) + 12) + longer[body + 4 :]
    publish = read_publish(longer)
    assert publish is not None
    (batch,) = by_us(publish)
    assert batch.values is not None
    assert (batch.values.tolist(), batch.source_us.tolist()) == ([1.5], [int(AT.timestamp() * 1e6)])


@pytest.mark.parametrize("ticks", [0, 9, -1, -(2**63), 2**63 - 1, 116_444_736_000_000_000])
def test_times_at_the_edges_of_their_range(ticks: int) -> None:
    """Zero and less say "no time", what is after the year 9999 is its end (Part 6, 5.2.2.5)."""
    value = ua.DataValue(ua.Variant(1.5), SourceTimestamp=AT, ServerTimestamp=AT + timedelta(days=1))
    data = encoded([(0, value)])
    known = struct.pack("<q", (AT - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10)
    assert data.count(known) == 1
    assert_alike(data.replace(known, struct.pack("<q", ticks)))


def test_a_text_that_is_no_utf8_is_shown_as_well_as_can_be() -> None:
    data = encoded([(3, ua.DataValue(ua.Variant("XXX")))]).replace(b"XXX", b"a\xffb")
    publish = read_publish(data)
    assert publish is not None
    (batch,) = by_us(publish)
    assert batch.texts == ("a\N{REPLACEMENT CHARACTER}b",)
    assert_alike(data)


@pytest.mark.parametrize(
    "content",
    [
        ua.Variant([1.0, 2.0], V.Double),
        ua.Variant(b"\x01", V.ByteString),
        ua.Variant(ua.NodeId(1, 2), V.NodeId),
        ua.Variant(ua.ExtensionObject(), V.ExtensionObject),
    ],
)
def test_rare_contents_are_left_to_the_library(content: ua.Variant) -> None:
    data = encoded([(0, ua.DataValue(ua.Variant(1.0))), (1, ua.DataValue(content))])
    assert read_publish(data) is None
    assert len(by_library(data)) == 2


def test_other_notifications_and_bad_results_are_left_to_the_library() -> None:
    ended = ua.PublishResponse()
    ended.Parameters.NotificationMessage.NotificationData = [ua.StatusChangeNotification()]
    assert read_publish(struct_to_binary(ended)) is None
    failed = ua.PublishResponse()
    failed.ResponseHeader.ServiceResult = ua.StatusCode(ua.UInt32(ua.StatusCodes.BadNoSubscription))
    assert read_publish(struct_to_binary(failed)) is None
    assert read_publish(struct_to_binary(ua.ReadResponse())) is None


def test_an_item_that_nobody_asked_for_is_an_error() -> None:
    publish = read_publish(encoded([(len(TAGS), ua.DataValue(ua.Variant(1.0)))]))
    assert publish is not None
    with pytest.raises(UnknownHandleError):
        by_us(publish)


@settings(max_examples=120, deadline=None)
@given(items, st.data())
@example([(0, ua.DataValue(ua.Variant(1.0)))], None)
def test_spoilt_bytes_never_do_harm(one: Items, data: Any) -> None:
    """Cut short, or with a byte changed: read, or left to the library, and no other exception."""
    whole_message = encoded(one)
    for end in range(len(whole_message)) if data is None else [data.draw(st.integers(0, len(whole_message) - 1))]:
        assert read_publish(whole_message[:end]) is None
    if data is not None:
        spoilt = bytearray(whole_message)
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
        publish = read_publish(bytes(spoilt))
        if publish is not None:
            assert all(sum(len(group.places) for group in one.groups) == one.n for one in publish.changes)


@pytest.mark.soak
def test_a_million_spoilt_messages_do_no_harm() -> None:
    chance = random.Random(4)
    seeds = [
        encoded([(0, ua.DataValue(ua.Variant(1.5), SourceTimestamp=AT, ServerTimestamp=AT))] * 3),
        encoded([(3, ua.DataValue(ua.Variant("text"))), (1, ua.DataValue(ua.Variant(7, V.Int16), SourceTimestamp=AT))]),
        encoded([(4, ua.DataValue(ua.Variant(ua.LocalizedText("on", "en"))))], [(5, ua.DataValue())]),
    ]
    read = 0
    for turn in range(1_000_000):
        spoilt = bytearray(seeds[turn % len(seeds)])
        for _ in range(chance.randint(1, 4)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        publish = read_publish(bytes(spoilt))
        if publish is not None:
            read += 1
            assert all(sum(len(group.places) for group in one.groups) == one.n for one in publish.changes)
    assert 0 < read < 1_000_000


def test_the_installed_library_is_one_that_we_know() -> None:
    assert is_library_known()
