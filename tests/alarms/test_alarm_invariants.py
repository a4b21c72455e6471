"""Random lives of alarms: whatever happens, no invariant breaks, and the journal alone tells how the alarms stand."""

import random

import pytest

from alarms.acknowledgement import AlarmSeen
from alarms.entry import JournalEntry
from alarms.handling import AlarmAct, AlarmRequest
from alarms.recalling import RECALL, UNREAD
from alarms.standing import restored
from alarms.states import Bits, state_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.quality import Quality
from tests.fakes.alarm_bench import ADA, AlarmBench, high

DEFINITIONS = [
    high(0),
    high(0, kind=AlarmKind.HIGH_HIGH, limit=20.0, priority=1),
    high(1, latching=True, deadband=2.0, on_delay_s=3.0),
    high(1, kind=AlarmKind.LOW, limit=-5.0, off_delay_s=5.0, realarm_min=0.5),
    high(2, first_out="trip"),
    high(3, first_out="trip", latching=True, realarm_min=1.0),
]
N_TAGS = 4
STEPS = 400
_QUALITIES = (Quality.GOOD,) * 8 + (Quality.BAD, Quality.UNCERTAIN_LAST_USABLE)


@pytest.mark.parametrize("seed", range(25))
def test_random_lives_break_no_invariant_and_the_journal_replays_to_the_live_state(seed: int) -> None:
    chance = random.Random(seed)
    bench, told = AlarmBench(DEFINITIONS, N_TAGS), 0
    for _ in range(STEPS):
        bench = _happen(chance, bench)
        check_steps(bench.entries[told:], bench.entries[:told])
        told = len(bench.entries)
        check_live_state(bench)
    assert told > STEPS / 4


@pytest.mark.parametrize("seed", range(40))
def test_what_was_before_a_start_may_be_known_late_and_the_rows_stay_a_chain(seed: int) -> None:
    """Random lives, a start at which the journal can't be read, a life without it, and then it is read."""
    chance = random.Random(seed)
    bench = AlarmBench(DEFINITIONS, N_TAGS)
    for _ in range(60):
        bench = _happen(chance, bench)
    before = bench.entries
    blind = bench.restarted_blind(DEFINITIONS)
    for _ in range(chance.randrange(30)):
        blind = _live(chance, blind, chance.randrange(9))
    bench = blind.recalled(DEFINITIONS, before)
    check_steps(bench.entries, [], is_blind=True)
    check_live_state(bench)
    told = len(bench.entries)
    assert bench.entries[: len(before)] == before
    for _ in range(60):
        bench = _happen(chance, bench)
        check_steps(bench.entries[told:], bench.entries[:told])
        told = len(bench.entries)
        check_live_state(bench)


def _happen(chance: random.Random, bench: AlarmBench) -> AlarmBench:
    """Let something happen that people, the plant, the clock or the power can do."""
    return _live(chance, bench, chance.randrange(10))


def _live(chance: random.Random, bench: AlarmBench, what: int) -> AlarmBench:
    match what:
        case 0 | 1 | 2 | 3:
            tag, value = chance.randrange(N_TAGS), chance.uniform(-15.0, 30.0)
            bench.put((tag, value), quality=chance.choice(_QUALITIES))
        case 4:
            bench.put(*((tag, chance.uniform(-15.0, 30.0)) for tag in range(N_TAGS)))
        case 5 | 6:
            bench.wait(chance.choice((0.5, 2.0, 10.0, 60.0, 1_000.0)))
        case 7:
            rows = list(bench.rows)
            if rows:
                bench.acknowledge(chance.choice(rows))
        case 8:
            act = chance.choice(list(AlarmAct))
            name = chance.choice(DEFINITIONS).name
            bench.do(name, act, minutes=chance.uniform(1.0, 20.0), is_one_shot=chance.random() < 0.3)
        case _ if chance.random() < 0.3:
            entries = bench.entries
            bench = bench.restarted(DEFINITIONS)
            assert bench.entries == []  # a restart alone changes nothing
            bench.entries = entries
        case _:
            bench.clock.step_wall(chance.choice((-3_600.0, 3_600.0)))
    return bench


def check_steps(new: list[JournalEntry], before: list[JournalEntry], is_blind: bool = False) -> None:
    """Each entry begins where the one before it of the same alarm ended; what only people may do, people did.

    While a station is blind for what was, and its clock was set back, it can't know greater numbers of occurrences.
    """
    newest = {entry.alarm: entry for entry in before}
    for entry in new:
        last = newest.get(entry.alarm)
        bits, was = Bits(entry.bits), Bits(last.bits) if last else Bits.ACKED
        assert entry.from_state == state_of(was).value, entry
        assert entry.to_state == state_of(bits).value, entry
        is_told = entry.event not in (UNREAD, RECALL)
        is_visible = is_told and not (was | bits) & (Bits.SHELVED | Bits.SUPPRESSED | Bits.OUT_OF_SERVICE)
        if bits & Bits.ACKED and not was & Bits.ACKED and is_visible:
            assert entry.event == "ACK"
            assert entry.user == "ada"
        if is_told and was & Bits.LATCHED and not bits & Bits.LATCHED:
            assert entry.event == "RESET"
        if entry.event == "ALM" and not is_blind:
            assert last is None or entry.occurrence > last.occurrence
        newest[entry.alarm] = entry


def check_live_state(bench: AlarmBench) -> None:
    """The newest entry of each alarm says how it stands; conditions and states agree; nothing active shows normal."""
    newest = {entry.alarm: entry for entry in bench.entries}
    rows = {row.name: row for row in bench.rows}
    for number, alarm in enumerate(bench.engine.alarms):
        standing = bench.engine.standing_of(number)
        if alarm.name in newest:
            again = restored(newest[alarm.name], alarm.unit)
            again.changed_us, again.raised_ns = standing.changed_us, standing.raised_ns
            again.is_chattering = standing.is_chattering
            assert again == standing, alarm.name
        else:
            assert standing.bits == Bits.ACKED
        is_active = bool(bench.engine._conditions.active[number])
        assert is_active == bool(standing.bits & Bits.ACTIVE), alarm.name
        assert (alarm.name in rows) == (standing.state.value != "NORM"), alarm.name


def test_a_stale_request_never_changes_anything() -> None:
    bench = AlarmBench([AlarmDefinition(tag="T0", kind=AlarmKind.HIGH, limit=10.0, text="Too high")])
    bench.put((0, 11))
    told = len(bench.entries)
    for act in AlarmAct:
        if act is not AlarmAct.COMMENT:
            seen = AlarmSeen("T0.H", 1, 3)
            request = AlarmRequest(act=act, seen=(seen,), comment="x", minutes=5.0)
            result, entries = bench.engine.handle(seen, request, ADA, bench.now)
            assert (result.is_done, entries) == (False, [])
    assert len(bench.entries) == told
