"""Ranges of addresses as the plant folder writes them."""

import pytest

from plant_models.address_range import AddressRange, parse_range


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hr:100-119", AddressRange("hr", 100, 119)),
        (" di:7 ", AddressRange("di", 7, 7)),
        ("co:0-65535", AddressRange("co", 0, 65535)),
    ],
)
def test_a_range_is_a_table_and_its_first_and_last_address(text: str, found: AddressRange) -> None:
    assert parse_range(text) == found
    assert parse_range(str(found)) == found


@pytest.mark.parametrize("text", ["", "hr", "100-119", "hr:100-", "hr:5-4", "hr:0-65536", "hr:1/8"])
def test_a_wrong_range_says_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"write hr:100-119|let it rise"):
        parse_range(text)


@pytest.mark.parametrize(
    ("table", "offset", "count", "is_touched"),
    [
        ("hr", 98, 2, False),
        ("hr", 98, 3, True),
        ("hr", 105, 1, True),
        ("hr", 119, 4, True),
        ("hr", 120, 4, False),
        ("ir", 105, 1, False),
    ],
)
def test_whatever_shares_an_address_touches_a_range(table: str, offset: int, count: int, is_touched: bool) -> None:
    assert AddressRange("hr", 100, 119).touches(table, offset, count) is is_touched
