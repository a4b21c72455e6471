"""Back-tests by what an alarm did: longer delays, windows of silence, counting, and what the journal can't tell."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from alarms.delays import Delays
from alarms.past_row import PastRow
from alarms.states import Bits
from alarms.verdicts import Verdicts
from analytics.activations import Activation
from analytics.alarm_past import AlarmPast
from analytics.backtest import BackTest, BackTestRequest
from analytics.basis import Basis
from analytics.journal_test import back_test_by_journal
from analytics.told import MOST_EVENTS
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import Message, words_of
from tests.analytics.journal_past import LINK, Kept, link
from tests.analytics.past import SECOND_US, START_US, at_us, ground

HOUR_S = 3_600.0
FLAPS = ((100.0, 110.0), (200.0, 500.0), (1_000.0, 1_030.0), (1_040.0, 1_050.0))
"""Active for 10 s, 300 s, 30 s and 10 s."""


def ask(
    kept: Kept, definition: AlarmDefinition, present: AlarmDefinition | None, until_s: float = HOUR_S, **more: Any
) -> BackTest:
    request = BackTestRequest(definition, START_US, at_us(until_s), present, alarm=LINK, **more)
    return back_test_by_journal(request, ground(), kept.read)


def starts_and_ends(found: BackTest) -> list[tuple[float, float | None]]:
    """Return when the proposed setting would have been active, in seconds."""
    return [
        ((each.start_us - START_US) / 1e6, None if each.end_us is None else (each.end_us - START_US) / 1e6)
        for each in found.proposed.activations
    ]


class TestLongerDelays:
    def test_a_longer_on_delay_loses_what_was_shorter_and_tells_later(self) -> None:
        found = ask(
            Kept().active(*FLAPS), link(on_delay_s=60.0, off_delay_s=0.0), link(on_delay_s=0.0, off_delay_s=0.0)
        )
        assert found.present is not None
        assert (found.proposed.count, found.present.count, found.basis) == (1, 4, Basis.JOURNAL)
        assert starts_and_ends(found) == [(260.0, 500.0)]
        assert found.words() == (
            "1 instead of 4 alarms in 60 min. In alarm for 4 min in all, the longest 4 min. "
            "1 of 1 events of 60 s or longer caught. At most 60 s later. "
            "Worked out from the journal's activations; shorter delays than today's can't be tried"
        )
        assert isinstance(found.words(), Message)

    def test_a_delay_of_today_has_gone_by_when_an_alarm_is_raised(self) -> None:
        found = ask(Kept().active(*FLAPS), link(on_delay_s=20.0), link())
        assert starts_and_ends(found) == [(215.0, 500.0), (1_015.0, 1_030.0)], "15 s more, and cleared as before"
        assert found.is_rough
        assert "What was shorter than today's delays isn't in the journal" in found.words()

    def test_a_longer_off_delay_makes_one_of_several(self) -> None:
        found = ask(Kept().active(*FLAPS), link(off_delay_s=65.0), link())
        assert starts_and_ends(found) == [(100.0, 170.0), (200.0, 560.0), (1_000.0, 1_110.0)]

    def test_what_came_and_went_too_often_is_refused_before_it_takes_the_memory(self) -> None:
        kept = Kept().put("ALM", 100.0, True).put("RTN", 200.0, False, condensed=MOST_EVENTS - 1)
        assert ask(kept, link(), link()).n_condensed > 100_000
        kept.put("ALM", 300.0, True)
        with pytest.raises(ValueError, match=r"PLC.comm did more than 300000.* a shorter time") as raised:
            ask(kept, link(), link())
        assert isinstance(words_of(raised.value), Message)

    @pytest.mark.parametrize("meanwhile", [("ALM", True), ("COMMENT", False)])
    def test_a_start_at_which_nobody_knew_how_it_stood_ends_nothing(self, meanwhile: tuple[str, bool]) -> None:
        event, is_active = meanwhile
        kept = Kept().put("ALM", 100.0, True).put("UNREAD", 200.0, False).put(event, 205.0, is_active)
        kept.put("RECALL", 230.0, True).put("COMMENT", 240.0, True).put("RTN", 500.0, False)
        assert starts_and_ends(ask(kept, link(), link())) == [(100.0, 500.0)]

    def test_what_had_returned_when_it_was_known_again_has_ended(self) -> None:
        kept = Kept().put("ALM", 100.0, True).put("UNREAD", 200.0, False).put("COMMENT", 205.0, False)
        kept.put("RECALL", 230.0, False)
        assert starts_and_ends(ask(kept, link(), link())) == [(100.0, 230.0)]

    def test_the_same_setting_does_what_was(self) -> None:
        found = ask(Kept().active(*FLAPS), link(), link())
        assert starts_and_ends(found) == list(FLAPS)
        assert (found.missed, found.n_new) == ((), 0)

    def test_counting_needs_no_delay_and_tells_of_what_flaps(self) -> None:
        now = link(on_delay_s=0.0, off_delay_s=0.0)
        found = ask(Kept().active(*FLAPS), replace(now, on_delay_s=600.0, count=2, count_s=60.0), now)
        assert starts_and_ends(found) == [(1_040.0, 1_110.0)]

    def test_a_longer_window_of_silence_is_a_longer_wait(self) -> None:
        now = AlarmDefinition(tag="T0", kind=AlarmKind.NO_UPDATE, window_s=30.0, on_delay_s=2.0)
        found = ask(Kept().active(*FLAPS), replace(now, window_s=50.0), now)
        assert starts_and_ends(found) == [(220.0, 500.0), (1_020.0, 1_030.0)]
        assert found.proposed.definition.on_delay_s == 2.0
        longer = ask(Kept().active(*FLAPS), replace(now, window_s=20.0, on_delay_s=32.0), now)
        assert starts_and_ends(longer) == [(220.0, 500.0), (1_020.0, 1_030.0)]

    def test_it_turns_as_delays_do_in_a_running_station(self) -> None:
        for seed in range(40):
            chance = np.random.default_rng(seed)
            times = np.cumsum(chance.choice([1, 2, 5, 20, 60], 60))
            now = link(on_delay_s=0.0, off_delay_s=0.0)
            on_s, off_s, count = (
                float(chance.choice([0, 3, 10])),
                float(chance.choice([0, 4, 30])),
                int(chance.choice([0, 3])),
            )
            other = replace(now, on_delay_s=on_s, off_delay_s=off_s, count=count, count_s=20.0)
            kept = Kept()
            for number, (at_s, is_active) in enumerate(_turns(now, times.tolist())):
                assert is_active == (number % 2 == 0)
                kept.put("ALM" if is_active else "RTN", at_s, is_active)
            found = ask(kept, other, now, 5_000.0)
            turns = [at_s for each in starts_and_ends(found) for at_s in each if at_s is not None]
            assert turns == [at_s for at_s, _ in _turns(other, times.tolist())], f"seed {seed}"


def _turns(definition: AlarmDefinition, times: list[int]) -> list[tuple[float, bool]]:
    """Return when an alarm turns whose condition comes and goes at these seconds."""
    delays, found = Delays([definition]), []
    one = np.array([0])
    for number, at_s in enumerate(times):
        holds = np.array([number % 2 == 0])
        at = np.array([at_s * 1_000_000])
        said = Verdicts(
            alarms=one, places=one, raises=holds, clears=~holds, values=np.zeros(1), at_us=at, at_ns=at * 1_000
        )
        found += [(placed.turns.at_us[0] / 1e6, bool(placed.turns.is_raised[0])) for placed in delays.settle(said)]
    last = delays.pass_time(5_000 * 10**9)
    return found + [
        (at / 1e6, is_raised) for at, is_raised in zip(last.at_us.tolist(), last.is_raised.tolist(), strict=True)
    ]


class TestEvents:
    def test_what_somebody_acknowledged_is_an_event_however_short(self) -> None:
        kept = Kept().put("ALM", 100.0, True).put("ACK", 103.0, True).put("RTN", 110.0, False).active(*FLAPS[1:])
        found = ask(kept, link(on_delay_s=60.0), link())
        assert found.request.acknowledged_us == (at_us(103),)
        assert [(event.activation.start_us, event.is_short) for event in found.missed] == [(at_us(100), True)]
        assert (
            "1 of 1 events of 60 s or longer caught. At most 55 s later. 0 of 1 shorter ones that somebody"
            in found.words()
        )

    def test_who_says_when_it_was_acknowledged_is_believed(self) -> None:
        found = ask(Kept().active(*FLAPS), link(on_delay_s=60.0), link(), acknowledged_us=(at_us(1_001),))
        assert [event.activation.start_us for event in found.missed] == [at_us(1_000)]

    def test_one_that_stands_has_no_end(self) -> None:
        found = ask(Kept().put("ALM", 3_000.0, True), link(off_delay_s=60.0), link())
        assert found.proposed.activations[0].end_us is None
        assert found.present is not None
        (present,) = found.present.activations
        assert (present.start_us, present.end_us, np.isnan(present.peak)) == (at_us(3_000), None, True)

    def test_one_that_began_earlier_counts_from_the_beginning_of_the_time(self) -> None:
        kept = Kept().put("ALM", -500.0, True).put("RTN", 20.0, False)
        found = ask(kept, link(on_delay_s=60.0), link())
        assert starts_and_ends(found) == [(0.0, 20.0)]
        assert found.present is not None
        assert [(each.start_us, each.end_us) for each in found.present.activations] == [(START_US, at_us(20))]
        assert kept.asked == [(LINK, at_us(-60), at_us(HOUR_S))], "as far back as delays reach"

    def test_one_that_was_over_before_doesn_t_count(self) -> None:
        kept = Kept().active((-100.0, -50.0), (-40.0, 0.0))
        found = ask(kept, link(off_delay_s=5.0), link())
        assert (found.present is not None and found.present.count, found.proposed.count) == (0, 0)


class TestWhatIsNotKnown:
    def test_while_the_station_didn_t_run_nothing_is_known(self) -> None:
        kept = Kept(known=((0.0, 300.0), (400.0, HOUR_S))).put("ALM", 280.0, True).put("RTN", 430.0, False)
        found = ask(kept, link(on_delay_s=45.0, off_delay_s=0.0), link(off_delay_s=0.0))
        assert found.proposed.count == 0, "25 s before, 30 s after; between them it isn't known"
        assert found.coverage.unknown_us == 100 * SECOND_US
        assert "The journal tells of 97.2% of the time; in the rest the station didn't run" in found.words()
        shorter = ask(kept, link(on_delay_s=20.0, off_delay_s=0.0), link(off_delay_s=0.0))
        assert starts_and_ends(shorter) == [(295.0, 430.0)]

    @pytest.mark.parametrize("words", ["on_delay_s 2 → 5. Flaps", "New alarm", "count 0 → 3"])
    def test_before_its_setting_was_changed_nothing_is_known(self, words: str) -> None:
        kept = Kept().active((100.0, 110.0)).put("CONFIG", 900.0, False, comment=words).active((1_000.0, 1_200.0))
        found = ask(kept, link(on_delay_s=60.0), link())
        assert found.present is not None
        assert (found.present.count, found.coverage.since_us) == (1, at_us(900))
        assert found.coverage.share == pytest.approx(0.75)

    def test_a_change_that_has_nothing_to_do_with_its_condition_is_none(self) -> None:
        kept = Kept().active((100.0, 110.0)).put("CONFIG", 900.0, False, comment="priority 3 → 2. Louder")
        assert ask(kept, link(on_delay_s=60.0), link()).coverage.share == 1.0

    def test_one_that_was_taken_out_is_known_since_it_is_there_again(self) -> None:
        kept = Kept().put("ALM", 100.0, True).put("REMOVED", 1_800.0, False)
        found = ask(kept, link(on_delay_s=60.0), link())
        assert found.present is not None
        assert (found.present.count, found.coverage.share) == (0, 0.5)

    def test_an_alarm_that_stood_when_its_setting_was_changed_counts_from_then(self) -> None:
        kept = (
            Kept()
            .put("ALM", 100.0, True)
            .put("CONFIG", 900.0, True, comment="off_delay_s 0 → 5")
            .put("RTN", 1_000.0, False)
        )
        found = ask(kept, link(on_delay_s=60.0), link())
        assert found.present is not None
        assert [(each.start_us, each.end_us) for each in found.present.activations] == [(at_us(900), at_us(1_000))]

    def test_a_journal_that_doesn_t_reach_back_says_nothing_instead_of_0(self) -> None:
        for kept in (Kept(known=()), Kept().put("CONFIG", HOUR_S, False, comment="New alarm")):
            found = ask(kept, link(on_delay_s=60.0), link())
            assert found.words() == (
                "The journal tells nothing of PLC.comm with its present setting in this time, so nothing can be said"
            )

    def test_rows_that_stand_for_many_are_spread_and_said_to_be(self) -> None:
        now = link(on_delay_s=0.0, off_delay_s=0.0)
        kept = Kept().active((100.0, 101.0)).put("RTN", 141.0, False, condensed=10)
        found = ask(kept, replace(now, on_delay_s=10.0), now)
        assert found.present is not None
        assert (found.present.count, found.n_condensed, found.proposed.count) == (6, 5, 0)
        assert [each.start_us for each in found.present.activations][:3] == [at_us(100), at_us(105), at_us(113)]
        assert "5 of today's alarms stand in rows for many, and are taken as evenly spread" in found.words()

    def test_what_repeats_how_it_was_is_no_turn(self) -> None:
        now = link(on_delay_s=0.0, off_delay_s=0.0)
        kept = Kept().put("ALM", 100.0, True).put("RTN", 104.0, False, condensed=4)
        found = ask(kept, now, now)
        assert found.proposed.count == 2, "raised again would be the first of four, but it stood"

    def test_lost_events_are_told_of(self) -> None:
        kept = Kept().active((100.0, 110.0)).put("LOST", 500.0, False, alarm="")
        found = ask(kept, link(on_delay_s=60.0), link())
        assert found.n_lost == 1
        assert "Events of alarms were lost from the journal in this time" in found.words()

    def test_a_clock_that_was_not_believed_gives_way_to_when_it_was_written(self) -> None:
        row = PastRow(LINK, at_us(1), at_us(100), "ALM", int(Bits.ACTIVE), is_time_suspect=1)
        past = AlarmPast((row,), ((START_US, at_us(HOUR_S)),))
        request = BackTestRequest(link(), START_US, at_us(HOUR_S), link(), alarm=LINK)
        found = back_test_by_journal(request, ground(), lambda *_: past)
        assert found.present is not None
        assert found.present.activations[0] == Activation(at_us(100), None, pytest.approx(float("nan"), nan_ok=True))


@pytest.mark.parametrize(
    ("definition", "present", "words"),
    [
        (link(on_delay_s=2.0), link(), "Shorter delays than today's can't.* 5 s before it is raised and 5 s before"),
        (link(off_delay_s=2.0), link(), "Shorter delays than today's can't be tried"),
        (link(count=3, count_s=60.0), link(), "can't be counted: what was shorter than today's delays"),
        (link(), link(count=3, count_s=60.0), "also raised when its condition comes often"),
        (link(), None, "PLC.comm wasn't in force"),
        (link(), link(enabled=False), "PLC.comm wasn't in force"),
        (link(on_delay_s=float("inf")), link(), "no delay longer than a day"),
        (AlarmDefinition(tag="", kind=AlarmKind.SYSTEM), link(), "The station raises PLC.comm about itself"),
        (
            AlarmDefinition(tag="T0", kind=AlarmKind.NO_UPDATE, window_s=10.0),
            AlarmDefinition(tag="T0", kind=AlarmKind.NO_UPDATE, window_s=20.0),
            "Shorter delays than today's can't be tried.* 20 s before it is raised",
        ),
        (link(tag="T1"), link(tag="T0"), "on the same tag"),
    ],
)  # fmt: skip
def test_what_can_t_be_known_is_refused_in_words(
    definition: AlarmDefinition, present: AlarmDefinition | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        ask(Kept().active(*FLAPS), definition, present)
    assert isinstance(words_of(raised.value), Message)
