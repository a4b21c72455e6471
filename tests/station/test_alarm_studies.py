"""Back-tests and proposals of a running station: which setting they compare with, by what, and when they end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import pytest

from alarms.definitions import Alarm
from alarms.entry import JournalEntry
from alarms.past_row import PastRow
from alarms.snapshot import AlarmSnapshot
from alarms.states import Bits
from analytics.alarm_past import AlarmPast
from analytics.backtest import BackTest, BackTestRequest
from analytics.basis import Basis
from analytics.proposals import Proposal
from database.errors import DatabaseError
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from station.alarm_studies import AlarmStudies
from station.history_questions import HistoryQuestions
from tests.analytics.past import SECOND_US, START_US, Past
from tests.fakes.clock import ManualClock
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_station import RunningStation
from tests.fakes.waiting import wait_until

LEVEL_HIGH = next(each for each in pump_plant().alarms if each.name == "LEVEL.H")
MINUTE_US = 60 * SECOND_US


class AtOnce:
    """Works at once, where it is asked."""

    def submit(self, work: Callable[..., object], *args: object) -> object:
        done: Future[object] = Future()
        try:
            done.set_result(work(*args))
        except Exception as error:  # noqa: BLE001 - as an executor does
            done.set_exception(error)
        return done


def studies(
    *alarms: AlarmDefinition, past: AlarmPast | None = None, kind: str = "", clock: ManualClock | None = None
) -> AlarmStudies:
    snapshot = AlarmSnapshot(configured={each.name: Alarm(name=each.name, definition=each) for each in alarms})
    questions = HistoryQuestions(Past(), AtOnce(), lambda: True)  # type: ignore[arg-type]
    journal = (lambda *_: past or AlarmPast()), (lambda _: (kind, "Door open"))
    return AlarmStudies(pump_plant(), Past(), questions, lambda: snapshot, clock or ManualClock(), journal)  # type: ignore[arg-type]


def test_the_present_setting_is_the_configured_one_of_that_name() -> None:
    request = BackTestRequest(replace(LEVEL_HIGH, limit=9.0), 0, 1)
    assert studies(LEVEL_HIGH).completed(request).present == LEVEL_HIGH
    assert studies().completed(request).present is None


def test_a_setting_that_is_named_comes_first() -> None:
    other = replace(LEVEL_HIGH, limit=7.0)
    assert studies(LEVEL_HIGH).completed(BackTestRequest(LEVEL_HIGH, 0, 1, other)).present == other


def test_a_present_setting_that_can_t_be_tested_is_no_comparison() -> None:
    old = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit_tag="GONE")
    assert studies(old).completed(BackTestRequest(LEVEL_HIGH, 0, 1)).present is None


def test_who_acknowledged_when_is_asked_of_the_journal() -> None:
    past = AlarmPast((PastRow("LEVEL.H", 5, 5, "ACK", int(Bits.ACKED)),))
    of = studies(LEVEL_HIGH, past=past)

    def acknowledged(request: BackTestRequest) -> tuple[int, ...]:
        return asyncio.run(of.back_test(request)).request.acknowledged_us

    request = BackTestRequest(LEVEL_HIGH, 0, MINUTE_US)
    assert acknowledged(request) == (5,)
    assert acknowledged(replace(request, acknowledged_us=(7,))) == (7,), "who says so is believed"
    new = BackTestRequest(replace(LEVEL_HIGH, id="new"), 0, MINUTE_US)
    assert acknowledged(new) == (), "of an alarm that is new nothing was"
    with pytest.raises(ValueError, match="The time is empty"):
        acknowledged(replace(request, end_us=0))


def test_what_history_can_t_tell_is_worked_out_from_the_journal() -> None:
    link = AlarmDefinition(tag="LEVEL", kind=AlarmKind.COMMUNICATION)
    rows = (
        PastRow(link.name, 9, 9, "ALM", int(Bits.ACTIVE)),
        PastRow(link.name, 10 + SECOND_US, 0, "RTN", int(Bits.ACKED)),
    )
    past = AlarmPast(rows, ((0, MINUTE_US),))
    found = asyncio.run(
        studies(link, past=past).back_test(BackTestRequest(replace(link, on_delay_s=9.0), 0, MINUTE_US))
    )
    assert found.present is not None
    assert (found.basis, found.present.count, found.proposed.count) == (Basis.JOURNAL, 1, 0)


class TestProposals:
    def ask(self, name: str, of: AlarmStudies) -> Proposal:
        return asyncio.run(of.propose(name))

    def test_a_device_s_alarm_is_known_by_its_journal(self) -> None:
        found = self.ask("UA:7", studies(kind="device"))
        assert found.words == (
            "The journal tells only of 0 s of UA:7 with its present setting; a proposal needs a day of it"
        )

    def test_the_station_s_own_alarms_have_no_setting(self) -> None:
        assert "raises station.lost about itself" in self.ask("station.lost", studies(kind="system")).words

    @pytest.mark.parametrize("kind", ["", "H"])
    def test_an_alarm_that_is_no_more_isn_t_known(self, kind: str) -> None:
        with pytest.raises(KeyError, match="GONE"):
            self.ask("GONE.H", studies(kind=kind))

    def test_an_alarm_that_did_too_much_is_refused_in_words(self) -> None:
        chatter = PastRow("UA:7", 9, 9, "RTN", int(Bits.ACKED), condensed=1_000_000)
        assert self.ask("UA:7", studies(past=AlarmPast((chatter,)), kind="device")).words.startswith("UA:7 did more")

    def test_a_formula_that_would_take_too_long_is_refused_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("analytics.watched.MOST_RESULTS", 0)
        formula = AlarmDefinition(tag="LEVEL", kind=AlarmKind.CALCULATED, expression="{LEVEL} > 1")
        of = studies(formula, clock=ManualClock(START_US + MINUTE_US))
        of._reader.put("LEVEL", [(0.0, 1.0)])  # type: ignore[attr-defined]
        assert self.ask(formula.name, of).words.startswith("The formula of LEVEL.calc would have to be worked out")


async def test_a_station_that_does_not_run_says_so(running: RunningStation) -> None:
    await asyncio.to_thread(running.stop)
    with pytest.raises(DatabaseError, match="not running"):
        await running.station.back_test(BackTestRequest(LEVEL_HIGH, 0, 1))
    with pytest.raises(DatabaseError, match="not running"):
        await running.station.propose("LEVEL.H")


async def test_the_journal_of_a_running_station_tells_what_a_link_did(running: RunningStation) -> None:
    begun_us = running.clock.wall_us()
    running.clock.advance(600.0)
    active, normal = int(Bits.ACTIVE), int(Bits.ACKED)
    entries = [
        JournalEntry(
            at_us=begun_us + at_s * SECOND_US,
            mono_ns=at_s,
            event=event,
            alarm="PLC.comm",
            kind="comm",
            text="Silent",
            bits=bits,
        )
        for at_s, event, bits in (
            (100, "ALM", active),
            (110, "RTN", normal),
            (200, "ALM", active),
            (400, "RTN", normal),
        )
    ]
    await asyncio.to_thread(running.station._journal.append, entries)
    present = running.station.alarms.configured["PLC.comm"].definition
    request = BackTestRequest(replace(present, on_delay_s=30.0), begun_us, running.clock.wall_us(), alarm="PLC.comm")

    def ask() -> BackTest:
        return asyncio.run(running.station.back_test(request))

    await asyncio.to_thread(wait_until, lambda: ask().coverage.share == 1.0)
    found = await asyncio.to_thread(ask)
    assert found.present is not None
    assert (found.present.count, found.proposed.count) == (2, 1)
    proposal = await running.station.propose("PLC.comm")
    assert proposal.words.startswith("The journal tells only of 10 min of PLC.comm with its present setting")
    assert running.station._alarm_reports.nature_of("PLC.comm") == ("comm", "Silent")
