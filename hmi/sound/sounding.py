"""Which tone should sound now, and when it is due. Pure: it is told the alarms and the time. GUI thread.

The most urgent priority that waits for an acknowledgement sounds, again and again, until each of its alarms was
acknowledged or silenced. A new annunciation is never silenced: another occurrence, one that rose in priority, one that
comes back after an acknowledgement (re-alarm) or from the shelf. Muting is for everything, and for a time. Priority 1,
and with it "alarms are not evaluated", is muted for five minutes at the most, however often somebody asks meanwhile.
Nothing of this is kept: after a restart whatever waits sounds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alarms.snapshot import PRIORITIES, AlarmRow
from alarms.states import AlarmState

URGENT: Final = 1
MUTE_MIN: Final = (1, 5, 15, 60)
"""Minutes that are offered."""
URGENT_MUTE_MIN: Final = 5
"""The most for priority 1."""
GAP_NS: Final = 1_500_000_000
"""The least time between two tones of one priority, longer than a tone: a flood repeats it, but never chops it up."""
_MINUTE_NS: Final = 60_000_000_000
_UNEVALUATED: Final = AlarmRow(name="", tag="", kind=None, priority=URGENT, state=AlarmState.UNACK)
"""Calls somebody while alarms are not evaluated; no alarm has its name."""


@dataclass(frozen=True, slots=True)
class _Mute:
    """Monotonic times in ns; `urgent_since_ns` is when priority 1 was muted without a break since."""

    until_ns: int
    urgent_since_ns: int
    urgent_until_ns: int


class Sounding:
    """`repeat_s` says per priority after how many seconds its tone comes again. All times are monotonic, in ns."""

    def __init__(self, repeat_s: Mapping[int, float]) -> None:
        self.repeat_s = repeat_s
        self._rows: dict[str, AlarmRow] = {}
        self._calls: dict[str, AlarmRow] = {}
        self._silenced: set[str] = set()
        self._loud: Counter[int] = Counter()
        self._fresh: set[int] = set()
        self._last: tuple[int, int] | None = None
        self._mute: _Mute | None = None

    @property
    def is_silenced(self) -> bool:
        """Whether something waits for an acknowledgement, and all of it was silenced."""
        return bool(self._calls) and not any(self._loud.values())

    def follow(self, waiting: Iterable[AlarmRow], is_evaluated: bool) -> None:
        """Take over the alarms that wait for an acknowledgement now; what hasn't changed costs next to nothing."""
        rows, before = {row.name: row for row in waiting}, self._rows
        rows.pop(_UNEVALUATED.name, None)
        if not is_evaluated:
            rows[_UNEVALUATED.name] = _UNEVALUATED
        self._rows = rows
        for name in before.keys() - rows.keys():
            self._drop(name)
        for name, row in rows.items():
            if before.get(name) is not row:
                self._take(name, row)

    def silence(self) -> bool:
        """Stop what sounds, or would sound if it weren't muted; what is annunciated from now on sounds again.

        Returns whether there was anything to silence.
        """
        is_loud = any(self._loud.values())
        self._silenced = set(self._calls)
        self._loud.clear()
        return is_loud

    def mute(self, minutes: int, now_ns: int) -> None:
        """Keep everything quiet for some minutes from now, priority 1 for five at the most."""
        before = self._mute
        is_going_on = before is not None and now_ns < before.urgent_until_ns
        since_ns = before.urgent_since_ns if before is not None and is_going_on else now_ns
        until_ns = now_ns + minutes * _MINUTE_NS
        self._mute = _Mute(until_ns, since_ns, min(until_ns, since_ns + URGENT_MUTE_MIN * _MINUTE_NS))

    def unmute(self) -> None:
        """Let be heard what waits."""
        self._mute = None

    def mute_left_ns(self, now_ns: int, priority: int | None = None) -> int:
        """Return how long it, or a priority, is still muted, 0 if it isn't."""
        if self._mute is None:
            return 0
        return max(0, (self._mute.urgent_until_ns if priority == URGENT else self._mute.until_ns) - now_ns)

    def is_muted(self, priority: int, now_ns: int) -> bool:
        """Tell whether alarms of a priority are muted."""
        return self.mute_left_ns(now_ns, priority) > 0

    def tone(self, now_ns: int) -> int | None:
        """Return the priority that is sounding, None if nothing is."""
        loud = (priority for priority, count in self._loud.items() if count)
        return min((each for each in loud if not self.is_muted(each, now_ns)), default=None)

    def due(self, now_ns: int) -> int | None:
        """Return the priority whose tone must begin at this moment, and take it as begun; None for none."""
        tone = self.tone(now_ns)
        if tone is None or not self._is_due(tone, now_ns):
            if tone is None:
                self._last, self._fresh = None, set()
            return None
        self._last, self._fresh = (tone, now_ns), set()
        return tone

    def _is_due(self, tone: int, now_ns: int) -> bool:
        if self._last is None or tone < self._last[0]:
            return True
        wait_ns = GAP_NS if tone in self._fresh else max(GAP_NS, round(self.repeat_s[tone] * 1e9))
        return now_ns - self._last[1] >= wait_ns

    def _take(self, name: str, row: AlarmRow) -> None:
        before, was_silenced = self._calls.get(name), name in self._silenced
        self._drop(name)
        if row.priority not in PRIORITIES or not row.state.is_unacknowledged:
            return
        self._calls[name] = row
        is_new = _is_new_after(row, before)
        if is_new:
            self._fresh.add(row.priority)
        if was_silenced and not is_new:
            self._silenced.add(name)
        else:
            self._loud[row.priority] += 1

    def _drop(self, name: str) -> None:
        call = self._calls.pop(name, None)
        if name in self._silenced:
            self._silenced.discard(name)
        elif call is not None:
            self._loud[call.priority] -= 1


def _is_new_after(row: AlarmRow, before: AlarmRow | None) -> bool:
    """Tell whether an alarm calls anew, by another annunciation than before."""
    if before is None or (row.occurrence, row.acked_us) != (before.occurrence, before.acked_us):
        return True
    return row.priority < before.priority
