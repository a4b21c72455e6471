"""The one model under all alarm screens: order, counts, signs, acknowledgement, and how often it follows."""

from pytestqt.qtbot import QtBot

from alarms.acknowledgement import AlarmSeen
from alarms.states import AlarmState
from hmi.alarms.glyph import GlyphLook
from hmi.alarms.model import AlarmModel
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.desk import Desk

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"


def _model(desk: Desk) -> AlarmModel:
    return desk.window.context.alarms


def _put(desk: Desk, *rows: tuple[str, AlarmState, int]) -> None:
    """Raise alarms: name, state, and how many seconds after the first."""
    plant = desk.station.plant
    made = [alarm(plant, name, state=state, active_us=at_s * 1_000_000) for name, state, at_s in rows]
    desk.station.put_alarms(made)
    desk.tick(5)


def test_rows_stand_by_state_then_priority_then_the_newest(desk: Desk) -> None:
    _put(
        desk,
        ("RPS.P1.TEMP.H", AlarmState.SHLVD, 9),
        ("TK1.LEVEL.L", AlarmState.ACKED, 8),
        (VIBRATION, AlarmState.UNACK, 1),
        ("RPS.P2.VIB.H", AlarmState.UNACK, 2),
        (TRIP, AlarmState.RTNUN, 7),
        (LEVEL, AlarmState.UNACK, 0),
    )
    names = [row.name for row in _model(desk).rows]
    assert names == [LEVEL, "RPS.P2.VIB.H", VIBRATION, TRIP, "TK1.LEVEL.L", "RPS.P1.TEMP.H"]
    assert [row.name for row in _model(desk).unacknowledged] == [LEVEL, TRIP, "RPS.P2.VIB.H", VIBRATION]


def test_what_is_put_aside_is_not_counted(desk: Desk) -> None:
    _put(
        desk,
        (TRIP, AlarmState.UNACK, 0),
        ("RPS.P2.FLT.state", AlarmState.RTNUN, 0),
        ("TK1.LEVEL.L", AlarmState.SHLVD, 0),
    )
    assert [_model(desk).present(priority) for priority in (1, 2, 3, 4)] == [0, 2, 0, 0]


def test_a_place_shows_its_most_urgent_alarm(desk: Desk) -> None:
    _put(desk, (TRIP, AlarmState.ACKED, 0), (VIBRATION, AlarmState.UNACK, 0), ("RPS.P1.TEMP.HH", AlarmState.SHLVD, 0))
    glyphs = _model(desk).glyphs
    assert (glyphs["RPS.P1"].priority, glyphs["RPS.P1"].look) == (3, GlyphLook.UNACKNOWLEDGED)
    assert (glyphs["RPS.P1.FLT"].priority, glyphs["RPS.P1.FLT"].look) == (2, GlyphLook.ACKNOWLEDGED)
    assert glyphs[_model(desk).rows[0].display] == glyphs["RPS.P1"]
    assert _model(desk).alarmed("RPS.P1.TEMP") == 0
    assert _model(desk).alarmed("RPS.P1.VIB") == 3


def test_a_flood_is_followed_four_times_a_second(desk: Desk) -> None:
    told: list[None] = []
    _model(desk).changed.connect(lambda: told.append(None))
    for at in range(20):
        desk.station.put_alarms(many_alarms(desk.station.plant, at + 1))
        desk.tick()
    assert 7 <= len(told) <= 10  # the ticker also ticks by itself
    assert len(_model(desk).rows) >= 18


def test_nothing_is_told_when_nothing_changed(desk: Desk) -> None:
    _put(desk, (TRIP, AlarmState.UNACK, 0))
    told: list[None] = []
    _model(desk).changed.connect(lambda: told.append(None))
    desk.tick(10)
    assert told == []


def test_an_acknowledgement_says_which_occurrence_was_seen(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, TRIP, occurrence=7)])
    desk.tick(5)
    _model(desk).acknowledge(_model(desk).rows)
    desk.settle()
    assert desk.station.acknowledged == [AlarmSeen(TRIP, 7, 2)]
    assert _model(desk).unacknowledged == ()


def test_an_acknowledgement_is_shown_as_on_its_way_and_sent_once(desk: Desk) -> None:
    _put(desk, (TRIP, AlarmState.UNACK, 0))
    (row,) = _model(desk).rows
    _model(desk).acknowledge([row])
    assert _model(desk).is_pending(row)
    _model(desk).acknowledge([row])
    desk.settle()
    assert not _model(desk).is_pending(row)
    assert len(desk.station.acknowledged) == 1


def test_what_needs_no_acknowledgement_is_not_sent(desk: Desk) -> None:
    _put(desk, (TRIP, AlarmState.ACKED, 0), ("TK1.LEVEL.L", AlarmState.SHLVD, 0))
    _model(desk).acknowledge(_model(desk).rows)
    desk.settle()
    assert desk.station.acknowledged == []


def test_a_refusal_is_told_in_words_across_the_window(desk: Desk, qtbot: QtBot) -> None:
    _put(desk, (TRIP, AlarmState.UNACK, 0))
    desk.station.ack_refusals[TRIP] = "Already acknowledged by ada"
    qtbot.waitUntil(lambda: desk.window.banner.slots[0].is_settled)
    desk.window.acknowledge_first()
    desk.settle()
    assert f"Not acknowledged: {TRIP}: Already acknowledged by ada" in desk.texts()
    assert len(_model(desk).unacknowledged) == 1


def test_many_refusals_become_one_sentence(desk: Desk) -> None:
    rows = many_alarms(desk.station.plant, 10)
    desk.station.put_alarms(rows)
    desk.station.ack_refusals = {row.name: "no" for row in rows}
    desk.tick(5)
    said: list[str] = []
    _model(desk).said.connect(said.append)
    _model(desk).acknowledge(_model(desk).rows)
    desk.settle()
    assert len(said) == 1
    assert said[0].endswith("and 7 more")


def test_an_alarm_raised_again_meanwhile_stays_unacknowledged(desk: Desk) -> None:
    _put(desk, (TRIP, AlarmState.UNACK, 0))
    seen = _model(desk).rows
    desk.station.put_alarms([alarm(desk.station.plant, TRIP, occurrence=2)])
    _model(desk).acknowledge(seen)
    desk.settle()
    assert [row.occurrence for row in _model(desk).unacknowledged] == [2]
    assert any("raised again" in text for text in desk.texts())


def test_a_station_that_fails_leaves_nothing_on_its_way(desk: Desk) -> None:
    desk.is_problem_expected = True
    _put(desk, (TRIP, AlarmState.UNACK, 0))

    async def fail(*_: object) -> None:
        raise OSError("out of paper")

    desk.station.acknowledge = fail  # type: ignore[assignment,method-assign]
    _model(desk).acknowledge(_model(desk).rows)
    desk.settle()
    assert not _model(desk).is_pending(_model(desk).rows[0])
    assert "out of paper" in desk.window.problem
