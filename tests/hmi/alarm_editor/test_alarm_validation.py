"""What is wrong with the settings of an alarm, said while they are typed."""

import pytest

from hmi.alarm_editor.validation import remarks
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from tests.fakes.desk import Desk

WHOLE = {"text": "High", "consequence": "c", "action": "a", "respond_min": 60.0}


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"kind": AlarmKind.HIGH}, "limit", "Type a limit."),
        ({"kind": AlarmKind.STATE}, "limit", "Choose the abnormal state."),
        ({"limit": 5.0, "limit_tag": "RPS.P2.VIB"}, "limit_tag", "There is a limit and a tag for it; keep one"),
        ({"limit": 5.0, "kind": AlarmKind.RATE, "window_s": 60.0}, "", ""),
        ({"kind": AlarmKind.RATE, "limit": 0.0, "window_s": 60.0}, "limit", "A rate is above 0 for rising"),
        ({"kind": AlarmKind.STUCK, "limit": 0.0, "window_s": 60.0}, "limit", "This limit must be above 0."),
        ({"limit": 500.0}, "limit", "The tag ranges from 0 to 12 mm/s; a limit outside never holds."),
        ({"limit": 5.0, "consequence_at": 4.0}, "consequence_at", "The consequence must lie above the limit."),
        (
            {"kind": AlarmKind.LOW, "limit": 1.0, "consequence_at": 4.0},
            "consequence_at",
            "The consequence must lie below the limit.",
        ),
        ({"kind": AlarmKind.DEVIATION, "limit": 1.0}, "reference", "Name the tag that it is compared with."),
        ({"kind": AlarmKind.CALCULATED}, "expression", "Write the formula that raises it."),
        ({"kind": AlarmKind.NO_UPDATE}, "window_s", "Say over how many seconds."),
        ({"kind": AlarmKind.NO_UPDATE, "window_s": 1.0}, "window_s", "The tag is read every 1 s; a longer time"),
        ({"limit": 5.0, "count": 1}, "count", "Once is what the delay says"),
        ({"limit": 5.0, "count": 3}, "count_s", "Say within how many seconds."),
        ({"limit": 5.0, "count_s": 3.0}, "count", "Say how often, 2 or more."),
        ({"limit": 7.5, "id": "x"}, "limit", "It must lie below HH, 7.1\u00a0mm/s."),
        ({"kind": AlarmKind.HIGH_HIGH, "limit": 4.0, "id": "x"}, "limit", "It must lie above H, 4.5\u00a0mm/s."),
        ({"limit_tag": "NOPE"}, "limit_tag", "There is no tag NOPE."),
        ({"limit_tag": "RPS.P1.FLOW"}, "limit_tag", "RPS.P1.FLOW is in m³/h, not in mm/s."),
        ({"limit": 5.0, "suppress_when": "{RPS.P1.RUN} =="}, "suppress_when", "This is no formula: "),
        ({"limit": 5.0, "suppress_when": "{NOPE} == 1"}, "suppress_when", "There is no tag NOPE."),
        ({"limit": 5.0, "deadband": -1.0}, "deadband", "It can't be below 0."),
        ({"limit": 5.0, "realarm_min": 0.0}, "realarm_min", "Leave it empty for never."),
        ({"limit": 5.0, "on_delay_s": 400.0}, "on_delay_s", "take 401 s; of 1 h to respond they may take 10 %, 360 s."),
        ({"limit": 5.0, "approved_on": "yesterday"}, "approved_on", "Write the date like 2026-11-29."),
        (
            {"limit": 5.0, "approved_on": "2026-11-29", "review_due": "2026-11-28"},
            "review_due",
            "The review is due before the approval.",
        ),
    ],
)
def test_each_mistake_stands_at_its_field(engineer: Desk, settings: dict[str, object], field: str, words: str) -> None:
    whole = {"tag": "RPS.P1.VIB", "kind": AlarmKind.HIGH, **WHOLE, **settings}
    found = remarks(engineer.window.context, AlarmDefinition(**whole))  # type: ignore[arg-type]
    if not field:
        assert found == ()
        return
    assert any(each.field == field and words in each.words and each.is_problem for each in found), found


def test_a_text_cant_hold_a_limit(engineer: Desk) -> None:
    text = next(tag.name for tag in engineer.station.table.tags if tag.is_text)
    definition = AlarmDefinition(tag="RPS.P1.VIB", kind=AlarmKind.HIGH, limit_tag=text, **WHOLE)  # type: ignore[arg-type]
    found = remarks(engineer.window.context, definition)
    assert [each.words for each in found] == [f"{text} is a text."]


def test_what_isnt_rationalised_is_advice_and_comes_last(engineer: Desk) -> None:
    definition = AlarmDefinition(tag="RPS.P1.VIB", kind=AlarmKind.HIGH, deadband=-1.0)
    found = remarks(engineer.window.context, definition)
    assert [each.is_problem for each in found] == [True, True, False]
    words = "Not rationalised yet, it lacks: text, consequence, action, time to respond."
    assert found[-1].words == words


def test_every_alarm_of_the_demo_plant_is_right_as_it_stands(engineer: Desk) -> None:
    for each in engineer.station.configured.values():
        found = [remark for remark in remarks(engineer.window.context, each.definition) if remark.is_problem]
        assert found == [], (each.name, found)
