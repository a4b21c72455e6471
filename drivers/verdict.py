"""How a command ended, judged by what was read back. Pure, any thread; the same for every protocol.

| read back             | answered        | answer lost                                    |
|-----------------------|-----------------|------------------------------------------------|
| the value             | VERIFIED        | VERIFIED, but UNKNOWN if it was there before   |
| 0, of a pulse         | VERIFIED        | UNKNOWN: set back already, or never arrived    |
| anything else         | MISMATCH        | UNKNOWN: it may still take effect              |
| nothing               | UNKNOWN         | UNKNOWN                                        |

A pulse is sent only while the device shows 0, so its value there proves that it arrived.
"""

from typing import Final

from drivers.base import WriteState
from drivers.write_words import NO_PROOF, NO_TRACE, OTHER_VALUE, SET_BACK, unread
from drivers.writes import PendingWrite
from plant_models.message import joined

Verdict = tuple[WriteState, str]
READBACK_WAITS_NS: Final = (0, 300_000_000, 700_000_000)
"""So long after a command has left it is read back, until a readback settles how it ended."""


def verdict(write: PendingWrite, doubt: str, is_equal: bool, seen: float) -> Verdict | None:
    """Return how the write ended; None if it has to be read again.

    `doubt` says why the answer was lost, empty if it came. `seen` is what was read, in the tag's unit, and `is_equal`
    whether it is what was sent.
    """
    is_pulse = write.request.is_pulse
    if is_equal:
        is_proof = is_pulse or not doubt or not write.is_no_change
        return (WriteState.VERIFIED, doubt) if is_proof else (WriteState.UNKNOWN, joined((doubt, NO_PROOF)))
    if is_pulse and seen == 0.0 and not doubt:
        return WriteState.VERIFIED, SET_BACK
    return None


def last_verdict(write: PendingWrite, doubt: str, seen: float | None, problem: str) -> Verdict:
    """Return how the write ended if no readback has settled it; `problem` is why the last one failed."""
    if seen is None:
        return WriteState.UNKNOWN, unread(doubt, problem)
    if doubt:
        is_gone = write.request.is_pulse and seen == 0.0
        return WriteState.UNKNOWN, joined((doubt, NO_TRACE if is_gone else OTHER_VALUE))
    return WriteState.MISMATCH, OTHER_VALUE
