"""Back-tests: what another setting would have done, what of real events it catches, and what history doesn't know."""

from collections.abc import Sequence

import pytest

from analytics.activations import Activation
from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.backtest_words import event_words
from history.queries.limits import AbandonedError, Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.alarm_philosophy import AlarmPhilosophy, KpiTargets
from plant_models.message import Message, words_of
from plant_models.quality import Quality
from tests.analytics.past import SECOND_US, START_US, Past, Point, at_us, ground, high

HOUR_S = 3_600


def steady(*changes: tuple[float, float], until: float = HOUR_S) -> list[Point]:
    """Return a sample each second: a value until the next of `changes` (seconds, value), 0 before the first."""

    def value_at(second: int) -> float:
        return next((value for at_s, value in reversed(changes) if at_s <= second), 0.0)

    return [(second, value_at(second)) for second in range(int(until))]


def ask(
    past: Past | Sequence[Point],
    definition: AlarmDefinition,
    present: AlarmDefinition | None = None,
    until: float = HOUR_S,
    **more: object,
) -> BackTest:
    """Test a setting over an hour."""
    reader = past if isinstance(past, Past) else Past().put("T0", past)
    request = BackTestRequest(definition, START_US, at_us(until), present, **more)  # type: ignore[arg-type]
    return back_test(request, ground(), reader)  # type: ignore[arg-type]


BUMPS = steady(
    (100, 11.0), (105, 5.0), (200, 12.0), (500, 5.0), (1_000, 11.0), (1_002, 5.0), (1_010, 11.0), (1_011, 0.0)
)
"""Above 10 for 5 s, 300 s, 2 s and 1 s."""


class TestActivations:
    def test_each_has_its_times_and_its_worst_value(self) -> None:
        found = ask(BUMPS, high()).proposed
        assert found.count == 4
        assert list(found.activations) == [
            Activation(at_us(100), at_us(105), 11.0),
            Activation(at_us(200), at_us(500), 12.0),
            Activation(at_us(1_000), at_us(1_002), 11.0),
            Activation(at_us(1_010), at_us(1_011), 11.0),
        ]
        assert found.active_us == 308 * SECOND_US
        assert found.longest == Activation(at_us(200), at_us(500), 12.0)
        assert found.activations[-1].length_us(0) == SECOND_US

    def test_the_worst_value_of_a_low_alarm_is_the_smallest(self) -> None:
        low = AlarmDefinition(tag="T0", kind=AlarmKind.LOW, limit=4.0)
        found = ask(steady((0, 5.0), (100, 3.0), (110, 2.0), (120, 5.0)), low).proposed
        assert list(found.activations) == [Activation(at_us(100), at_us(120), 2.0)]

    def test_the_worst_value_of_a_deviation_is_the_distance(self) -> None:
        past = Past().put("T0", steady((0, 5.0), (100, 3.0), (110, 5.0))).put("T1", steady((0, 4.5)))
        deviation = AlarmDefinition(tag="T0", kind=AlarmKind.DEVIATION, limit=1.0, reference="T1")
        assert list(ask(past, deviation).proposed.activations) == [Activation(at_us(100), at_us(110), 1.5)]

    def test_a_fall_is_a_rate_below_0(self) -> None:
        falling = steady(*((100 + second, 50.0 - second) for second in range(11)))
        rate = AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit=-30.0, window_s=4.0)
        (found,) = ask([*falling[100:]], rate).proposed.activations
        assert (found.start_us, found.end_us) == (at_us(104), at_us(113))
        assert found.peak == -60.0

    def test_a_rate_is_known_in_a_part_of_the_time_without_a_sample_too(self) -> None:
        past = Past(3).put("T0", [(0, 0.0), (50, 100.0), (120, 100.0)]).put("T1", steady(until=200))
        rate = AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit=60.0, window_s=10.0)
        deviation = AlarmDefinition(tag="T0", kind=AlarmKind.DEVIATION, limit=1.0, reference="T1")
        found = ask(past, rate, deviation, until=200)
        assert list(found.proposed.activations) == [Activation(at_us(50), at_us(60), 600.0)]

    def test_one_that_still_is_active_has_no_end(self) -> None:
        found = ask(steady((3_000, 11.0)), high()).proposed
        (activation,) = found.activations
        assert activation == Activation(at_us(3_000), None, 11.0)
        assert activation == found.longest
        assert (found.active_us, activation.length_us(at_us(HOUR_S))) == (600 * SECOND_US, 600 * SECOND_US)
        assert found.n_fleeting == 0

    def test_one_that_began_earlier_counts_from_the_beginning_of_the_time(self) -> None:
        past = Past().put("T0", [(-50.0, 11.0), *steady((0, 11.0), (20, 5.0))])
        assert list(ask(past, high(on_delay_s=30.0)).proposed.activations) == [Activation(START_US, at_us(20), 11.0)]

    def test_one_that_was_over_before_doesn_t_count(self) -> None:
        past = Past().put("T0", [(-50.0, 11.0), *steady((0, 5.0))])
        assert ask(past, high(on_delay_s=30.0)).proposed.count == 0

    def test_without_one_there_is_no_longest(self) -> None:
        found = ask(steady(), high()).proposed
        assert (found.count, found.longest, found.active_us) == (0, None, 0)

    def test_fleeting_and_chattering_are_counted_by_the_philosophy(self) -> None:
        comings = [
            (0, 11.0),
            (1, 0.0),
            (30, 11.0),
            (31, 0.0),
            (59, 11.0),
            (60, 0.0),
            (200, 11.0),
            (300, 0.0),
            (321, 11.0),
        ]
        found = ask(steady(*comings, until=322), high(), until=322).proposed
        assert (found.count, found.n_fleeting, found.n_chattering) == (5, 3, 3)
        slower = [(at_s + (2 if at_s >= 59 else 0), value) for at_s, value in comings]
        assert ask(steady(*slower, until=322), high(), until=322).proposed.n_chattering == 0, "three in 61 s"


