"""What the screens say about tags and equipment: nothing unknown is ever shown as good."""

import math
from dataclasses import replace

import pytest

from hmi.live import Live, make_reading
from hmi.numbers import DASH
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from plant_models.tag_table import Sample
from tests.fakes.drawn_plant import drawn_plant, drawn_station
from tests.fakes.station import FakeStation

FLOW = Tag(name="FLOW", unit="m³/h", decimals=1)


def _sample(value: float, quality: int = Quality.GOOD, text: str | None = None) -> Sample:
    return Sample(value, quality, 0, 0, text)


def _stall(station: FakeStation) -> None:
    station.health = replace(station.health, is_evaluated=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [(318.04, "318.0"), (18402551.4, "18\u2009402\u2009551.4"), (-0.5, "−0.5"), (-0.04, "0.0"), (0.0, "0.0")],
)
def test_a_good_value_has_fixed_decimals_thin_spaces_and_a_true_minus(value: float, text: str) -> None:
    reading = make_reading(FLOW, _sample(value), is_evaluated=True)
    assert (reading.text, reading.mark, reading.is_usable, reading.unit) == (text, "", True, "m³/h")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("quality", [Quality.GOOD, Quality.BAD_OUT_OF_RANGE, Quality.BAD_WAITING_FOR_INITIAL_DATA])
def test_what_is_no_number_is_a_dash_and_never_usable(value: float, quality: int) -> None:
    reading = make_reading(FLOW, _sample(value, quality), is_evaluated=True)
    assert (reading.text, reading.mark, reading.is_usable) == (DASH, "*", False)
    assert math.isnan(reading.value)


@pytest.mark.parametrize(
    ("quality", "word"),
    [
        (Quality.BAD_NO_COMMUNICATION, "no communication"),
        (Quality.UNCERTAIN_LAST_USABLE, "last usable value"),
        (Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED, "outside the range"),
        (0xC000, "bad"),
    ],
)
def test_a_value_that_is_not_good_is_marked_with_its_reason(quality: int, word: str) -> None:
    reading = make_reading(FLOW, _sample(5.0, quality), is_evaluated=True)
    assert (reading.text, reading.mark, reading.word, reading.is_usable) == ("5.0", "?", word, False)


def test_a_reading_is_spoken_with_its_mark_and_the_reason() -> None:
    assert make_reading(FLOW, _sample(5.0), is_evaluated=True).spoken == "5.0 m³/h"
    bad = make_reading(FLOW, _sample(5.0, Quality.BAD_TIMEOUT), is_evaluated=True)
    assert bad.spoken == "? 5.0 m³/h (time-out)"


def test_a_value_entered_by_hand_is_usable_and_says_so() -> None:
    reading = make_reading(FLOW, _sample(5.0, Quality.GOOD_LOCAL_OVERRIDE), is_evaluated=True)
    assert (reading.mark, reading.is_usable) == ("M", True)


def test_states_are_words_and_an_unknown_code_is_not_usable() -> None:
    mode = Tag(name="MODE", type=DataType.U16, states=("Off", "Manual", "Auto"))
    assert make_reading(mode, _sample(2.0), is_evaluated=True).text == "Auto"
    for code in (7.0, -1.0, 0.5):
        reading = make_reading(mode, _sample(code), is_evaluated=True)
        assert (reading.mark, reading.is_usable, reading.word) == ("?", False, "unknown state")


def test_a_text_that_never_came_is_a_dash() -> None:
    note = Tag(name="NOTE", type=DataType.TEXT)
    assert make_reading(note, _sample(1.0, text="Rotates at 06:00"), is_evaluated=True).text == "Rotates at 06:00"
    assert make_reading(note, _sample(math.nan, Quality.BAD), is_evaluated=True).text == DASH


def test_nothing_is_shown_as_good_while_the_station_does_not_evaluate() -> None:
    station = drawn_station()
    _stall(station)
    live = Live(station)
    for tag in station.plant.tags:
        reading = live.reading(tag.name)
        assert (reading.is_usable, reading.word, reading.mark) == (False, "not evaluated", "?")
    for equipment in station.plant.equipment:
        assert live.condition(equipment).look == "unknown"


def test_a_tag_that_does_not_exist_reads_as_none() -> None:
    reading = Live(drawn_station()).reading("NO.SUCH")
    assert (reading.text, reading.is_usable, reading.word) == (DASH, False, "configuration error")


def test_equipment_takes_word_look_mode_and_duty_from_its_rules() -> None:
    station = drawn_station()
    live = Live(station)
    assert live.condition("P1").look == "running"
    assert (live.condition("P1").word, live.condition("P1").detail) == ("Running", "Auto, duty 1")
    station.put({"P1.RUN": 0.0})
    assert (live.condition("P1").word, live.condition("P1").look) == ("Standby", "stopped")
    station.put({"P1.FLT": 1.0})
    assert (live.condition("P1").word, live.condition("P1").look) == ("Tripped", "fault")


def test_a_rule_whose_input_is_bad_ends_the_search() -> None:
    """A pump of which it isn't known whether it tripped must not be shown as running."""
    station = drawn_station()
    station.put({"P1.FLT": 0.0}, Quality.BAD_NO_COMMUNICATION)
    condition = Live(station).condition("P1")
    assert (condition.word, condition.look) == ("No communication", "bad")


def test_equipment_never_heard_of_is_unknown() -> None:
    live = Live(FakeStation(drawn_plant()))
    assert live.condition("P1").look == "unknown"
    assert live.condition("P1").word == "Waiting for the first value"


def test_equipment_without_states_works_as_long_as_its_measurement_is_good() -> None:
    station = drawn_station()
    live = Live(station)
    assert live.condition("TK").look == "running"
    station.put({"TK.LEVEL": 60.0}, Quality.BAD_SENSOR_FAILURE)
    assert (live.condition("TK").look, live.condition("TK").word) == ("bad", "Sensor fault")


def test_mode_and_duty_that_are_not_known_are_marked() -> None:
    station = drawn_station()
    station.put({"P1.MODE": 2.0}, Quality.UNCERTAIN_LAST_USABLE)
    assert Live(station).condition("P1").detail == "Mode ?, duty 1"


def test_a_condition_depends_on_the_rows_of_its_rules_mode_and_duty() -> None:
    station = drawn_station()
    names = {station.plant.tags[row].name for row in Live(station).rows("P1")}
    assert names == {"P1.FLT", "P1.RUN", "P1.MODE", "P1.DUTY", "P1.FLOW"}
