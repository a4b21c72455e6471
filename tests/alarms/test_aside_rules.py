"""Who may put aside what, for how long and how many: every rule, with the words in which it refuses."""

from math import inf, nan

import pytest

from alarms.aside_rules import alarm_problem, has_role, request_problem
from alarms.definitions import Alarm
from alarms.handling import AlarmAct, AlarmRequest
from alarms.standing import Standing
from alarms.states import NORMAL, Bits
from plant_models.alarm_definition import AlarmClass, AlarmDefinition, AlarmKind
from plant_models.alarm_philosophy import AlarmPhilosophy

OPERATOR, SUPERVISOR, VIEWER = frozenset({"operator"}), frozenset({"supervisor"}), frozenset({"viewer"})
PHILOSOPHY = AlarmPhilosophy()


def request(act: AlarmAct = AlarmAct.SHELVE, **more: object) -> AlarmRequest:
    fields = {"seen": (), "comment": "why", "minutes": 60.0, "work_order": "WO 1", "review_us": 1}
    return AlarmRequest(act=act, **fields | more)


def problem(wanted: AlarmRequest, roles: frozenset[str] = OPERATOR, shelved: int = 0, **more: object) -> str:
    standing = Standing(**{name: more.pop(name) for name in ("bits", "shelvings") if name in more})
    definition = AlarmDefinition(**{"tag": "T0", "kind": AlarmKind.HIGH, "limit": 1.0} | more)
    return alarm_problem(wanted, Alarm(name="T0.H", definition=definition), standing, roles, shelved, PHILOSOPHY)


@pytest.mark.parametrize("act", [AlarmAct.SHELVE, AlarmAct.OUT_OF_SERVICE, AlarmAct.COMMENT])
def test_what_hides_or_says_something_needs_a_reason(act: AlarmAct) -> None:
    assert request_problem(request(act, comment="  "), OPERATOR, 0) == "It needs a reason"
    assert request_problem(request(act), OPERATOR, 0) == ""


@pytest.mark.parametrize("act", [AlarmAct.RESET, AlarmAct.UNSHELVE, AlarmAct.RETURN_TO_SERVICE])
def test_what_brings_back_needs_none(act: AlarmAct) -> None:
    assert request_problem(request(act, comment="", minutes=None, work_order="", review_us=None), OPERATOR, 0) == ""


@pytest.mark.parametrize("minutes", [None, 0.0, 0.9, -1.0, nan, inf])
def test_a_shelf_has_an_end(minutes: float | None) -> None:
    assert request_problem(request(minutes=minutes), OPERATOR, 0) == "Say for how many minutes, one at least"


def test_out_of_service_has_a_work_order_and_a_review() -> None:
    wanted = request(AlarmAct.OUT_OF_SERVICE, work_order=" ")
    assert request_problem(wanted, OPERATOR, 0) == "It needs the number of a work order"
    for review_us in (None, 0, -5, 2**63):
        wanted = request(AlarmAct.OUT_OF_SERVICE, review_us=review_us)
        problem = request_problem(wanted, OPERATOR, 0)
        assert problem == "It needs a date within five years at which it is to be reviewed"


def test_a_viewer_may_do_nothing() -> None:
    assert request_problem(request(AlarmAct.RESET), VIEWER, 0) == "Only an operator may do this"


def test_a_higher_role_may_what_a_lower_one_may() -> None:
    assert has_role(frozenset({"engineer"}), "operator")
    assert not has_role(OPERATOR, "supervisor")
    assert not has_role(frozenset({"administrator"}), "nobody")


def test_an_operator_shelves_for_a_shift_at_most() -> None:
    assert problem(request(minutes=480.0)) == ""
    assert problem(request(minutes=481.0)) == "It may be shelved for 480 minutes at most"


@pytest.mark.parametrize("alarm_class", [AlarmClass.SAFETY, AlarmClass.PERMIT])
def test_safety_and_permits_are_shelved_by_supervisors(alarm_class: AlarmClass) -> None:
    words = "Only the role supervisor or a higher one may"
    assert problem(request(), alarm_class=alarm_class) == words
    assert problem(request(), SUPERVISOR, alarm_class=alarm_class) == ""


def test_priority_1_is_shelved_by_supervisors() -> None:
    assert problem(request(), priority=1) == "Only the role supervisor or a higher one may"
    assert problem(request(), SUPERVISOR, priority=1) == ""


def test_security_is_put_aside_by_nobody() -> None:
    words = "Alarms of this class may not be put aside"
    for act in (AlarmAct.SHELVE, AlarmAct.OUT_OF_SERVICE):
        wanted = request(act)
        assert problem(wanted, frozenset({"administrator"}), alarm_class=AlarmClass.SECURITY) == words


def test_out_of_service_is_for_supervisors() -> None:
    wanted = request(AlarmAct.OUT_OF_SERVICE)
    assert problem(wanted) == "Only the role supervisor or a higher one may"
    assert problem(wanted, SUPERVISOR) == ""


def test_after_two_more_times_only_a_supervisor_shelves_again() -> None:
    assert problem(request(), shelvings=2) == ""
    assert problem(request(), shelvings=3) == "It was shelved 3 times already; only a supervisor may again"
    assert problem(request(), SUPERVISOR, shelvings=3) == ""


def test_the_shelf_is_full_but_what_lies_on_it_may_get_another_end() -> None:
    assert problem(request(), shelved=29) == ""
    assert problem(request(), shelved=30) == "30 alarms are shelved already, and no more may be"
    assert problem(request(), shelved=30, bits=NORMAL | Bits.SHELVED) == ""


@pytest.mark.parametrize("act", [AlarmAct.RESET, AlarmAct.UNSHELVE, AlarmAct.RETURN_TO_SERVICE, AlarmAct.COMMENT])
def test_bringing_back_is_never_refused_by_the_philosophy(act: AlarmAct) -> None:
    assert problem(request(act), alarm_class=AlarmClass.SECURITY) == ""