class TestComparison:
    def test_a_delay_and_a_deadband_bring_fewer_alarms_and_catch_the_event(self) -> None:
        found = ask(BUMPS, high(on_delay_s=10.0, deadband=1.0), high())
        assert found.present is not None
        assert (found.proposed.count, found.present.count) == (1, 4)
        (event,) = found.events
        assert event.activation == Activation(at_us(200), at_us(500), 12.0)
        assert (event.caught_us, event.later_s) == (at_us(210), 10.0)
        assert (found.caught, found.missed, found.n_new) == (found.events, (), 0)
        assert found.words() == (
            "1 instead of 4 alarms in 60 min. In alarm for 5 min in all, the longest 5 min. "
            "1 of 1 events of 60 s or longer caught. At most 10 s later. Worked out from history"
        )
        assert isinstance(found.words(), Message)

    def test_what_is_missed_is_said(self) -> None:
        found = ask(BUMPS, high(20.0), high())
        assert [event.activation.start_us for event in found.missed] == [at_us(200)]
        assert (found.caught, found.missed[0].later_s) == ((), None)
        assert found.words() == (
            "0 instead of 4 alarms in 60 min. 0 of 1 events of 60 s or longer caught. Worked out from history"
        )

    def test_a_lower_limit_tells_earlier_and_of_what_there_wasn_t_before(self) -> None:
        past = steady((100, 8.0), (120, 12.0), (400, 0.0), (1_000, 8.0), (1_200, 0.0))
        found = ask(past, high(7.0), high())
        assert [event.later_s for event in found.events] == [-20.0]
        assert found.n_new == 1
        assert "At best 20 s earlier. 1 alarms that there weren't before" in found.words()

    def test_what_an_operator_acknowledged_is_an_event_however_short(self) -> None:
        found = ask(BUMPS, high(on_delay_s=10.0), high(), acknowledged_us=(at_us(1_001), at_us(3_000)))
        assert [event.activation.start_us for event in found.events] == [at_us(200), at_us(1_000)]
        assert [event.activation.start_us for event in found.missed] == [at_us(1_000)]

    def test_how_long_an_event_lasts_may_be_said(self) -> None:
        found = ask(BUMPS, high(on_delay_s=10.0), high(), event_s=2.0)
        assert (found.event_s, len(found.events), len(found.missed)) == (2.0, 3, 2)

    def test_one_that_has_just_begun_isn_t_missed_yet(self) -> None:
        past = steady((3_500, 11.0))
        assert ask(past, high(on_delay_s=120.0), high()).events == ()
        (event,) = ask(past, high(on_delay_s=90.0), high()).events
        assert event.later_s == 90.0
        (missed,) = ask(past, high(20.0, on_delay_s=90.0), high()).events
        assert missed.caught_us is None

    def test_without_a_present_setting_there_is_nothing_to_compare_with(self) -> None:
        found = ask(BUMPS, high())
        assert (found.present, found.events, found.n_new) == (None, (), 0)
        assert found.words() == (
            "4 alarms in 60 min. In alarm for 5 min in all, the longest 5 min. 3 fleeting, 0 chattering. "
            "Worked out from history"
        )


