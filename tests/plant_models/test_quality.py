"""Quality codes, their severity and their words."""

import numpy as np
import pytest

from plant_models.quality import Quality, Severity, all_words, bad_mask, describe, good_mask, is_bad, is_good, severity


@pytest.mark.parametrize("quality", list(Quality))
def test_every_code_of_ours_has_the_severity_its_name_says_and_words_of_its_own(quality: Quality) -> None:
    assert severity(quality).name == quality.name.split("_")[0]
    assert describe(quality) in all_words()
    assert is_good(quality) == quality.name.startswith("GOOD")
    assert is_bad(quality) == quality.name.startswith("BAD")


def test_a_code_of_a_device_that_we_have_no_words_for_still_says_how_bad_it_is() -> None:
    assert [describe(code) for code in (0x00A5, 0x40BC, 0x80AB)] == ["good", "uncertain", "bad"]


def test_the_reserved_severity_is_bad() -> None:
    assert severity(0xC000) is Severity.BAD
    assert bad_mask(np.array([0x0000, 0x4090, 0x8000, 0xC000], np.uint16)).tolist() == [False, False, True, True]


def test_only_the_severity_good_is_good() -> None:
    assert (
        good_mask(np.array([0x0000, 0x0096, 0x4090, 0x8000, 0xC000], np.uint16)).tolist() == [True, True] + [False] * 3
    )
