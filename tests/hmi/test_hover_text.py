"""What the hover card says."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hmi.displays.hover_text import equipment_text, tag_text
from hmi.live import Live
from plant_models.batch import failure
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.drawn_plant import NORMAL, drawn_plant
from tests.fakes.station import FakeStation

ZONE = ZoneInfo("UTC")


def _station() -> FakeStation:
    station = FakeStation(drawn_plant(), ManualClock())
    station.put(NORMAL)
    return station


def test_a_tag_is_told_with_value_raw_time_source_quality_range_and_limits() -> None:
    content = tag_text(Live(_station()), "P1.FLOW", ZONE)
    assert (content.title, content.text) == ("P1.FLOW", "Flow of pump 1")
    assert content.rows == (
        ("Value", "318 m³/h"),
        ("Raw", "41\u2009680"),
        ("Time", "2023-11-14 22:13:20"),
        ("Source", "PLC hr:0"),
        ("Quality", "Good"),
        ("Range", "0 to 500"),
        ("Limit HH", "450"),
        ("Limit H", "400"),
        ("Limit L", "100"),
    )


def test_a_bad_tag_keeps_its_mark_and_says_why() -> None:
    station = _station()
    station.put({"P1.FLOW": 318.0}, Quality.BAD_SENSOR_FAILURE)
    rows = dict(tag_text(Live(station), "P1.FLOW", ZONE).rows)
    assert (rows["Value"], rows["Quality"]) == ("? 318 m³/h", "Sensor fault")


def test_a_value_that_nothing_confirms_any_more_says_how_old_it_is() -> None:
    clock = ManualClock()
    station = FakeStation(drawn_plant(), clock)
    station.put(NORMAL)
    row = station.table.index["P1.FLOW"]
    clock.advance(75.0)
    station.table.apply(failure([row], Quality.BAD_NO_COMMUNICATION, clock.wall_us(), clock.mono_ns()))
    rows = dict(tag_text(Live(station), "P1.FLOW", ZONE).rows)
    assert (rows["Value"], rows["Quality"], rows["Age"]) == ("? 318 m³/h", "No communication", "1 min")
    station.put({"P1.FLOW": 318.0})
    assert "Age" not in dict(tag_text(Live(station), "P1.FLOW", ZONE).rows)
    assert "Age" not in dict(tag_text(Live(FakeStation(drawn_plant())), "P1.FLOW", ZONE).rows)


def test_a_tag_never_heard_of_has_no_time_and_no_raw_value() -> None:
    rows = dict(tag_text(Live(FakeStation(drawn_plant())), "P1.FLOW", ZONE).rows)
    assert rows["Value"] == "* — m³/h"
    assert not {"Time", "Raw"} & set(rows)


def test_equipment_is_told_with_state_mode_measurements_time_and_the_worst_quality() -> None:
    station = _station()
    content = equipment_text(Live(station), "P1", ZONE)
    assert (content.title, content.text) == ("P1", "Pump one")
    assert dict(content.rows) == {
        "State": "Running",
        "Mode": "Auto, duty 1",
        "Flow": "318 m³/h",
        "Time": "2023-11-14 22:13:20",
        "Source": "PLC",
        "Quality": "Good",
    }
    station.put({"P1.FLOW": 318.0}, Quality.BAD_NO_COMMUNICATION)
    assert dict(equipment_text(Live(station), "P1", ZONE).rows)["Quality"] == "No communication"


def test_nothing_is_told_as_good_while_the_station_does_not_evaluate() -> None:
    station = _station()
    station.health = replace(station.health, is_evaluated=False)
    for content in (equipment_text(Live(station), "P1", ZONE), tag_text(Live(station), "P1.FLOW", ZONE)):
        assert dict(content.rows)["Quality"] == "Not evaluated"


def test_what_does_not_exist_is_said_to() -> None:
    live = Live(_station())
    assert tag_text(live, "NO.SUCH", ZONE).text == "There is no such tag in the plant."
    assert equipment_text(live, "NO", ZONE).text == "There is no such equipment in the plant."
