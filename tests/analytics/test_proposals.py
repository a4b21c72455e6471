"""Proposed settings: the smallest change that still tells of every event, and in words why there is none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.activations import Activations
from analytics.candidates import changes_of, longest_on_delay_s
from analytics.proposal_words import change_words
from analytics.proposals import DAYS, Proposal, propose
from analytics.search import longest_bridge_us
from analytics.starting_points import StartingPoint, starting_point
from history.queries.limits import AbandonedError, Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import Message
from tests.analytics.past import SECOND_US, START_US, Past, Point, at_us, ground, high

WHERE = ground(T0={"low": 0.0, "high": 20.0})
HOURS = 12
END_S = HOURS * 3_600


def noisy(*levels: tuple[float, float], noise: float = 0.3) -> list[Point]:
    """Return a sample each 5 s: a noisy level from each of `levels` (seconds, level) on."""
    chance = np.random.default_rng(3)
    times = np.arange(0, END_S, 5)
    level = np.zeros(len(times))
    for at_s, value in levels:
        level[times >= at_s] = value
    level += chance.normal(0.0, noise, len(times))
    return list(zip(times.tolist(), level.tolist(), strict=True))


CALM = (0, 5.0)
NEAR = (CALM, (3_600, 9.6), (7_200, 5.0))
"""For an hour just below 10, with noise across it."""
REAL = ((20_000, 14.0), (24_000, 5.0))


def ask(points: Sequence[Point], definition: AlarmDefinition, where: Any = WHERE) -> Proposal:
    """Ask for a proposal at the end of the hours."""
    return propose(definition, at_us(END_S), where, Past().put("T0", points))  # type: ignore[arg-type]


def test_the_smallest_change_that_is_enough_is_proposed() -> None:
    found = ask(noisy(*NEAR, *REAL), high(respond_min=10.0))
    assert found.definition is not None
    assert found.test is not None
    assert found.test.present is not None
    assert found.definition.limit == 10.0
    assert found.definition.on_delay_s <= 60.0
    assert found.definition.deadband <= 2.0
    assert found.test.present.n_chattering > 0
    assert found.test.proposed.definition == found.definition
    assert (found.test.proposed.n_chattering, len(found.test.missed), len(found.test.caught)) == (0, 0, 1)
    assert isinstance(found.words, Message)
    assert f"{found.test.proposed.count} instead of {found.test.present.count} alarms in 30 days" in found.words
    assert "1 of 1 events of 10 min or longer caught" in found.words


def test_what_is_proposed_is_said_beside_what_it_was() -> None:
    found = ask(noisy(*NEAR, *REAL, noise=0.6), high(respond_min=10.0, off_delay_s=1.0))
    assert found.definition is not None
    said = {
        "Deadband": found.definition.deadband != 0.0,
        "On-delay": found.definition.on_delay_s != 0.0,
        "Off-delay": found.definition.off_delay_s != 1.0,
    }
    assert any(said.values())
    assert {name: name in found.words for name in said} == said
    assert "Usual to begin with are a deadband of 5% of the range and delays of 60 s" in found.words


def test_an_alarm_that_is_no_bad_actor_is_left_alone() -> None:
    found = ask(noisy(CALM, *REAL), high(respond_min=10.0))
    assert (found.definition, found.test) == (None, None)
    assert found.words == "1 alarms in 30 days: it needs no other setting"


def test_a_limit_in_the_midst_of_normal_running_can_t_be_helped() -> None:
    cycles = [(at_s, 12.0 if at_s // 600 % 2 else 5.0) for at_s in range(0, END_S, 600)]
    found = ask(noisy(*cycles), high(respond_min=10.0))
    assert found.definition is None
    assert found.words.startswith(
        "36 alarms in 30 days, and no deadband or delay helps. The value is beyond the limit 50.0%"
    )
    assert "too near to normal running: 99 % of the time the value keeps within 12.6" in found.words
    assert found.words.endswith("The on-delay may be 59 s at most, by the time to respond of 10 min")


def test_a_low_limit_is_compared_with_the_low_end_of_normal_running() -> None:
    cycles = [(at_s, 2.0 if at_s // 600 % 2 else 9.0) for at_s in range(0, END_S, 600)]
    low = AlarmDefinition(tag="T0", kind=AlarmKind.LOW, limit=5.0)
    found = ask(noisy(*cycles), low)
    assert "99 % of the time the value keeps within 1.3" in found.words
    assert found.words.endswith("No time to respond is given, so the on-delay was left as it is")


def test_a_deviation_in_the_midst_of_normal_running() -> None:
    cycles = [(at_s, 12.0 if at_s // 600 % 2 else 5.0) for at_s in range(0, END_S, 600)]
    past = Past().put("T0", noisy(*cycles)).put("T1", noisy(CALM))
    deviation = AlarmDefinition(tag="T0", kind=AlarmKind.DEVIATION, limit=3.0, reference="T1")
    found = propose(deviation, at_us(END_S), WHERE, past)  # type: ignore[arg-type]
    assert "99 % of the time the value is no further beyond than 4. No" in found.words


def test_events_that_are_rare_but_many_can_t_be_helped_either() -> None:
    spikes = [point for number in range(40) for point in ((number * 1_000, 12.0), (number * 1_000 + 9, 5.0))]
    found = ask(noisy(*spikes), high(latching=True))
    assert found.definition is None
    assert (
        "40 alarms in 30 days, and no deadband or delay helps. The value is beyond the limit 0.9% of the time. No"
        in (found.words)
    )


def test_a_state_has_no_limit_that_could_be_too_near() -> None:
    state = AlarmDefinition(tag="T0", kind=AlarmKind.STATE, limit=1.0)
    points = [(at_s, float(at_s % 1_000 == 0)) for at_s in range(0, END_S, 5)]
    found = ask(points, state)
    assert found.words == (
        "44 alarms in 30 days, and no delay helps. No time to respond is given, so the on-delay was left as it is"
    )


def test_half_as_many_alarms_are_better_than_none_proposed() -> None:
    pairs = [point for number in range(60) for point in ((number * 700, 12.0), (number * 700 + 20, 5.0))]
    again = [(at_s + 25, value) for at_s, value in pairs]
    found = ask(noisy(*sorted(pairs + again), noise=0.01), high())
    assert found.test is not None
    assert found.test.present is not None
    assert (found.test.proposed.count, found.test.present.count) == (60, 120)
    assert found.words.endswith("It would still come too often; more than 23 are too many")


def test_an_alarm_that_would_hide_the_next_event_isn_t_proposed() -> None:
    present = Activations(np.array([0, 100, 900]), np.array([10, 110, 950]), np.zeros(3), is_open=True)
    assert longest_bridge_us(present, present) == 0
    assert longest_bridge_us(present, Activations(np.array([5]), np.array([700]), np.zeros(1))) == 90
    assert longest_bridge_us(present, Activations(np.array([5]), np.array([950]), np.zeros(1))) == 790
    assert longest_bridge_us(present, Activations(np.array([20]), np.array([60]), np.zeros(1))) == 0
    nothing = Activations(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert (longest_bridge_us(nothing, present), longest_bridge_us(present, nothing)) == (0, 0)


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (AlarmDefinition(tag="T0", kind=AlarmKind.COMMUNICATION), "can't be tested against history"),
        (AlarmDefinition(tag="T1", kind=AlarmKind.HIGH, limit=1.0), "History has no usable value of T1"),
    ],
)
def test_what_can_t_be_tested_gets_no_proposal(definition: AlarmDefinition, words: str) -> None:
    found = ask(noisy(CALM), definition)
    assert found.definition is None
    assert words in found.words


def test_who_stops_waiting_ends_it() -> None:
    asked = iter([True] * 2)
    past = Past().put("T0", noisy(*NEAR))
    with pytest.raises(AbandonedError):
        propose(high(), at_us(END_S), WHERE, past, Patience(lambda: next(asked, False)))  # type: ignore[arg-type]
    assert next(asked, None) is None


def test_proposals_look_back_30_days() -> None:
    past = Past()
    propose(high(), START_US, WHERE, past)  # type: ignore[arg-type]
    (query,) = past.asked
    assert (query.start_us, query.end_us) == (START_US - DAYS * 86_400 * SECOND_US, START_US)
    assert propose(high(), 5, WHERE, past).definition is None  # type: ignore[arg-type]


class TestCandidates:
    def test_the_time_to_respond_bounds_the_on_delay(self) -> None:
        assert longest_on_delay_s(high(respond_min=5.0), WHERE) == pytest.approx(29.0), "a tenth, less a scan of 1 s"
        assert longest_on_delay_s(high(respond_min=0.1), WHERE) == 0.0
        assert longest_on_delay_s(high(), WHERE) is None
        found = changes_of(high(respond_min=5.0), WHERE)
        assert max(change.on_delay_s for change in found) == 20.0
        assert {change.on_delay_s for change in changes_of(high(on_delay_s=3.0), WHERE)} == {3.0}

    def test_a_deadband_is_a_tenth_of_the_range_at_most_and_never_smaller_than_it_was(self) -> None:
        found = {change.deadband for change in changes_of(high(deadband=0.5), WHERE)}
        assert found == {0.5, 1.0, 2.0}

    @pytest.mark.parametrize(
        "definition",
        [
            AlarmDefinition(tag="T0", kind=AlarmKind.STATE, limit=1.0),
            AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit=1.0, window_s=5.0),
            AlarmDefinition(tag="T1", kind=AlarmKind.HIGH, limit=1.0),
        ],
    )
    def test_without_a_range_or_a_limit_on_the_value_there_is_no_other_deadband(
        self, definition: AlarmDefinition
    ) -> None:
        assert {change.deadband for change in changes_of(definition, WHERE)} == {0.0}

    def test_the_smallest_change_comes_first(self) -> None:
        sizes = [change.size for change in changes_of(high(respond_min=5.0), WHERE)]
        assert sizes == sorted(sizes)
        assert sizes[0] > 0

    @pytest.mark.parametrize(
        ("unit", "point"),
        [
            ("l/s", StartingPoint(0.05, 15.0)),
            ("m", StartingPoint(0.05, 60.0)),
            ("%", StartingPoint(0.05, 60.0)),
            ("kPa", StartingPoint(0.02, 15.0)),
            ("°C", StartingPoint(0.01, 60.0)),
            ("NTU", StartingPoint(0.02, 15.0)),
            ("", StartingPoint(0.02, 15.0)),
        ],
    )
    def test_what_to_begin_with_goes_by_what_is_measured(self, unit: str, point: StartingPoint) -> None:
        assert starting_point(unit) == point


def test_each_change_is_said_and_nothing_else() -> None:
    present = high(deadband=0.5, on_delay_s=5.0, off_delay_s=5.0)
    usual = "Usual to begin with are a deadband of 5% of the range and delays of 60 s"
    assert list(change_words(present, present, WHERE)) == [usual]
    proposed = replace(present, deadband=1.0, on_delay_s=30.0, off_delay_s=60.0)
    unit = WHERE.tags["T0"].unit
    assert list(change_words(present, proposed, WHERE)) == [
        f"Deadband 1 {unit} instead of 0.5 {unit}",
        "On-delay 30 s instead of 5 s",
        "Off-delay 60 s instead of 5 s",
        usual,
    ]
