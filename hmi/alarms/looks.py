"""Which glyph an alarm has, where its state stands in the order of the list, and what is shown where many are. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Final

from alarms.snapshot import ALL_PRIORITIES, AlarmRow
from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph, GlyphLook
from plant_models.alarm_definition import DIAGNOSTIC

LOOKS: Final = {
    AlarmState.UNACK: GlyphLook.UNACKNOWLEDGED,
    AlarmState.RTNUN: GlyphLook.RETURNED,
    AlarmState.LATUN: GlyphLook.UNACKNOWLEDGED,
    AlarmState.LATAK: GlyphLook.ACKNOWLEDGED,
    AlarmState.ACKED: GlyphLook.ACKNOWLEDGED,
    AlarmState.SHLVD: GlyphLook.SHELVED,
    AlarmState.DSUPR: GlyphLook.SUPPRESSED,
    AlarmState.OOSRV: GlyphLook.OUT_OF_SERVICE,
}
"""The states in which an alarm is present, in the order of the list."""
ORDER: Final = {state: rank for rank, state in enumerate(LOOKS)}
Precedence = tuple[int, int, int, bool]
_LATCHED: Final = (AlarmState.LATUN, AlarmState.LATAK)
_ASIDE: Final = {AlarmState.OOSRV: 3, AlarmState.DSUPR: 4, AlarmState.SHLVD: 5}
_UNACKNOWLEDGED, _ACTIVE, _MAINTENANCE = 0, 1, 2


def glyph_of(row: AlarmRow) -> Glyph:
    """Return the sign of an alarm."""
    return Glyph(row.priority, LOOKS[row.state], row.state in _LATCHED, is_first_out=bool(row.first_out))


def precedence(row: AlarmRow) -> Precedence:
    """Order alarms that share a place: the least is shown. Those with the same one have the same glyph.

    Not acknowledged before active before out of service or suppressed before shelved, then by priority, then the first
    of its group. What calls nobody (diagnostic) never stands before what does.
    """
    return _precedence(row.state, row.priority, bool(row.first_out))


@cache
def _precedence(state: AlarmState, priority: int, is_first_out: bool) -> Precedence:
    """Return the same object for all alarms of one precedence: thousands of places keep it."""
    rank = _ASIDE.get(state, _UNACKNOWLEDGED if state.is_unacknowledged else _ACTIVE)
    if priority == DIAGNOSTIC:
        rank = max(rank, _MAINTENANCE)
    return rank, priority, ORDER[state], not is_first_out


def waiting_by_priority(waiting: Sequence[AlarmRow]) -> dict[int, int]:
    """Count alarms that come in the order of priority."""
    ends = [bisect_right(waiting, priority, key=lambda row: row.priority) for priority in (0, *ALL_PRIORITIES)]
    return {priority: end - begin for priority, begin, end in zip(ALL_PRIORITIES, ends, ends[1:], strict=False)}


def calling(waiting: Sequence[AlarmRow]) -> Sequence[AlarmRow]:
    """Return those that somebody is called for: all but the diagnostic ones. They come in the order of priority."""
    return waiting[: bisect_left(waiting, DIAGNOSTIC, key=lambda row: row.priority)]
