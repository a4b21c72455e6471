"""A better setting for each bad actor of a report: asked one after the other once the report is shown. GUI thread.

Each takes up to a second of a worker's time, since it tests the last 30 days; of a formula some seconds.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from alarms.kpi.actors import BadActor
from alarms.kpi.report import AlarmReport
from database.errors import DatabaseError
from hmi.i18n import tr
from station.protocol import Station

MOST: Final = 10


def bad_actors(report: AlarmReport) -> tuple[str, ...]:
    """Return the alarms to ask for, the worst first; those that came once or twice only are none."""
    lists = (*report.chattering, *report.fleeting, *(actor for actor in report.top if actor.count > 2))
    return tuple(dict.fromkeys(actor.alarm for actor in lists))[:MOST]


async def proposal_for(station: Station, alarm: str) -> str:
    """Return in words what is proposed, "" if nothing is or nobody knows the alarm."""
    try:
        found = await station.propose(alarm)
    except (DatabaseError, KeyError, ValueError):
        return ""
    return "" if found.definition is None else tr(found.words)


def with_proposals(report: AlarmReport, proposals: Mapping[str, str]) -> AlarmReport:
    """Return a report whose bad actors have what is proposed for them."""

    def told(actors: tuple[BadActor, ...]) -> tuple[BadActor, ...]:
        return tuple(replace(actor, proposal=proposals.get(actor.alarm) or actor.proposal) for actor in actors)

    return replace(report, top=told(report.top), chattering=told(report.chattering), fleeting=told(report.fleeting))
