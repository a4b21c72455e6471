"""Lengths of time in words."""

import pytest

from analytics.lengths import length_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7_199, "120 min"), (7_200, "2 h"), (172_800, "2 days")],
)
def test_the_unit_is_the_one_that_reads_best(seconds: float, words: str) -> None:
    assert length_words(seconds) == words
