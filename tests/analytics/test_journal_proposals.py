"""Proposed delays for alarms whose condition history doesn't keep: a flapping radio link, a device's own alarm."""

from dataclasses import replace

import pytest

from analytics.candidates import changes_of, longest_on_delay_s
from analytics.proposals import DAYS, Proposal, propose_by_journal
from history.queries.limits import AbandonedError, Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import Message
from tests.analytics.journal_past import LINK, Kept, link
from tests.analytics.past import at_us, ground

END_S = DAYS * 86_400.0
RADIO = AlarmDefinition(tag="T0", kind=AlarmKind.COMMUNICATION, on_delay_s=5.0, off_delay_s=5.0, respond_min=30.0)


def flapping(n: int, length_s: float, apart_s: float = 3_000.0) -> Kept:
    return Kept().active(*((1_000.0 + apart_s * at, 1_000.0 + apart_s * at + length_s) for at in range(n)))


def ask(kept: Kept, definition: AlarmDefinition = RADIO, alarm: str = LINK) -> Proposal:
    return propose_by_journal(definition, alarm, at_us(END_S), ground(), kept.read)


def test_a_flapping_link_gets_the_shortest_delay_that_leaves_out_what_fleets() -> None:
    kept = flapping(200, 20.0).active((800_000.0, 804_000.0))
    found = ask(kept)
    assert found.definition == replace(RADIO, on_delay_s=30.0)
    assert found.test is not None
    assert found.test.present is not None
    assert (found.test.present.count, found.test.present.n_fleeting, found.test.proposed.count) == (201, 200, 1)
    assert (len(found.test.caught), len(found.test.missed)) == (1, 0)
    assert isinstance(found.words, Message)
    assert found.words.startswith("On-delay 30 s instead of 5 s. 1 instead of 201 alarms in 30 days")
    assert "1 of 1 events of 30 min or longer caught. At most 25 s later" in found.words
    assert found.words.endswith("shorter delays than today's can't be tried")


def test_what_was_acknowledged_and_would_be_lost_is_told() -> None:
    kept = flapping(200, 20.0)
    kept.put("ACK", 1_010.0, True)
    found = ask(Kept(rows=sorted(kept.rows, key=lambda row: row.at_us)))
    assert "0 of 1 shorter ones that somebody acknowledged caught" in found.words


def test_a_setting_that_does_no_harm_is_left_alone() -> None:
    assert ask(flapping(3, 200.0)).words == "3 alarms in 30 days: it needs no other setting"


def test_few_days_allow_for_few_alarms() -> None:
    kept = flapping(20, 200.0)
    kept.known = ((0.0, 86_400.0),)
    found = ask(kept)
    assert found.definition is None
    assert found.words == (
        "20 alarms in 30 days, and no delay helps. The journal tells of 3.3% of the time; in the rest the station "
        "didn't run, or the alarm had another setting. "
        "The on-delay may be 3 min at most, by the time to respond of 30 min"
    )


def test_what_still_comes_too_often_is_said() -> None:
    pairs = [(at * 3_000.0 + more, at * 3_000.0 + more + 400.0) for at in range(90) for more in (0.0, 430.0)]
    found = ask(Kept().active(*pairs))
    assert found.definition == replace(RADIO, off_delay_s=60.0)
    assert found.words.endswith("It would still come too often; more than 23 are too many")


def test_the_program_s_own_alarm_is_bettered_by_one_of_the_plant() -> None:
    found = ask(flapping(200, 20.0), link(respond_min=30.0))
    assert found.definition == link(respond_min=30.0, on_delay_s=30.0)
    assert found.words.startswith(
        "On-delay 30 s instead of 5 s. In an alarm of the kind comm on a tag of the device, in place"
    )


def test_an_alarm_of_a_device_is_bettered_in_the_device() -> None:
    pairs = [(at * 20_000.0 + more, at * 20_000.0 + more + 5.0) for at in range(20) for more in (0.0, 15.0, 30.0)]
    definition = AlarmDefinition(tag="", kind=AlarmKind.DEVICE)
    found = ask(Kept().active(*pairs), definition, "UA:7")
    assert found.words.startswith(
        "Off-delay 15 s instead of 0 s. In the device, which raises it. 20 instead of 60 alarms"
    )
    few = ask(Kept().active(*((at * 20_000.0, at * 20_000.0 + 5.0) for at in range(20))), definition, "UA:7")
    assert few.words == (
        "20 alarms in 30 days, and no delay helps. No time to respond is given, so the on-delay was left as it is"
    )


@pytest.mark.parametrize(
    ("kept", "definition", "words"),
    [
        (
            Kept(known=()),
            RADIO,
            "The journal tells only of 0 s of PLC.comm with its present setting; a proposal needs a day",
        ),
        (Kept(), replace(RADIO, count=3), "also raised when its condition comes often"),
        (Kept(), replace(RADIO, kind=AlarmKind.SYSTEM), "The station raises PLC.comm about itself"),
    ],
)
def test_why_nothing_can_be_proposed_is_said(kept: Kept, definition: AlarmDefinition, words: str) -> None:
    found = ask(kept, definition)
    assert (found.definition, words in found.words) == (None, True)


def test_who_stops_waiting_ends_it() -> None:
    with pytest.raises(AbandonedError):
        propose_by_journal(RADIO, LINK, at_us(END_S), ground(), flapping(200, 20.0).read, Patience(lambda: False))


def test_a_window_takes_of_the_time_to_respond_too() -> None:
    silent = AlarmDefinition(tag="T0", kind=AlarmKind.NO_UPDATE, window_s=60.0, respond_min=30.0)
    assert longest_on_delay_s(silent, ground()) == pytest.approx(119.0), "a tenth, less the window and a scan of 1 s"
    assert longest_on_delay_s(link(respond_min=30.0), ground()) == pytest.approx(180.0), "a device has no scan"
    assert {change.deadband for change in changes_of(link(), ground())} == {0.0}