class TestHistory:
    def test_a_bad_time_freezes_and_stops_the_delay(self) -> None:
        past = steady((100, 11.0), (200, 0.0))
        bad = [(at_s, value, Quality.BAD_TIMEOUT if 120 <= at_s < 130 else Quality.GOOD) for at_s, value in past]
        found = ask(bad, high(on_delay_s=25.0))  # type: ignore[arg-type]
        assert list(found.proposed.activations) == [Activation(at_us(155), at_us(200), 11.0)]
        assert (found.coverage.bad_us, found.coverage.unknown_us) == (10 * SECOND_US, 0)
        assert found.coverage.share == pytest.approx(3_590 / 3_600)
        assert "usable values of 99.7% of the time; 0.3% is bad, 0.0% not recorded" in found.words()

    def test_a_gap_freezes_an_alarm_and_is_told_of(self) -> None:
        past = [point for point in steady((100, 11.0), (3_000, 0.0)) if not 200 <= point[0] < 2_000]
        found = ask(past, high())
        assert list(found.proposed.activations) == [Activation(at_us(100), at_us(3_000), 11.0)]
        assert found.coverage.unknown_us == (1_800 - 89) * SECOND_US, "a sample holds for 90 s"

    @pytest.mark.parametrize("page", [1, 100, 10_000])
    def test_history_is_read_in_pages(self, page: int) -> None:
        past = Past(page).put("T0", [point for point in BUMPS if not 2_000 <= point[0] < 3_000])
        found = ask(past, high(), high(deadband=2.0))
        whole = ask(Past().write("T0", *_columns(past)), high(), high(deadband=2.0))
        assert list(found.proposed.activations) == list(whole.proposed.activations)
        assert (found.coverage, found.words()) == (whole.coverage, whole.words())
        assert found.coverage.unknown_us == (1_000 - 89) * SECOND_US

    def test_history_that_begins_later_is_told_of(self) -> None:
        found = ask(BUMPS[900:], high())
        assert (found.coverage.since_us, found.coverage.unknown_us) == (at_us(900), 900 * SECOND_US)

    def test_without_history_nothing_is_claimed(self) -> None:
        found = ask([], high(), high())
        assert (found.proposed.count, found.coverage.usable_us, found.coverage.since_us) == (0, 0, None)
        assert found.words() == "History has no usable value of T0 in this time, so nothing can be said"

    def test_history_that_was_thinned_is_said_to_be(self) -> None:
        where = ground(T0={"deviation": 0.02, "deadband": 0.5})
        request = BackTestRequest(high(), START_US, at_us(HOUR_S))
        found = back_test(request, where, Past().put("T0", BUMPS))  # type: ignore[arg-type]
        assert found.coverage.within == 0.02
        assert "keeps T0 only to within 0.02, so that some alarms may be missing" in found.words()

    def test_who_stops_waiting_ends_it(self) -> None:
        request = BackTestRequest(high(), START_US, at_us(HOUR_S))
        with pytest.raises(AbandonedError):
            back_test(request, ground(), Past().put("T0", BUMPS), Patience(lambda: False))  # type: ignore[arg-type]


