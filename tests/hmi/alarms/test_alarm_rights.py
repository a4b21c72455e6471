"""Who may put which alarm aside, before anybody tries."""

from dataclasses import replace

import pytest

from alarms.definitions import alarms_of
from hmi.alarms.rights import class_of, may_configure, service_refusal, shelve_refusal
from hmi.alarms.spans import span_text, typed_minutes
from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import STANDARD_RULES, AlarmPhilosophy, ClassRules
from station.session import Session
from tests.fakes.alarms import alarm
from tests.fakes.desk import demo_plant
from tests.fakes.station import FakeStation

NAME = "RPS.P1.VIB.H"


def _session(*roles: str) -> Session:
    return Session(user="mo", roles=frozenset(roles), seat="desk-1", is_logged_on=True)


def _station(rules: ClassRules, urgent: str = "supervisor") -> FakeStation:
    philosophy = AlarmPhilosophy(urgent_shelve_role=urgent, rules={**STANDARD_RULES, AlarmClass.PROCESS: rules})
    return FakeStation(replace(demo_plant(), philosophy=philosophy))


@pytest.mark.parametrize(
    ("role", "priority", "least", "urgent", "may_shelve"),
    [
        ("operator", 3, "operator", "supervisor", True),
        ("operator", 1, "operator", "supervisor", False),
        ("supervisor", 1, "operator", "supervisor", True),
        ("supervisor", 1, "engineer", "supervisor", False),
        ("viewer", 3, "operator", "supervisor", False),
        ("engineer", 1, "operator", "nobody", False),
        ("operator", 2, "viewer", "supervisor", True),
        ("administrator", 3, "nobody", "supervisor", False),
    ],
)
def test_the_stricter_of_class_and_priority_counts(
    role: str, priority: int, least: str, urgent: str, may_shelve: bool
) -> None:
    station = _station(ClassRules(shelve_role=least), urgent)
    row = alarm(station.plant, NAME, priority=priority)
    assert (not shelve_refusal(station, row, _session(role))) is may_shelve


def test_service_has_a_role_of_its_own() -> None:
    station = _station(ClassRules(service_role="engineer"))
    row = alarm(station.plant, NAME)
    assert service_refusal(station, row, _session("engineer")) == ""
    words = "Only an engineer may take it out of service"
    assert service_refusal(station, row, _session("supervisor")) == words
    closed = _station(ClassRules(service_role="nobody"))
    assert service_refusal(closed, row, _session("administrator")) == "Alarms of the class Process stay in service"


def test_somebody_without_any_role_may_nothing() -> None:
    station = _station(ClassRules(shelve_role="viewer"))
    assert shelve_refusal(station, alarm(station.plant, NAME), _session()) == "Only an operator may shelve it"
    assert may_configure(_session("engineer"))


def test_the_class_comes_from_the_row_or_the_definition() -> None:
    station = FakeStation(demo_plant())
    row = alarm(station.plant, NAME)
    assert class_of(station, row) is None
    made = next(each for each in alarms_of(station.plant) if each.name == NAME)
    definition = replace(made.definition, alarm_class=AlarmClass.PERMIT)
    station.configured = {NAME: replace(made, definition=definition)}
    station.put_alarms([row])
    assert class_of(station, row) is AlarmClass.PERMIT
    assert class_of(station, replace(row, alarm_class=AlarmClass.SAFETY)) is AlarmClass.SAFETY


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (45, "45 min"), (480, "8 h"), (90, "1 h 30 min"), (1440, "1 day"), (3120, "2 days 4 h")],
)
def test_lengths_are_read_as_people_say_them(minutes: float, words: str) -> None:
    assert span_text(minutes) == words


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90.0), (" 1:30 ", 90.0), ("1:75", None), ("0", None), ("-5", None)]
)
def test_lengths_are_typed_as_minutes_or_hours_and_minutes(text: str, minutes: float | None) -> None:
    assert typed_minutes(text) == minutes
