"""What would make bad actors better: asked for the worst, one after the other, and shown with them."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from alarms.kpi.actors import BadActor
from analytics.proposals import Proposal
from database.errors import DatabaseError
from hmi.alarm_kpis.proposals import MOST, bad_actors, proposal_for, with_proposals
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk
from tests.fakes.kpi_month import month_reports
from tests.hmi.alarm_kpis.test_alarm_kpis_page import NOW_US, _ask


def actor(number: int, count: int = 9) -> BadActor:
    name = f"T{number}"
    return BadActor(alarm=f"{name}.H", tag=name, text="Too high", area="", priority=3, count=count, last_us=0)


def _report(desk: Desk) -> object:
    desk.window.show_alarm_kpis()
    page = desk.window.area.alarm_kpis_page
    assert page is not None
    _ask(desk, page)
    return page.report


def test_the_worst_are_asked_for_once_each_and_those_that_hardly_came_are_not(qtbot: QtBot) -> None:
    del qtbot
    with open_desk(clock=ManualClock(NOW_US)) as desk:
        desk.station.make_report = month_reports(desk.station.plant, NOW_US, "")
        report = _report(desk)
        few = replace(report, chattering=(actor(1),), fleeting=(actor(1), actor(2)), top=(actor(3), actor(4, 2)))
        assert bad_actors(few) == ("T1.H", "T2.H", "T3.H")
        many = replace(few, top=tuple(actor(number) for number in range(30)))
        assert len(bad_actors(many)) == MOST
        told = with_proposals(few, {"T1.H": "delay 20 s"})
        assert [each.proposal for each in (*told.chattering, *told.fleeting, *told.top)] == [
            "delay 20 s", "delay 20 s", "", "", "",
        ]  # fmt: skip


def test_what_can_not_be_asked_for_has_no_proposal(qtbot: QtBot) -> None:
    del qtbot
    with open_desk() as desk:
        station = desk.station
        name = next(iter(station.alarms.configured))
        assert desk.run(proposal_for(station, "UA:ns=2;s=X")) == ""
        station.proposals[name] = Proposal("Nothing helps")
        assert desk.run(proposal_for(station, name)) == ""
        station.proposals[name] = Proposal("delay 20 s", station.alarms.configured[name].definition)
        assert desk.run(proposal_for(station, name)) == "delay 20 s"

        async def broken(alarm: str) -> Proposal:
            raise DatabaseError("{file} is damaged", file=alarm)

        station.propose = broken  # type: ignore[method-assign]
        assert desk.run(proposal_for(station, name)) == ""


def test_the_page_shows_what_is_proposed_and_leaves_off_when_something_else_is_chosen(qtbot: QtBot) -> None:
    del qtbot
    with open_desk(clock=ManualClock(NOW_US)) as desk:
        desk.station.make_report = month_reports(desk.station.plant, NOW_US, "")
        report = _report(desk)
        (first, *_) = bad_actors(report)
        definition = desk.station.alarms.configured[first].definition
        desk.station.proposals[first] = Proposal("on-delay 20 s: 3 instead of 212 alarms", definition)
        page = desk.window.area.alarm_kpis_page
        assert page is not None
        page.ask()
        _ask(desk, page)  # the first is of no use any more
        assert page.report is not None
        told = {each.alarm: each.proposal for each in (*page.report.chattering, *page.report.top)}
        assert told[first] == "on-delay 20 s: 3 instead of 212 alarms"