class TestPhilosophy:
    def test_what_chatters_is_a_setting_of_the_site(self) -> None:
        where = ground(AlarmPhilosophy(targets=KpiTargets(chatter_count=2, chatter_s=10.0, fleeting_s=2.0)))
        request = BackTestRequest(high(), START_US, at_us(HOUR_S), high())
        found = back_test(request, where, Past().put("T0", BUMPS))  # type: ignore[arg-type]
        assert (found.proposed.n_chattering, found.proposed.n_fleeting, found.event_s) == (2, 1, 2.0)


def _columns(past: Past) -> tuple[object, object, object]:
    kept = past.samples_of["T0"]
    return kept.times_us, kept.values, kept.qualities


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (AlarmDefinition(tag="T0", kind=AlarmKind.COMMUNICATION), "of the kind comm can't be tested"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.STUCK, limit=1.0), "needs a window of some seconds"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.STUCK, limit=-1.0, window_s=5.0), "T0.stuck can't be negative"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.DISCREPANCY), "T0.disc has no tag that it is compared with"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.CALCULATED, expression="{T0} >"), "T0.calc can't be read: "),
        (AlarmDefinition(tag="T0", kind=AlarmKind.CALCULATED, expression="1 > 0"), "T0.calc names no tag"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.CALCULATED, expression="{X} > 0"), "There is no tag X"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit_tag="T1"), "a window of some seconds"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.DEVIATION, limit=1.0), "has no tag that it is compared with"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.DEVIATION, limit=1.0, reference="X"), "There is no tag X"),
        (AlarmDefinition(tag="X", kind=AlarmKind.HIGH, limit=1.0), "There is no tag X"),
        (AlarmDefinition(tag="NOTE", kind=AlarmKind.STATE, limit=1.0), "NOTE is a text"),
        (high(None), "has no limit"),
        (high(float("nan")), "has no limit"),
        (high(None, limit_tag="X"), "There is no tag X"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.STATE, limit_tag="T1"), "has no limit"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit=1.0), "a window of some seconds"),
        (AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit=0.0, window_s=5.0), "a limit that isn't 0"),
        (high(deadband=-1.0), "can't be negative"),
        (high(on_delay_s=float("inf")), "no delay longer than a day"),
    ],
)
def test_what_can_t_be_tested_is_refused_in_words(definition: AlarmDefinition, words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        ask(BUMPS, definition)
    assert isinstance(words_of(raised.value), Message)


@pytest.mark.parametrize(
    ("start_us", "end_us", "words"),
    [
        (START_US, START_US, "The time is empty"),
        (-5, START_US, "The time is empty"),
        (START_US, at_us(93 * 86_400), "92 days at most"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_in_words(start_us: int, end_us: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        back_test(BackTestRequest(high(), start_us, end_us), ground(), Past())  # type: ignore[arg-type]


def test_settings_of_two_tags_can_t_be_compared() -> None:
    with pytest.raises(ValueError, match="on the same tag"):
        ask(BUMPS, high(), AlarmDefinition(tag="T1", kind=AlarmKind.HIGH, limit=1.0))


def test_a_limit_held_by_a_tag_needs_no_number() -> None:
    past = Past().put("T0", BUMPS).put("T1", steady((0, 11.5)))
    found = ask(past, high(None, limit_tag="T1"), high())
    assert found.present is not None
    assert (found.proposed.count, found.present.count) == (1, 4)


@pytest.mark.parametrize(
    ("later_s", "words"),
    [
        ((90.0, -60.0), ["At most 90 s later, at best 60 s earlier"]),
        ((90.0, 10.0), ["At most 90 s later"]),
        ((-5.0, -60.0, None), ["At best 60 s earlier"]),
        ((0.0,), []),
        ((None,), []),
    ],
)
def test_how_much_later_and_earlier_is_one_sentence(later_s: Sequence[float | None], words: list[str]) -> None:
    assert list(event_words(later_s, 60.0, 0))[1:] == words
