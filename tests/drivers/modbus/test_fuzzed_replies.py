"""Any bytes as the reply to any request: nothing but a ModbusError comes out, or what the right frame says."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.modbus.decoder import Decoder, Part
from drivers.modbus.points import point_of
from drivers.modbus.wire import Reply
from plant_models.address import Table
from plant_models.quality import good_mask
from plant_models.tag import DataType
from tests.fakes.fuzzed_link import FuzzedLink
from tests.fakes.fuzzing import Fuzz, fuzzed_client
from tests.fakes.small_plant import modbus_device, tag

ORDERS = st.sampled_from(["ABCD", "CDAB", "BADC", "DCBA"])


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_replies_never_break_out_and_never_lie(seed: int) -> None:
    with FuzzedLink(bytes) as link:
        client = fuzzed_client(link)
        fuzz = Fuzz(link, client, Random(seed))
        for _ in range(500):
            fuzz.once()
        client.close()
    assert fuzz.believed > 20
    assert fuzz.refused > 200


@settings(max_examples=300, deadline=None)
@given(
    kinds=st.lists(st.sampled_from(list(DataType)), min_size=1, max_size=12),
    data=st.binary(min_size=250, max_size=250),
    byte_order=ORDERS,
    encoding=st.sampled_from(["utf-8", "latin-1"]),
    as_text=st.booleans(),
    modulus=st.sampled_from([None, 1000.0]),
)
def test_any_data_bytes_decode_and_what_is_good_is_a_number(
    kinds: list[DataType], data: bytes, byte_order: str, encoding: str, as_text: bool, modulus: float | None
) -> None:
    device = modbus_device("P", 502, byte_order=byte_order, text_encoding=encoding)
    suffix = {DataType.BOOL: ".5", DataType.TEXT: "/8"}
    points = [
        point_of(
            row,
            tag(
                f"T{row}", "P", f"hr:{8 * row}{suffix.get(kind, '')}", kind, low=0.0, high=1000.0,
                as_text=as_text and kind in (DataType.U64, DataType.BCD32, DataType.F32), modulus=modulus,
            ),
            device,
        )
        for row, kind in enumerate(kinds)
    ]  # fmt: skip
    batch = Decoder([Part(points, 0, 8 * len(kinds))], device).decode(Reply(data, 1, 2))
    assert sorted(batch.tags.tolist()) == list(range(len(kinds)))
    assert batch.values is not None
    assert batch.qualities is not None
    texts = batch.texts or (None,) * len(batch)
    for row, value, is_good, text in zip(
        batch.tags.tolist(), batch.values.tolist(), good_mask(batch.qualities).tolist(), texts, strict=True
    ):
        is_text = points[row].tag.is_text
        assert not is_good or (text is not None if is_text else 0.0 <= value <= 1000.0)
        assert (text is None) or (is_text and is_good)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(min_size=250, max_size=250))
def test_any_data_bytes_of_bits_decode_to_zeros_and_ones(data: bytes) -> None:
    device = modbus_device("P", 502)
    points = [point_of(row, tag(f"T{row}", "P", f"co:{row}", DataType.BOOL), device) for row in range(0, 2000, 7)]
    batch = Decoder([Part(points, 0, 2000)], device).decode(Reply(data, 1, 2))
    assert batch.values is not None
    assert set(batch.values.tolist()) <= {0.0, 1.0}
    assert points[0].address.table is Table.COIL
