"""Addresses as the plant folder writes them."""

import pytest

from plant_models.address import ModbusAddress, Table, check_node_id, parse_modbus
from plant_models.tag import DataType


@pytest.mark.parametrize(
    ("text", "data_type", "address"),
    [
        ("hr:100", DataType.F32, ModbusAddress(Table.HOLDING, 100, 2)),
        ("ir:0", DataType.U64, ModbusAddress(Table.INPUT, 0, 4)),
        ("co:7", DataType.BOOL, ModbusAddress(Table.COIL, 7, 1)),
        (" di:65535 ", DataType.BOOL, ModbusAddress(Table.DISCRETE, 65535, 1)),
        ("hr:9.15", DataType.BOOL, ModbusAddress(Table.HOLDING, 9, 1, 15)),
        ("hr:9", DataType.BCD16, ModbusAddress(Table.HOLDING, 9, 1)),
        ("hr:9", DataType.BCD32, ModbusAddress(Table.HOLDING, 9, 2)),
        ("hr:100/8", DataType.TEXT, ModbusAddress(Table.HOLDING, 100, 8)),
        ("ir:65411/125", DataType.TEXT, ModbusAddress(Table.INPUT, 65411, 125)),
    ],
)
def test_an_address_is_a_table_a_place_and_a_length(text: str, data_type: DataType, address: ModbusAddress) -> None:
    assert parse_modbus(text, data_type) == address


@pytest.mark.parametrize(
    ("text", "data_type", "remedy"),
    [
        ("40001", DataType.U16, "write hr:100"),
        ("hr:-1", DataType.U16, "write hr:100"),
        ("hr:65535", DataType.F32, "65535"),
        ("co:65536", DataType.BOOL, "65535"),
        ("co:1", DataType.U16, "type must be bool"),
        ("co:1.2", DataType.BOOL, "without a bit number"),
        ("hr:1.16", DataType.BOOL, "bit 0 to 15"),
        ("hr:1.2", DataType.U16, "type must be bool"),
        ("hr:1", DataType.BOOL, "hr:1.0"),
        ("hr:1", DataType.TEXT, "how many registers it fills, 1 to 125"),
        ("hr:1/0", DataType.TEXT, "how many registers it fills"),
        ("hr:1/126", DataType.TEXT, "1 to 125"),
        ("hr:1.3", DataType.TEXT, "how many registers it fills"),
        ("co:1/4", DataType.TEXT, "a text lies in registers"),
        ("hr:65533/4", DataType.TEXT, "65535"),
        ("hr:1/4", DataType.U16, "the type must be text"),
        ("hr:1.2/4", DataType.TEXT, "write hr:100"),
        ("hr:٣", DataType.U16, "write hr:100"),
    ],
)
def test_a_wrong_address_says_what_would_be_right(text: str, data_type: DataType, remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        parse_modbus(text, data_type)


def test_what_each_table_can_do() -> None:
    assert [table.is_bits for table in Table] == [False, False, True, True]
    assert [table.is_writable for table in Table] == [True, False, True, False]


@pytest.mark.parametrize("text", ["ns=2;s=WTW.F1.FLOW", "i=85", "ns=3;i=1001", "ns=1;b=QUJD"])
def test_a_node_id_of_part_6_is_taken_as_it_is(text: str) -> None:
    assert check_node_id(text) == text


@pytest.mark.parametrize("text", ["", "WTW.F1.FLOW", "ns=x;s=1", "ns=2;i=abc"])
def test_anything_else_is_no_node_id(text: str) -> None:
    with pytest.raises(ValueError, match="ns=2;s=NAME"):
        check_node_id(text)
