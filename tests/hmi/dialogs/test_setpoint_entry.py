"""What an operator may type for a setpoint, and what is said about the rest."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmi.dialogs.entry import range_text, read_entry
from plant_models.tag import Tag

PRESSURE = Tag(name="SP", unit="bar", decimals=2, low=0, high=10, write_low=5, write_high=8)


@pytest.mark.parametrize(
    ("text", "value"),
    [("6.90", 6.9), ("6,90", 6.9), (" 6.9 ", 6.9), ("+6.9", 6.9), ("8", 8.0), ("5.00", 5.0), ("6.", None), ("7", 7.0)],
)
def test_decimal_comma_and_point_are_both_right(text: str, value: float | None) -> None:
    assert read_entry(text, PRESSURE).value == value


def test_spaces_between_thousands_and_a_true_minus_are_read() -> None:
    tag = Tag(name="SP", decimals=1, low=-5000, high=5000)
    assert read_entry("1\u2009234,5", tag).value == 1234.5
    assert read_entry("−1 234.5", tag).value == -1234.5


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "inf", "-inf", "1e999", "1e1", "0x5", "6.9 bar", "6..9", "1.234,5", "٦", "-"]
)
def test_what_is_not_a_plain_number_is_refused_in_words(text: str) -> None:
    entry = read_entry(text, PRESSURE)
    assert (entry.value, entry.problem) == (None, "This is not a number.")


@pytest.mark.parametrize("text", ["4.99", "8.01", "0", "-6", "9" * 20])
def test_a_value_outside_the_range_is_refused_and_the_range_named(text: str) -> None:
    entry = read_entry(text, PRESSURE)
    assert (entry.value, entry.problem) == (None, "It must lie between 5.00\u00a0bar and 8.00\u00a0bar.")


@pytest.mark.parametrize(
    ("low", "high", "text", "problem", "limits"),
    [
        (5.0, None, "4", "It must be at least 5.0.", "at least 5.0"),
        (None, 8.0, "9", "It must be at most 8.0.", "at most 8.0"),
    ],
)
def test_a_range_may_have_one_end(low: float | None, high: float | None, text: str, problem: str, limits: str) -> None:
    tag = Tag(name="SP", decimals=1, low=low, high=high)
    assert read_entry(text, tag).problem == problem
    assert range_text(tag) == limits


def test_no_range_means_no_limit_and_no_words_for_it() -> None:
    tag = Tag(name="SP", decimals=1)
    assert read_entry("123456", tag).value == 123456
    assert range_text(tag) == ""


def test_more_decimals_than_the_screen_shows_would_be_written_unseen() -> None:
    assert read_entry("6.905", PRESSURE).problem == "It can have at most 2 decimals."
    assert read_entry("6.5", Tag(name="SP", decimals=0)).problem == "It must be a whole number."


def test_an_empty_field_is_no_mistake_yet_and_no_value() -> None:
    entry = read_entry("", PRESSURE)
    assert (entry.value, entry.problem) == (None, "")


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_a_value_within_range_or_none(text: str) -> None:
    value = read_entry(text, PRESSURE).value
    assert value is None or (math.isfinite(value) and 5 <= value <= 8)
