"""How commands end, by what was read back and whether the device had answered."""

import math

import pytest

from drivers.base import WriteRequest, WriteState
from drivers.verdict import last_verdict, verdict
from drivers.writes import PendingWrite

VERIFIED, UNKNOWN, MISMATCH = WriteState.VERIFIED, WriteState.UNKNOWN, WriteState.MISMATCH


def pending(held: float = 1.0, is_pulse: bool = False) -> PendingWrite:
    return PendingWrite(WriteRequest(0, 2.0, held, 0, lambda: None, is_pulse))


@pytest.mark.parametrize(
    ("held", "doubt", "state"),
    [
        (1.0, "", VERIFIED),
        (2.0, "", VERIFIED),
        (1.0, "no answer", VERIFIED),
        (2.0, "no answer", UNKNOWN),
        (math.nan, "no answer", VERIFIED),
    ],
)
def test_a_readback_proves_nothing_if_the_answer_was_lost_and_the_value_was_there_before(
    held: float, doubt: str, state: WriteState
) -> None:
    found = verdict(pending(held), doubt, is_equal=True, seen=2.0)
    assert found is not None
    assert found[0] is state
    assert (doubt in found[1]) if doubt else not found[1]


@pytest.mark.parametrize(("doubt", "is_pulse", "seen"), [("", False, 0.0), ("lost", False, 0.0), ("lost", True, 0.0)])
def test_what_may_still_change_is_read_again(doubt: str, is_pulse: bool, seen: float) -> None:
    assert verdict(pending(0.0, is_pulse), doubt, is_equal=False, seen=seen) is None


@pytest.mark.parametrize("doubt", ["", "lost"])
def test_a_pulse_that_still_stands_has_arrived_since_it_was_not_there_before(doubt: str) -> None:
    assert verdict(pending(2.0, is_pulse=True), doubt, is_equal=True, seen=2.0) == (VERIFIED, doubt)


def test_a_confirmed_pulse_that_is_set_back_is_verified_and_says_how_far() -> None:
    found = verdict(pending(0.0, is_pulse=True), "", is_equal=False, seen=0.0)
    assert found is not None
    assert found[0] is VERIFIED
    assert "shows 0 again" in found[1]


def test_a_pulse_turned_into_another_value_is_a_mismatch() -> None:
    write = pending(0.0, is_pulse=True)
    assert verdict(write, "", is_equal=False, seen=7.0) is None
    assert last_verdict(write, "", 7.0, "")[0] is MISMATCH


@pytest.mark.parametrize(
    ("doubt", "is_pulse", "seen", "state", "words"),
    [
        ("", False, 1.0, MISMATCH, "shows another value"),
        ("lost", False, 1.0, UNKNOWN, "lost. The device shows another value"),
        ("lost", True, 0.0, UNKNOWN, "lost. The device shows 0; either it has set the order back"),
        ("lost", True, 7.0, UNKNOWN, "lost. The device shows another value"),
        ("", False, None, UNKNOWN, "can't be read back. silent"),
        ("lost", True, None, UNKNOWN, "lost. The value can't be read back. silent"),
    ],
)
def test_what_no_readback_settles(
    doubt: str, is_pulse: bool, seen: float | None, state: WriteState, words: str
) -> None:
    found = last_verdict(pending(0.0, is_pulse), doubt, seen, "silent")
    assert found[0] is state
    assert words in found[1]
