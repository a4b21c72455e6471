"""The lists below the figures: what their columns are, and how a report becomes their rows. Pure, GUI thread."""

from typing import Final

from alarms.kpi.actors import BadActor
from alarms.kpi.report import AlarmReport
from alarms.kpi.standing import Aside, Stale
from hmi.alarm_kpis.rows_table import Line
from hmi.alarm_kpis.words import ASIDE_STATES, day_and_time, share_text
from hmi.alarms.words import age_text
from hmi.context import Context
from hmi.history.words import duration_text
from hmi.i18n import tr
from hmi.numbers import DASH, number_text
from hmi.table_column import Column
from plant_models.message import message

TOP_COLUMNS: Final = (
    Column(message("Alarm"), 160, is_condensed=True),
    Column(message("Text"), 0),
    Column(message(""), 60),
    Column(message("Count"), 64, is_number=True),
    Column(message("So far"), 70, is_number=True, is_quiet=True),
)
FLOOD_COLUMNS: Final = (
    Column(message("Began"), 144),
    Column(message("Lasted"), 84, is_number=True),
    Column(message("Count"), 70, is_number=True),
    Column(message("Peak"), 62, is_number=True),
    Column(message("First alarm"), 0, is_condensed=True),
)
CHATTER_COLUMNS: Final = (
    Column(message("Alarm"), 170, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Count"), 72, is_number=True),
    Column(message("At worst"), 116, is_number=True, is_quiet=True),
)
FLEETING_COLUMNS: Final = (
    Column(message("Alarm"), 170, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Count"), 72, is_number=True),
    Column(message("Shortest"), 84, is_number=True, is_quiet=True),
)
STALE_COLUMNS: Final = (
    Column(message("Alarm"), 170, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Since"), 144),
    Column(message("For"), 96, is_number=True, is_quiet=True),
)
ASIDE_COLUMNS: Final = (
    Column(message("Alarm"), 152, is_condensed=True),
    Column(message("State"), 108),
    Column(message("By"), 0, is_quiet=True),
    Column(message("Until"), 200),
)


def top_lines(report: AlarmReport) -> list[Line]:
    """Return the most frequent alarms, with the share that they and those above make of all."""
    most = max((actor.count for actor in report.top), default=1)
    so_far, lines = 0.0, []
    for actor in report.top:
        so_far += actor.share
        cells = (actor.alarm, tr(actor.text), "", number_text(actor.count, 0), share_text(so_far))
        lines.append(Line(cells, actor, _proposal(actor), actor.count / most))
    return lines


def flood_rows(context: Context, report: AlarmReport) -> list[Line]:
    """Return the floods, the newest first."""
    return [
        Line(
            (
                day_and_time(flood.start_us, context.zone),
                duration_text((flood.end_us - flood.start_us) / 1e6),
                number_text(flood.count, 0),
                number_text(flood.peak, 0),
                flood.first,
            ),
            flood,
        )
        for flood in reversed(report.floods)
    ]


def chatter_lines(context: Context, report: AlarmReport) -> list[Line]:
    """Return the chattering alarms, the worst first."""
    seconds = duration_text(context.plant.philosophy.targets.chatter_s)
    return [
        Line(
            (
                actor.alarm,
                tr(actor.text),
                number_text(actor.count, 0),
                tr("{count} in {time}").format(count=number_text(actor.worst, 0), time=seconds),
            ),
            actor,
            _proposal(actor),
        )
        for actor in report.chattering
    ]


def fleeting_lines(report: AlarmReport) -> list[Line]:
    """Return the fleeting alarms, the most frequent first."""
    return [
        Line(
            (actor.alarm, tr(actor.text), number_text(actor.count, 0), duration_text(actor.shortest_s)),
            actor,
            _proposal(actor),
        )
        for actor in report.fleeting
    ]


def stale_lines(context: Context, report: AlarmReport) -> list[Line]:
    """Return the stale alarms, those that still stand first."""
    return [_stale_line(context, each, report.query.end_us) for each in report.stale]


def aside_lines(context: Context, report: AlarmReport) -> list[Line]:
    """Return what is aside at the end of the report, overdue ones first."""
    return [_aside_line(context, each) for each in report.aside]


def _stale_line(context: Context, each: Stale, end_us: int) -> Line:
    lasted = age_text(each.since_us, end_us if each.until_us is None else each.until_us)
    return Line((each.alarm, tr(each.text), day_and_time(each.since_us, context.zone), lasted), each)


def _aside_line(context: Context, each: Aside) -> Line:
    until = DASH if each.until_us is None else day_and_time(each.until_us, context.zone)
    if each.is_overdue:
        until = tr("{time}, overdue").format(time=until)
    return Line((each.alarm, tr(ASIDE_STATES[each.state]), each.by or tr("design"), until), each)


def _proposal(actor: BadActor) -> str:
    return tr("Proposed: {setting}").format(setting=tr(actor.proposal)) if actor.proposal else ""
