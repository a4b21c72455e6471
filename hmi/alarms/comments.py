"""What people have said about alarms before, asked of the journal. GUI thread; nothing here waits for the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alarms.journal_query import JournalQuery, JournalRow
from alarms.snapshot import AlarmRow
from alarms.states import AlarmEvent
from database.errors import DatabaseError
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import words_of

SPAN_US: Final = 30 * 86_400_000_000
"""How far back is looked."""
_ROWS: Final = 200
_ASIDE: Final = frozenset({AlarmEvent.SHELVE.value, AlarmEvent.OUT_OF_SERVICE.value})
_MOST_REASONS: Final = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about an alarm, when (µs UTC), and with which event."""

    at_us: int
    user: str
    event: str
    words: str


async def recent_reasons(context: Context) -> tuple[str, ...]:
    """Return the reasons for which alarms were put aside lately, newest first; none while the journal can't be read."""
    start_us = context.clock.wall_us() - SPAN_US
    try:
        page = await context.station.journal(JournalQuery(start_us=start_us, events=_ASIDE, limit=_ROWS))
    except DatabaseError:
        return ()  # the dialog does without them; a bar tells of the journal
    reasons = dict.fromkeys(row.comment.strip() for row in page.rows if row.comment.strip())
    return tuple(reasons)[:_MOST_REASONS]


async def comments_on(context: Context, row: AlarmRow) -> tuple[tuple[Said, ...], str]:
    """Return what was said about an alarm in the last 30 days, newest first, and why that can't be read, if so."""
    try:
        page = await context.station.journal(about(row, context.clock.wall_us() - SPAN_US, _ROWS))
    except DatabaseError as error:
        return (), tr("The journal can't be read: {reason}").format(reason=tr(words_of(error)))
    return tuple(said_in(page.rows, row)), ""


def about(row: AlarmRow, start_us: int, limit: int, events: frozenset[str] = frozenset()) -> JournalQuery:
    """Return the question for what happened to an alarm; the answer may have others of its tag in it as well."""
    if not row.tag:
        return JournalQuery(start_us=start_us, text=row.name, events=events, limit=limit)
    kinds = frozenset() if row.kind is None else frozenset({row.kind})
    return JournalQuery(start_us=start_us, tags=frozenset({row.tag}), kinds=kinds, events=events, limit=limit)


def said_in(rows: Iterable[JournalRow], alarm: AlarmRow) -> list[Said]:
    """Return what was said about an alarm in these rows, in their order."""
    return [
        Said(row.at_us, row.user, row.event, row.comment)
        for row in rows
        if row.alarm == alarm.name and row.comment.strip()
    ]
