"""Which tone sounds: until acknowledged or silenced, anew for whatever is annunciated anew, muted for a time."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.sound.sounding import GAP_NS, MUTE_MIN, URGENT_MUTE_MIN, Sounding
from plant_models.alarm_definition import DIAGNOSTIC

REPEAT_S = {1: 3.0, 2: 5.0, 3: 10.0, 4: 20.0}
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
UNACKNOWLEDGED = [state for state in AlarmState if state.is_unacknowledged]


def row(name: str = "A", priority: int = 2, state: AlarmState = AlarmState.UNACK, **settings: object) -> AlarmRow:
    facts = {"name": name, "tag": name, "kind": None, "priority": priority, "state": state, "occurrence": 1, **settings}
    return AlarmRow(**facts)  # type: ignore[arg-type]


def sounding(*rows: AlarmRow, is_evaluated: bool = True) -> Sounding:
    made = Sounding(REPEAT_S)
    made.follow(rows, is_evaluated)
    return made


def heard(made: Sounding, until_s: float, from_s: float = 0.0, step_s: float = 0.1) -> list[tuple[float, int]]:
    """Return when which tone began, looking ten times a second as the screens do."""
    found = []
    for at in range(round(from_s / step_s), round(until_s / step_s)):
        tone = made.due(round(at * step_s * SECOND))
        if tone is not None:
            found.append((round(at * step_s, 1), tone))
    return found


def test_nothing_sounds_without_alarms() -> None:
    made = sounding()
    assert heard(made, 10) == []
    assert made.tone(0) is None
    assert not made.is_silenced


@pytest.mark.parametrize("priority", REPEAT_S)
def test_an_alarm_sounds_again_and_again_at_the_pace_of_its_priority(priority: int) -> None:
    times = [at for at, _ in heard(sounding(row(priority=priority)), 4 * REPEAT_S[priority])]
    assert times == [REPEAT_S[priority] * at for at in range(4)]


@pytest.mark.parametrize("state", AlarmState)
def test_only_what_waits_for_an_acknowledgement_sounds(state: AlarmState) -> None:
    assert (sounding(row(state=state)).tone(0) is not None) is state.is_unacknowledged


def test_a_diagnostic_alarm_is_never_heard() -> None:
    made = sounding(row(priority=DIAGNOSTIC))
    assert heard(made, 60) == []
    assert not made.is_silenced


def test_an_acknowledgement_ends_the_sound() -> None:
    made = sounding(row())
    assert heard(made, 1) == [(0.0, 2)]
    made.follow([], True)
    assert heard(made, 60, from_s=1) == []


def test_of_several_the_most_urgent_sounds_then_the_next() -> None:
    low, high = row("A", 4), row("B", 1)
    made = sounding(low, high)
    assert heard(made, 5) == [(0.0, 1), (3.0, 1)]
    made.follow([low], True)
    assert heard(made, 30, from_s=5) == [(23.0, 4)], "20 s after the last tone"


def test_a_more_urgent_alarm_is_heard_at_once() -> None:
    made = sounding(row("A", 3))
    assert heard(made, 0.5) == [(0.0, 3)]
    made.follow([row("A", 3), row("B", 1)], True)
    assert heard(made, 1, from_s=0.5) == [(0.5, 1)]


def test_another_alarm_of_the_same_priority_does_not_wait_for_the_repetition() -> None:
    made = sounding(row("A", 4))
    assert heard(made, 10) == [(0.0, 4)]
    made.follow([row("A", 4), row("B", 4)], True)
    assert heard(made, 11, from_s=10) == [(10.0, 4)]


def test_a_less_urgent_alarm_does_not_hurry_the_tone_of_a_more_urgent_one() -> None:
    made = sounding(row("A", 1))
    heard(made, 2)
    made.follow([row("A", 1), row("B", 4)], True)
    assert heard(made, 4, from_s=2) == [(3.0, 1)]


def test_a_flood_repeats_the_tone_but_never_chops_it_up() -> None:
    made = Sounding(REPEAT_S)
    rows: list[AlarmRow] = []
    times = []
    for at in range(100):
        rows.append(row(f"A{at}", 1))
        made.follow(rows, True)
        times += [time for time, _ in heard(made, (at + 1) / 10, from_s=at / 10)]
    assert len(times) > 4
    assert all(after - before >= GAP_NS / SECOND for before, after in pairwise(times))


@pytest.mark.parametrize("priority", REPEAT_S)
def test_silence_stops_what_sounds_for_as_long_as_it_waits(priority: int) -> None:
    made = sounding(row(priority=priority))
    heard(made, 1)
    assert made.silence()
    assert made.is_silenced
    assert not made.silence(), "there was nothing to silence any more"
    assert heard(made, 3_600, from_s=1, step_s=1) == []
    made.follow([row(priority=priority)], True)
    assert made.tone(0) is None


def test_silence_of_nothing_leaves_what_comes_next_to_be_heard() -> None:
    made = sounding()
    made.silence()
    made.follow([row()], True)
    assert made.tone(0) == 2


NEW = {
    "another alarm": lambda old: [old, row("B", 4)],
    "a new occurrence": lambda old: [replace(old, occurrence=2)],
    "it rose in priority": lambda old: [replace(old, priority=1)],
    "acknowledged and annunciated again within one look": lambda old: [replace(old, acked_us=5)],
}


@pytest.mark.parametrize("make", NEW.values(), ids=NEW.keys())
def test_what_is_annunciated_after_silence_is_heard(make: object) -> None:
    old = row("A", 2)
    made = sounding(old)
    made.silence()
    made.follow(make(old), True)  # type: ignore[operator]
    assert made.tone(0) is not None
    assert not made.is_silenced


@pytest.mark.parametrize("between", [AlarmState.ACKED, AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV])
def test_what_comes_back_after_re_alarm_or_from_being_put_aside_is_heard(between: AlarmState) -> None:
    made = sounding(row())
    made.silence()
    made.follow([row(state=between)], True)
    made.follow([row()], True)
    assert made.tone(0) == 2


@pytest.mark.parametrize(("before", "after"), list(product(UNACKNOWLEDGED, UNACKNOWLEDGED)))
def test_a_silenced_alarm_that_only_returns_or_latches_stays_silent(before: AlarmState, after: AlarmState) -> None:
    made = sounding(row(state=before))
    made.silence()
    made.follow([row(state=after)], True)
    assert made.tone(0) is None


def test_a_silenced_alarm_whose_priority_falls_stays_silent() -> None:
    made = sounding(row(priority=2))
    made.silence()
    made.follow([row(priority=3)], True)
    assert made.tone(0) is None


def test_a_new_alarm_sounds_with_its_own_tone_while_more_urgent_ones_are_silenced() -> None:
    made = sounding(row("A", 1))
    made.silence()
    made.follow([row("A", 1), row("B", 3)], True)
    assert heard(made, 1) == [(0.0, 3)]


def test_alarms_that_are_not_evaluated_sound_like_priority_1() -> None:
    made = sounding(row("A", 4), is_evaluated=False)
    assert heard(made, 4) == [(0.0, 1), (3.0, 1)]
    made.silence()
    assert made.tone(0) is None
    made.follow([row("A", 4)], True)
    assert made.tone(0) is None
    made.follow([row("A", 4)], False)
    assert made.tone(0) == 1, "it happened again"


def test_the_row_that_says_not_evaluated_is_not_counted_twice() -> None:
    made = sounding(row("", 1), is_evaluated=True)
    assert made.tone(0) is None


@pytest.mark.parametrize("minutes", MUTE_MIN)
def test_a_mute_ends_by_itself(minutes: int) -> None:
    made = sounding(row(priority=2))
    made.mute(minutes, now_ns=0)
    assert made.mute_left_ns(0) == minutes * MINUTE
    assert made.due(minutes * MINUTE - 1) is None
    assert made.due(minutes * MINUTE) == 2
    assert made.mute_left_ns(minutes * MINUTE) == 0


@pytest.mark.parametrize("minutes", MUTE_MIN)
def test_priority_1_is_muted_for_five_minutes_at_most(minutes: int) -> None:
    made = sounding(row("A", 1), row("B", 2))
    made.mute(minutes, now_ns=0)
    end = min(minutes, URGENT_MUTE_MIN) * MINUTE
    assert made.is_muted(1, end - 1)
    assert made.due(end - 1) is None
    assert made.due(end) == 1


def test_to_mute_again_and_again_does_not_prolong_it_for_priority_1() -> None:
    made = sounding(row("A", 1))
    for minute in range(5):
        made.mute(60, now_ns=minute * MINUTE)
    assert made.due(5 * MINUTE - 1) is None
    assert made.due(5 * MINUTE) == 1
    made.mute(60, now_ns=6 * MINUTE)
    assert made.tone(11 * MINUTE - 1) is None, "it has been heard, so somebody decided anew"
    assert made.tone(11 * MINUTE) == 1


def test_a_shorter_mute_replaces_a_longer_one() -> None:
    made = sounding(row())
    made.mute(60, now_ns=0)
    made.mute(1, now_ns=MINUTE)
    assert made.mute_left_ns(MINUTE) == MINUTE


def test_what_comes_while_it_is_muted_is_heard_when_the_mute_ends_or_is_taken_back() -> None:
    made = sounding()
    made.mute(15, now_ns=0)
    made.follow([row("A", 3)], True)
    assert made.due(MINUTE) is None
    assert not made.is_silenced
    made.unmute()
    assert made.due(MINUTE + 1) == 3
    assert not made.is_muted(3, MINUTE)


def test_silence_while_muted_holds_after_the_mute() -> None:
    made = sounding(row())
    made.mute(1, now_ns=0)
    made.silence()
    assert made.tone(2 * MINUTE) is None


def test_a_new_pace_holds_at_once_and_is_never_faster_than_a_tone() -> None:
    made = sounding(row(priority=4))
    heard(made, 1)
    made.repeat_s = {4: 0.1}
    assert heard(made, 4, from_s=1) == [(1.5, 4), (3.0, 4)]


def test_after_a_restart_whatever_waits_sounds() -> None:
    first = sounding(row("A", 1), row("B", 4))
    first.silence()
    first.mute(60, now_ns=0)
    assert sounding(row("A", 1), row("B", 4)).due(0) == 1
