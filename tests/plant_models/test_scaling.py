"""Raw numbers to units and back."""

import numpy as np
import pytest

from plant_models.quality import Quality
from plant_models.scaling import Scaling, to_raw
from plant_models.tag import Tag

LEVEL = Tag(name="LEVEL", low=0.0, high=100.0, raw_low=0.0, raw_high=4000.0)
PLAIN = Tag(name="PLAIN")
FLOW = Tag(name="FLOW", low=-50.0, high=50.0)


def test_a_raw_range_is_a_straight_line_to_the_range_in_units() -> None:
    values, qualities = Scaling([LEVEL, PLAIN]).to_units(np.array([1000.0, 7.5]))
    assert values.tolist() == [25.0, 7.5]
    assert qualities.tolist() == [Quality.GOOD, Quality.GOOD]


def test_outside_the_range_is_uncertain_and_not_a_number_is_bad() -> None:
    raw = np.array([4001.0, 51.0, np.nan, np.inf])
    _, qualities = Scaling([LEVEL, FLOW, PLAIN, FLOW]).to_units(raw)
    assert qualities.tolist() == [
        Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED,
        Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED,
        Quality.BAD_OUT_OF_RANGE,
        Quality.BAD_OUT_OF_RANGE,
    ]


@pytest.mark.parametrize("value", [0.0, 12.5, 100.0, -3.0])
def test_there_and_back(value: float) -> None:
    for tag in (LEVEL, PLAIN, FLOW):
        back, _ = Scaling([tag]).to_units(np.array([to_raw(tag, value)]))
        assert back[0] == pytest.approx(value)
