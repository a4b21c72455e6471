"""Which glyph an alarm has, and where its state stands in the order of the list. Pure, any thread."""

from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph, GlyphLook

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


def glyph_of(row: AlarmRow) -> Glyph:
    """Return the sign of an alarm."""
    return Glyph(row.priority, LOOKS[row.state], row.state in (AlarmState.LATUN, AlarmState.LATAK))
