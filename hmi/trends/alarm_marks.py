"""When the alarms of what a trend shows were raised: asked from the journal, one question at a time. GUI thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from alarms.journal_query import JournalQuery
from alarms.states import AlarmEvent
from database.errors import DatabaseError
from hmi.context import Context
from hmi.i18n import tr
from hmi.trends.pens import Pen
from plant_models.message import message

MOST: Final = 2000
"""More alarms than this aren't marked in one window; the trend says so then."""
_PAUSE_US: Final = 500_000
_RETRY_US: Final = 5_000_000
_SETTLE_US: Final = 1_000_000
"""An alarm is in the journal within this time after it is on the screens."""
_LATE_US: Final = 300_000_000
"""The journal is asked by when it was written, at most this long after an event (the clock rule of devices)."""
_RAISED: Final = frozenset({AlarmEvent.ALM.value, AlarmEvent.REALM.value, AlarmEvent.ESC.value})


@dataclass(frozen=True, slots=True)
class AlarmMark:
    """An alarm was raised at `at_us` (µs UTC)."""

    at_us: int
    priority: int
    alarm: str
    text: str


@dataclass(frozen=True, slots=True)
class _Wish:
    tags: frozenset[str]
    start_us: int
    end_us: int
    asked_us: int

    def serves(self, wish: "_Wish", changed_us: int) -> bool:
        """Tell whether an answer to this question does for another one; what comes later would have changed alarms."""
        is_whole = self.end_us >= wish.end_us or self.end_us >= self.asked_us
        is_fresh = self.asked_us >= changed_us + _SETTLE_US or wish.end_us < changed_us
        return self.tags == wish.tags and self.start_us <= wish.start_us and is_whole and is_fresh


class AlarmMarks:
    """Keeps the answer to the last question, oldest first. `left_out` is how many older alarms were too many.

    `problem` says in words why the journal can't be read, "" if it can.
    """

    def __init__(self, context: Context, on_loaded: Callable[[], None]) -> None:
        self._context = context
        self._on_loaded = on_loaded
        self._wish: _Wish | None = None
        self._answered: _Wish | None = None
        self._is_asking = False
        self._changed_us = self._next_us = 0
        self.marks: tuple[AlarmMark, ...] = ()
        self.left_out = 0
        self.problem = ""
        context.alarms.changed.connect(self._on_alarms)

    def ask(self, tags: frozenset[str], window: tuple[int, int], now_us: int) -> None:
        """Want the alarms of these tags in a window; asks only if the last answer doesn't do."""
        wish = _Wish(tags, *window, now_us)
        if not tags:
            self.marks, self.left_out, self.problem, self._answered = (), 0, "", None
        elif self._answered is not None and self._answered.serves(wish, self._changed_us):
            return
        elif not self._is_asking and now_us >= self._next_us:
            self._is_asking = True
            self._context.tasks.start(self._run(wish))

    async def _run(self, wish: _Wish) -> None:
        margin_us = (wish.end_us - wish.start_us) // 2
        asked = _Wish(wish.tags, wish.start_us - margin_us, min(wish.end_us + margin_us, wish.asked_us), wish.asked_us)
        try:
            is_answered = await self._load(asked)
        finally:
            self._is_asking = False
        self._answered = asked if is_answered else None
        self._next_us = wish.asked_us + (_PAUSE_US if is_answered else _RETRY_US)
        self._on_loaded()

    async def _load(self, wish: _Wish) -> bool:
        query = JournalQuery(
            start_us=wish.start_us, end_us=wish.end_us + _LATE_US, tags=wish.tags, events=_RAISED, limit=MOST
        )
        try:
            page = await self._context.station.journal(query)
        except DatabaseError as error:
            reason = tr(message(error.template, **error.values))
            self.problem = tr("The alarms of the past can't be read: {reason}").format(reason=reason)
            return False
        self.problem = ""
        self.left_out = page.total - len(page.rows)
        found = (AlarmMark(row.at_us, row.priority, row.alarm, row.text) for row in page.rows)
        self.marks = tuple(sorted(found, key=lambda mark: mark.at_us))
        return True

    def _on_alarms(self) -> None:
        self._changed_us = self._context.clock.wall_us()


def alarm_tags(context: Context, pens: Sequence[Pen]) -> frozenset[str]:
    """Return the tags with an alarm that a trend of these pens is about: their own, and those of their equipment."""
    names = {pen.tag.name for pen in pens}
    equipment = {pen.tag.equipment for pen in pens if pen.tag.equipment}
    alarmed = (context.tag(alarm.tag) for alarm in context.plant.alarms)
    return frozenset(tag.name for tag in alarmed if tag and (tag.name in names or tag.equipment in equipment))
