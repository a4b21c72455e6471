"""Asks history for what the trend shows, one question at a time: the latest wish counts. GUI thread.

History reads and decodes on the station's threads; what arrives here are as many columns as there are pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from database.errors import DatabaseError
from history.series import MAX_PIXELS, HistoryQuery
from hmi.context import Context
from hmi.i18n import tr
from hmi.trends.from_history import trace_of
from hmi.trends.trace import Trace, not_loaded
from plant_models.message import message

_SECOND_US: Final = 1_000_000
_REFRESH_PIXELS: Final = 20
_REFRESH_US: Final = (5 * _SECOND_US, 60 * _SECOND_US)
_LOOK_US: Final = 2 * _SECOND_US
"""How often at most it is asked whether the past has changed: an outage may be filled for minutes."""
_MARGIN: Final = 0.5
"""Beyond each side of the window as much again is asked for, so that a small pan needs no waiting."""
_LEAD: Final = 0.25
"""As much of the window beside it should be known; less, and more is asked for before a hand gets there."""
_SLOW_NS: Final = 300_000_000
"""An answer that comes within this time needs no words."""
_FINER: Final = 0.8
_COARSER: Final = 3.0
"""How far the width of a pixel in time may differ from the one that was asked for."""


@dataclass(frozen=True, slots=True)
class _Wish:
    tags: tuple[str, ...]
    start_us: int
    end_us: int
    pixel_us: float
    asked_us: int

    def serves(self, wish: "_Wish") -> bool:
        """Tell whether an answer to this question does for another one."""
        stale_us = min(max(_REFRESH_PIXELS * wish.pixel_us, _REFRESH_US[0]), _REFRESH_US[1])
        return (
            set(wish.tags) <= set(self.tags)
            and self.start_us <= wish.start_us
            and min(wish.end_us, wish.asked_us - stale_us) <= self.end_us
            and self.pixel_us * _FINER <= wish.pixel_us <= self.pixel_us * _COARSER
        )

    def fills(self, wish: "_Wish") -> bool:
        """Tell whether an answer to this question leaves nothing blank or coarse in another window.

        What has come since it was asked isn't in it, but in the live values.
        """
        is_whole = wish.end_us <= self.end_us or self.end_us >= self.asked_us
        return is_whole and self.serves(replace(wish, end_us=min(wish.end_us, self.end_us)))

    def led(self) -> "_Wish":
        """Return what should be known so that nobody waits at the next step."""
        lead = round((self.end_us - self.start_us) * _LEAD)
        return replace(self, start_us=self.start_us - lead, end_us=min(self.end_us + lead, self.asked_us))

    def widened(self) -> "_Wish":
        margin = round((self.end_us - self.start_us) * _MARGIN)
        end_us = min(self.end_us + margin, self.asked_us)
        return _Wish(self.tags, self.start_us - margin, end_us, self.pixel_us, self.asked_us)

    def query(self) -> HistoryQuery:
        """Return the question, its pixels whole µs wide and on multiples of that.

        So a moment lies in the same pixel whenever it is asked for: nothing under a cursor changes, and no envelope
        shimmers, because the window has moved on. The last pixel may not be over yet.
        """
        pixel_us = max(1, round(self.pixel_us), -(-(self.end_us - self.start_us) // (MAX_PIXELS - 2)))
        first, last = self.start_us // pixel_us, -(-self.end_us // pixel_us)
        return HistoryQuery(self.tags, first * pixel_us, last * pixel_us, last - first)


class Loader:
    """Keeps the answer to the last question; `problem` says in words why history can't be read, "" if it can."""

    def __init__(self, context: Context, on_loaded: Callable[[], None]) -> None:
        self._context = context
        self._on_loaded = on_loaded
        self._traces: dict[str, Trace] = {}
        self._wish: _Wish | None = None
        self._answered: _Wish | None = None
        self._is_asking = False
        self._filled: _Wish | None = None
        self._blank_ns: int | None = None
        self._looked_us = self._late = 0
        self.problem = ""

    @property
    def is_waiting(self) -> bool:
        """Whether a question is on its way."""
        return self._is_asking

    @property
    def is_slow(self) -> bool:
        """Whether people wait for what the window should show, and have for a while."""
        blank_ns = self._blank_ns
        return self._is_asking and blank_ns is not None and self._context.clock.mono_ns() - blank_ns >= _SLOW_NS

    def trace(self, tag: str) -> Trace:
        """Return what history has said about a tag, nothing if it wasn't asked yet."""
        return self._traces.get(tag) or not_loaded()

    def ask(self, tags: tuple[str, ...], window: tuple[int, int], pixels: int, now_us: int) -> None:
        """Want the values of tags in a window; asks only if the last answer doesn't do, or the past has changed."""
        self._look_for_late(now_us)
        start_us, end_us = window
        wish = _Wish(tags, start_us, end_us, (end_us - start_us) / pixels, now_us)
        self._note_blank(wish)
        if self._answered is not None and self._answered.serves(wish):
            self._wish = None  # an older wish that waits still would bring what nobody looks at any more
            if self._is_asking or self._answered.serves(wish.led()):
                return
        self._wish = wish
        if not self._is_asking:
            self._is_asking = True
            self._context.tasks.start(self._run())

    def _note_blank(self, wish: _Wish) -> None:
        """Note since when the window isn't filled; a refresh of what is shown leaves nothing blank."""
        if self._filled is not None and self._filled.fills(wish):
            self._blank_ns = None
        elif self._blank_ns is None:
            self._blank_ns = self._context.clock.mono_ns()

    def _look_for_late(self, now_us: int) -> None:
        """Believe no answer any more once samples of the past have come late."""
        if abs(now_us - self._looked_us) < _LOOK_US:
            return
        self._looked_us = now_us
        late = self._context.station.health.history.late
        if late != self._late:
            self._late, self._answered = late, None

    async def _run(self) -> None:
        try:
            while (wish := self._wish) is not None:
                self._wish = None
                await self._load(wish.widened())
                if self._wish is not None and self._answered is not None and self._answered.serves(self._wish):
                    self._wish = None
        finally:
            self._is_asking = False
        self._on_loaded()

    async def _load(self, wish: _Wish) -> None:
        query = wish.query()
        self._answered = wish
        try:
            found = await self._context.station.history(query)
        except DatabaseError as error:
            reason = tr(message(error.template, **error.values))
            self.problem = tr("History can't be read, live values go on: {reason}").format(reason=reason)
            return
        self.problem = ""
        self._filled = wish
        self._traces = {series.tag: trace_of(series, query.end_us).before(wish.end_us) for series in found}
        if self._wish is not None:
            self._on_loaded()
