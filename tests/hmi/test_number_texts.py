"""Numbers, times and the words beside a scale, as they are read."""

import math
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmi.dialogs.scale import place_words
from hmi.numbers import amount_text, clock_text, moment_text, number_text
from hmi.shell.navigation import initials
from plant_models.tag import Tag

LONDON = ZoneInfo("Europe/London")
SUMMER_US = 1_782_907_269_000_000  # 2026-07-01 12:01:09 UTC
DAY_US = 86_400_000_000


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(18402551.4, 1, "18\u2009402\u2009551.4"), (-7.45, 1, "−7.5"), (-0.04, 1, "0.0"), (0, 0, "0"), (math.nan, 1, "—")],
)
def test_a_number_is_read_with_fixed_decimals(value: float, decimals: int, text: str) -> None:
    assert number_text(value, decimals) == text


def test_an_amount_has_its_unit_or_its_word() -> None:
    assert amount_text(6.9, Tag(name="P", unit="bar", decimals=2)) == "6.90\u00a0bar"
    mode = Tag(name="M", states=("Off", "Manual"), decimals=0)
    assert (amount_text(1, mode), amount_text(5, mode)) == ("Manual", "5")


def test_times_are_of_the_plants_zone() -> None:
    assert clock_text(SUMMER_US, LONDON) == "13:01:09"


def test_a_moment_of_another_day_has_its_date() -> None:
    assert moment_text(SUMMER_US, SUMMER_US + 60_000_000, LONDON) == "13:01:09"
    assert moment_text(SUMMER_US, SUMMER_US + DAY_US, LONDON) == "2026-07-01 13:01:09"


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(5, 60)), min_size=1, max_size=4))
def test_words_beside_a_scale_never_overlap_and_stay_within(words: list[tuple[float, float]]) -> None:
    words.sort()
    starts = place_words([at for at, _ in words], [width for _, width in words], 500)
    ends = [start + width for start, (_, width) in zip(starts, words, strict=True)]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    assert starts[0] >= -0.001
    assert ends[-1] <= 500.001


@pytest.mark.parametrize(("title", "letters"), [("River pump station", "RS"), ("Overview", "OV"), ("", "")])
def test_a_title_has_initials(title: str, letters: str) -> None:
    assert initials(title) == letters
