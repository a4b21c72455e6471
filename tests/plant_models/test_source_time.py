"""Which source times are believed: one rule for one and for many."""

import numpy as np

from plant_models.source_time import TRUST_US, all_believed_us, are_believed, believed_us

NOW = 1_700_000_000_000_000
FAR = [NOW - TRUST_US - 1, NOW + TRUST_US + 1, 0, -(2**63), NOW - 2**63, 2**63 - 1]
EDGES = [NOW, NOW - TRUST_US, NOW + TRUST_US, *FAR]


def test_the_rule_is_the_same_for_one_and_for_many() -> None:
    many = np.array(EDGES, np.int64)
    assert all_believed_us(many, NOW).tolist() == [believed_us(source_us, NOW) for source_us in EDGES]
    assert are_believed(many, NOW).tolist() == [True] * 3 + [False] * len(FAR)


def test_times_that_can_all_be_believed_stay_as_they_are() -> None:
    many = np.array(EDGES[:3], np.int64)
    assert all_believed_us(many, NOW) is many
