"""Alarms that devices raise themselves: followed, acknowledged, lost and found again, restored."""

from collections import Counter
from typing import Any

from alarms.acknowledgement import AlarmSeen
from alarms.device_alarms import DeviceAlarms
from alarms.entry import Actor, JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from plant_models.condition import Condition, ConditionsTold, ConditionsUnknown
from tests.fakes.clock import ManualClock

ADA = Actor("ada", "desk 1", "operator")
KEY = "UA:ns=2;s=LEVEL.HIGH"


class Bench:
    """The alarms of the device UA, and what happened to them."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.alarms = DeviceAlarms({"UA": "Filter PLC"}, "config")
        self.entries: list[JournalEntry] = []

    @property
    def now(self) -> Moment:
        return Moment(self.clock.wall_us(), self.clock.mono_ns())

    def tell(self, **settings: Any) -> list[str]:
        facts: dict[str, Any] = {
            "device": "UA", "id": "ns=2;s=LEVEL.HIGH", "event_id": b"1", "at_us": self.now.wall_us, "source": "LEVEL",
            "name": "HIGH", "text": "Too high", "severity": 700, "is_retained": True, "is_active": True,
            "is_acked": False,
        }  # fmt: skip
        return self._keep(self.alarms.take(Condition(**(facts | settings)), self.now))

    def told(self, *keys: str) -> list[str]:
        return self._keep(self.alarms.take(ConditionsTold("UA", frozenset(keys)), self.now))

    def lost(self) -> None:
        assert self.alarms.take(ConditionsUnknown("UA"), self.now) == []

    def row(self, key: str = KEY) -> AlarmRow:
        return next(row for row in self.alarms.rows if row.name == key)

    def states(self) -> dict[str, str]:
        return {row.name: row.state.value for row in self.alarms.rows}

    def seen(self) -> AlarmSeen:
        row = self.row()
        return AlarmSeen(row.name, row.occurrence, row.priority)

    def _keep(self, entries: list[JournalEntry]) -> list[str]:
        self.entries += entries
        return [entry.event for entry in entries]


def test_a_row_says_what_the_device_said() -> None:
    bench = Bench()
    assert bench.tell() == ["ALM"]
    row = bench.row()
    assert (row.kind, row.priority, row.state, row.text) == ("device", 2, "UNACK", "LEVEL: Too high")
    assert (row.tag, row.description, row.active_us) == ("", "HIGH", bench.now.wall_us)
    assert not row.is_frozen
    assert bench.tell(is_active=False) == ["RTN"]
    assert bench.tell(is_active=False, is_acked=True, is_retained=False, user="bob", comment="seen") == ["ACK"]
    assert bench.states() == {}
    last = bench.entries[-1]
    assert (last.user, last.seat, last.comment, last.to_state) == ("bob", "UA", "seen", "NORM")
    assert bench.entries[0].user == ""


def test_severities_become_priorities_and_a_worse_one_is_annunciated_again() -> None:
    bench = Bench()
    for severity, priority in ((1, 4), (400, 4), (401, 3), (601, 2), (801, 1), (1000, 1)):
        bench.tell(id=f"i={severity}", severity=severity)
        assert bench.row(f"UA:i={severity}").priority == priority
    bench.tell(is_acked=True, severity=500)
    assert bench.row().state == "ACKED"
    assert bench.tell(is_acked=True, severity=900) == ["ESC", "ACK"]
    assert bench.tell(is_acked=False, severity=500) == ["REALM"]
    assert bench.row().state == "UNACK"


def test_an_earlier_occurrence_that_still_waits_is_a_row_of_its_own() -> None:
    bench = Bench()
    bench.tell()
    bench.tell(branch="i=7", event_id=b"0", is_active=False)
    assert bench.states() == {KEY: "UNACK", f"{KEY}@i=7": "RTNUN"}
    bench.tell(branch="i=7", event_id=b"0", is_active=False, is_acked=True, is_retained=False)
    assert bench.states() == {KEY: "UNACK"}


def test_a_lost_device_freezes_its_alarms_until_it_has_told_how_they_stand() -> None:
    bench = Bench()
    bench.tell()
    bench.tell(id="i=2")
    bench.lost()
    assert [row.is_frozen for row in bench.alarms.rows] == [True, True]
    bench.tell()
    assert (bench.row().is_frozen, bench.row("UA:i=2").is_frozen) == (False, True)
    assert bench.told(KEY) == ["RTN", "ACK"]
    assert bench.states() == {KEY: "UNACK"}
    assert bench.entries[-1].seat == "UA"


def test_a_silent_device_masks_its_alarms() -> None:
    bench = Bench()
    bench.tell()
    bench.alarms.note_devices(frozenset({"UA"}))
    assert (bench.row().is_frozen, bench.row().is_masked) == (True, True)
    bench.alarms.note_devices(frozenset())
    assert (bench.row().is_frozen, bench.row().is_masked) == (False, False)


def test_a_condition_that_its_device_does_not_know_is_frozen_and_journalled() -> None:
    bench = Bench()
    bench.tell()
    assert bench.tell(is_good=False) == ["BADQ"]
    assert bench.row().is_frozen
    assert bench.tell(is_good=True) == ["GOODQ"]
    assert not bench.row().is_frozen


def test_what_is_suppressed_at_the_device_is_hidden_and_comes_back() -> None:
    bench = Bench()
    bench.tell()
    assert bench.tell(is_suppressed=True) == ["DS+"]
    assert bench.row().state == "DSUPR"
    assert bench.tell(is_suppressed=False) == ["DS-"]
    assert bench.row().state == "UNACK"


def test_an_acknowledgement_is_told_once_with_the_person_who_asked_for_it() -> None:
    bench = Bench()
    bench.tell()
    seen = bench.seen()
    condition = bench.alarms.begin_acknowledgement(seen, ADA, "on my way")
    assert isinstance(condition, Condition)
    assert condition.event_id == b"1"
    assert bench.tell(is_acked=True, user="gateway") == ["ACK"]
    assert bench.alarms.end_acknowledgement(seen, True, bench.now) == []
    assert (bench.entries[-1].user, bench.entries[-1].comment) == ("ada", "on my way")
    assert bench.row().acked_by == "ada"


def test_an_acknowledgement_whose_answer_comes_first() -> None:
    bench = Bench()
    bench.tell()
    seen = bench.seen()
    bench.alarms.begin_acknowledgement(seen, ADA, "")
    (entry,) = bench.alarms.end_acknowledgement(seen, True, bench.now)
    assert (entry.event, entry.user) == ("ACK", "ada")
    assert bench.tell(is_acked=True, user="gateway") == []


def test_a_refused_acknowledgement_changes_nothing() -> None:
    bench = Bench()
    bench.tell()
    seen = bench.seen()
    bench.alarms.begin_acknowledgement(seen, ADA, "")
    assert bench.alarms.end_acknowledgement(seen, False, bench.now) == []
    assert bench.row().state == "UNACK"
    assert bench.tell(is_acked=True, user="bob") == ["ACK"]
    assert bench.row().acked_by == "bob"


def test_one_that_was_raised_again_meanwhile_stays_open() -> None:
    bench = Bench()
    bench.tell()
    seen = bench.seen()
    bench.alarms.begin_acknowledgement(seen, ADA, "")
    bench.tell(is_active=False)
    bench.tell(event_id=b"2")
    assert bench.alarms.end_acknowledgement(seen, True, bench.now) == []
    assert bench.row().state == "UNACK"
    assert bench.alarms.begin_acknowledgement(seen, ADA, "") == "It was raised again since you saw it"


def test_only_one_person_at_a_time_acknowledges() -> None:
    bench = Bench()
    bench.tell()
    seen = bench.seen()
    bench.alarms.begin_acknowledgement(seen, ADA, "")
    assert bench.alarms.begin_acknowledgement(seen, Actor("bert"), "") == "It is being acknowledged by ada"
    (entry,) = bench.alarms.end_acknowledgement(seen, True, bench.now)
    assert entry.user == "ada"


def test_a_condition_that_needs_nothing_is_not_kept() -> None:
    bench = Bench()
    assert bench.tell(is_active=False, is_acked=True) == []
    bench.lost()
    assert bench.told(KEY) == []
    assert bench.states() == {}


def test_a_restored_alarm_whose_news_were_lost_stays_frozen() -> None:
    bench = Bench()
    bench.tell()
    again = Bench()
    again.alarms.restore(bench.entries, again.now)
    again.told()
    assert again.states() == {}


def test_a_restart_keeps_alarms_frozen_until_the_device_has_told() -> None:
    bench = Bench()
    bench.tell()
    bench.tell(id="i=2")
    again = Bench()
    again.clock = bench.clock
    newest = {entry.alarm: entry for entry in bench.entries}
    assert again.alarms.restore(newest.values(), again.now) == []
    assert again.states() == {KEY: "UNACK", "UA:i=2": "UNACK"}
    assert all(row.is_frozen for row in again.alarms.rows)
    assert again.row().occurrence == bench.row().occurrence
    words = "The device hasn't told of it since it was lost; try again when it has"
    assert again.alarms.begin_acknowledgement(again.seen(), ADA, "") == words
    assert again.tell() == []
    assert again.told(KEY) == ["RTN", "ACK"]
    assert again.states() == {KEY: "UNACK"}
    assert not again.row().is_frozen


def test_alarms_of_a_device_that_is_not_asked_any_more_are_removed() -> None:
    bench = Bench()
    bench.tell()
    (entry,) = DeviceAlarms({}, "new").restore(bench.entries, bench.now)
    assert (entry.event, entry.alarm, entry.to_state, entry.config) == ("REMOVED", KEY, "NORM", "new")


def test_only_what_was_asked_for_may_have_happened_long_ago() -> None:
    bench = Bench()
    hours_ago = bench.now.wall_us - 3 * 3600 * 1_000_000
    bench.tell(at_us=hours_ago, is_recalled=True)
    bench.tell(id="i=2", at_us=hours_ago)
    bench.tell(id="i=3", at_us=0, is_recalled=True)
    assert bench.row().active_us == hours_ago
    assert bench.row("UA:i=2").active_us == bench.row("UA:i=3").active_us == bench.now.wall_us


def test_normal_conditions_are_forgotten() -> None:
    bench = Bench()
    for number in range(1000):
        bench.tell(branch=f"i={number}")
        bench.tell(branch=f"i={number}", is_retained=False)
        bench.tell(branch=f"i={number}", is_retained=False)
    assert len(bench.alarms._alarms) == len(bench.alarms._book.standings) == 0


def handle(bench: Bench, act: AlarmAct) -> list[str]:
    request = AlarmRequest(act=act, seen=(bench.seen(),), comment="known", minutes=5.0)
    result, entries = bench.alarms.handle(request.seen[0], request, ADA, bench.now)
    assert result.is_done
    return bench._keep(entries)


def test_one_is_shelved_here_and_the_device_is_not_asked() -> None:
    bench = Bench()
    bench.tell()
    assert handle(bench, AlarmAct.SHELVE) == ["SHELVE"]
    assert bench.states() == {KEY: "SHLVD"}
    number = bench.alarms.number_of(KEY)
    assert number is not None
    assert bench.alarms.alarm(number).name == KEY
    assert bench.alarms.standing_of(number).aside.why == "known"
    bench.clock.advance(300)
    assert bench._keep(bench.alarms.pass_time(bench.now)) == ["UNSHELVE"]
    assert bench.states() == {KEY: "UNACK"}


def test_one_that_became_normal_on_the_shelf_is_forgotten_when_it_leaves_it() -> None:
    bench = Bench()
    bench.tell()
    handle(bench, AlarmAct.SHELVE)
    assert bench.tell(is_active=False, is_acked=True, is_retained=False) == ["RTN"]
    assert bench.states() == {KEY: "SHLVD"}
    assert handle(bench, AlarmAct.UNSHELVE) == ["UNSHELVE"]
    assert bench.alarms.number_of(KEY) is None
    bench.tell()
    handle(bench, AlarmAct.SHELVE)
    bench.tell(is_active=False, is_acked=True, is_retained=False)
    bench.clock.advance(300)
    assert bench._keep(bench.alarms.pass_time(bench.now)) == ["UNSHELVE"]
    assert bench.alarms.number_of(KEY) is None


def test_one_that_nobody_knows_is_not_handled() -> None:
    bench = Bench()
    bench.tell()
    seen = AlarmSeen("UA:other", 1, 1)
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="x", minutes=5.0)
    assert bench.alarms.handle(seen, request, ADA, bench.now)[0].message == "There is no alarm UA:other"


def test_the_mark_of_the_definitions_goes_into_every_later_entry() -> None:
    bench = Bench()
    bench.alarms.version = "v2"
    bench.tell()
    assert (bench.alarms.version, bench.entries[-1].config) == ("v2", "v2")


def test_what_the_device_had_acknowledged_is_so_when_it_leaves_the_shelf() -> None:
    bench = Bench()
    bench.tell()
    bench.tell(is_acked=True)
    assert bench.states() == {KEY: "ACKED"}
    handle(bench, AlarmAct.SHELVE)
    assert handle(bench, AlarmAct.UNSHELVE) == ["UNSHELVE", "ACK"]
    assert bench.states() == {KEY: "ACKED"}


def test_what_the_device_still_wants_acknowledged_stays_when_its_shelf_ends() -> None:
    bench = Bench()
    bench.tell()
    handle(bench, AlarmAct.SHELVE)
    bench.tell(is_active=False)
    bench.clock.advance(300)
    assert bench._keep(bench.alarms.pass_time(bench.now)) == ["UNSHELVE", "ALM", "RTN"]
    assert bench.states() == {KEY: "RTNUN"}
    seen = bench.seen()
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="x", minutes=5.0, is_one_shot=True)
    bench.tell(is_active=True, event_id=b"2")
    bench.alarms.handle(bench.seen(), request, ADA, bench.now)
    assert bench.tell(is_active=False, event_id=b"3") == ["RTN", "UNSHELVE", "ALM", "RTN"]


def test_what_was_not_heard_of_since_its_device_was_lost_only_leaves_the_shelf() -> None:
    bench = Bench()
    bench.tell()
    handle(bench, AlarmAct.SHELVE)
    bench.lost()
    assert handle(bench, AlarmAct.UNSHELVE) == ["UNSHELVE"]


def _late(before: Bench, blind: Bench) -> list[str]:
    """Let what was before be known only now; return what that leads to."""
    newest = {entry.alarm: entry for entry in before.entries}
    meanwhile = {
        entry.alarm: Counter(e.event for e in blind.entries if e.alarm == entry.alarm) for entry in blind.entries
    }
    return blind._keep(blind.alarms.restore(newest.values(), blind.now, meanwhile))


def test_what_is_known_late_is_put_together_and_the_device_has_the_last_word() -> None:
    before = Bench()
    before.tell()
    before.tell(is_acked=True)
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(before.seen(),), comment="known", minutes=60.0)
    before._keep(before.alarms.handle(before.seen(), request, ADA, before.now)[1])
    blind = Bench()
    blind.tell()
    assert blind.states() == {KEY: "UNACK"}
    assert _late(before, blind) == ["RECALL"]
    assert blind.states() == {KEY: "SHLVD"}
    assert (blind.row().aside_by, blind.row().count) == ("ada", 2)


def test_what_a_device_has_not_told_of_since_the_start_is_over_when_it_is_known_late() -> None:
    before = Bench()
    before.tell()
    before.tell(id="i=2")
    blind = Bench()
    blind.tell()
    blind.tell(is_active=False, is_acked=True, is_retained=False)
    assert blind.told() == []
    assert _late(before, blind) == ["RTN", "ACK"]  # of the second; the first is normal already
    assert blind.states() == {}


def test_what_is_known_late_of_a_device_that_has_not_told_all_stays_frozen() -> None:
    before = Bench()
    before.tell()
    blind = Bench()
    blind.told()
    blind.lost()
    assert _late(before, blind) == []
    assert blind.row().is_frozen
