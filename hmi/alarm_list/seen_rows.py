"""Which rows of a list a person can have read: only what stood on screen long enough is acknowledged. GUI thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alarms.snapshot import AlarmRow
from hmi.alarms.settled import SETTLE_NS
from hmi.i18n import tr
from plant_models.clock import Clock

_Key = tuple[str, int, int]


class SeenRows:
    """Is told again and again what stands on screen. An alarm that was raised again has to stand there anew."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since_ns: dict[_Key, int] = {}
        self._read: set[_Key] = set()

    def look(self, rows: Iterable[AlarmRow]) -> None:
        """Take over what is on screen at this moment."""
        now_ns = self._clock.mono_ns()
        self._read.update(key for key, since_ns in self._since_ns.items() if now_ns - since_ns >= SETTLE_NS)
        self._since_ns = {key: self._since_ns.get(key, now_ns) for key in map(_key, rows)}

    def forget_over(self, rows: Sequence[AlarmRow]) -> None:
        """Forget all but these, once there is more to remember than there are alarms: what is over never comes back."""
        if len(self._read) > len(rows):
            self._read.intersection_update(map(_key, rows))

    def stands(self, row: AlarmRow) -> bool:
        """Tell whether a row is on screen and has been for long enough."""
        since_ns = self._since_ns.get(_key(row))
        return since_ns is not None and self._clock.mono_ns() - since_ns >= SETTLE_NS

    def is_on_screen(self, row: AlarmRow) -> bool:
        """Tell whether a row is on screen, for however short a time."""
        return _key(row) in self._since_ns

    def was_read(self, row: AlarmRow) -> bool:
        """Tell whether a row stands or once stood on screen for long enough, though it is scrolled out now."""
        return self.stands(row) or _key(row) in self._read


@dataclass(frozen=True, slots=True)
class Sifted:
    """What may be acknowledged of what was asked for, and how many were left because they just came, or were unseen."""

    read: Sequence[AlarmRow]
    fresh: int = 0
    unseen: int = 0

    @property
    def words(self) -> str:
        """What is said about those that were left; "" if none was."""
        if not self.fresh + self.unseen:
            return ""
        done, count = len(self.read), len(self.read) + self.fresh + self.unseen
        parts = [tr("{done} of {count} acknowledged").format(done=done, count=count)]
        if self.fresh:
            parts.append(tr("{count} just came").format(count=self.fresh))
        if self.unseen:
            parts.append(tr("{count} not on screen yet").format(count=self.unseen))
        return ", ".join(parts)


def sift(rows: Iterable[AlarmRow], *seen: SeenRows) -> Sifted:
    """Part rows that wait for an acknowledgement into those that were read, that just came, and that nobody saw.

    It is enough that one of the lists knows them.
    """
    waiting = [row for row in rows if row.name and row.state.is_unacknowledged]
    read = [row for row in waiting if any(each.was_read(row) for each in seen)]
    known = set(map(_key, read))
    left = [row for row in waiting if _key(row) not in known]
    fresh = sum(any(each.is_on_screen(row) for each in seen) for row in left)
    return Sifted(read, fresh, len(left) - fresh)


def _key(row: AlarmRow) -> _Key:
    return row.name, row.occurrence, row.priority
