"""A device's condition followed by our own states: every way from every state leads there, step by step."""

from itertools import product

import pytest

from alarms.following import GONE, Stand, way
from alarms.states import HIDDEN, AlarmState, Bits, change, state_of

OURS = [
    active | acked | suppressed
    for active, acked, suppressed in product((Bits(0), Bits.ACTIVE), (Bits(0), Bits.ACKED), (Bits(0), Bits.SUPPRESSED))
]
THEIRS = [Stand(*each) for each in product((False, True), repeat=3)]


@pytest.mark.parametrize("bits", OURS)
@pytest.mark.parametrize("is_worse", [False, True])
def test_every_way_leads_there_and_no_step_is_refused_or_without_effect(bits: Bits, is_worse: bool) -> None:
    for to in THEIRS:
        now = bits
        for event in way(bits, to, is_worse):
            step = change(now, event)
            assert not step.refusal, (bits, to, event)
            assert not step.is_ignored, (bits, to, event)
            now = step.bits
        assert bool(now & Bits.ACTIVE) == to.is_active, (bits, to)
        assert bool(now & Bits.SUPPRESSED) == to.is_suppressed, (bits, to)
        if not now & HIDDEN:
            assert bool(now & Bits.ACKED) == to.is_acked, (bits, to)


@pytest.mark.parametrize("bits", OURS)
def test_what_nobody_needs_any_more_is_normal(bits: Bits) -> None:
    for event in way(bits, GONE):
        bits = change(bits, event).bits
    assert state_of(bits) is AlarmState.NORM


def test_what_stays_as_it_was_makes_no_event() -> None:
    assert way(Bits.ACTIVE, Stand(is_active=True, is_acked=False, is_suppressed=False)) == []
    assert way(Bits.ACTIVE | Bits.ACKED, Stand(is_active=True, is_acked=True, is_suppressed=False)) == []
    assert way(Bits.ACKED, GONE) == []
