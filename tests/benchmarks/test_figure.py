"""Figures: ratio and target."""

import pytest

from benchmarks.figure import Figure, as_json, as_table


@pytest.mark.parametrize(
    ("figure", "ratio", "is_met"),
    [
        (Figure("a", 50.0, "1/s", ">= 0.25", baseline=100.0), 0.5, True),
        (Figure("a", 20.0, "1/s", ">= 0.25", baseline=100.0), 0.2, False),
        (Figure("a", 61.0, "us", "<= 60"), None, False),
        (Figure("a", 1.9, "s", "< 2"), None, True),
    ],
)
def test_the_target_is_for_the_ratio_where_there_is_a_baseline(
    figure: Figure, ratio: float | None, is_met: bool
) -> None:
    assert figure.ratio == ratio
    assert figure.is_met is is_met
    assert as_json("x", [figure])["figures"]["a"]["met"] is is_met
    assert ("NO" in as_table([figure])) is not is_met
