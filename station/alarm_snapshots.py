"""What is shown of the alarms: one snapshot after the other, made from the rows of all that raise some.

In a flood making one costs more than judging the alarms, so that they follow each other at some distance; what a
person did is shown at once. Written by who holds the lock of the alarms, read by any thread.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.standing import counts_of, in_order
from alarms.states import AlarmState
from plant_models.message import message

APART_NS: Final = 150_000_000
MANY: Final = 500
"""From so many rows on this is the least time between two snapshots, but for the acts of people."""
NOT_EVALUATED: Final = message("Alarms are not evaluated")
_UNEVALUATED: Final = AlarmRow(
    name="",
    tag="",
    kind=None,
    priority=1,
    state=AlarmState.UNACK,
    text=NOT_EVALUATED,
    consequence=message("Nothing on the screens and in this list may be believed; the plant goes on by itself"),
    action=message("Watch the plant on site and restart the station"),
    respond_min=0.0,
)
Causes = Callable[[tuple[AlarmRow, ...]], Mapping[str, str]]


class AlarmSnapshots:
    """`causes_of` says which of the rows are explained by which others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held for moments only
        self._configured: Mapping[str, Alarm] = {}
        self._version = ""
        self._causes_of: Causes = lambda _: {}
        self._revision = 0
        self._made_ns = 0
        self._rows: tuple[AlarmRow, ...] = ()
        self._causes: Mapping[str, str] = {}
        self._snapshot = AlarmSnapshot()

    def use(self, configured: Mapping[str, Alarm], version: str, causes_of: Causes) -> None:
        """Take over the definitions in force; the next snapshot has them."""
        self._configured, self._version, self._causes_of = configured, version, causes_of
        self._revision = -1

    def is_due(self, revision: int, now_ns: int) -> bool:
        """Tell whether there is something new, and the last snapshot is old enough for what a new one costs."""
        is_cheap = len(self._rows) < MANY
        return self._revision != revision and (is_cheap or now_ns - self._made_ns >= APART_NS)

    def publish(self, rows: Iterable[AlarmRow], revision: int, now_ns: int) -> None:
        """Show rows from now on."""
        ordered = in_order(rows)
        causes = self._causes_of(ordered)
        with self._lock:
            self._revision, self._made_ns, self._rows, self._causes = revision, now_ns, ordered, causes
            self._replace(self._snapshot.is_evaluated)

    def present(self, is_evaluated: bool) -> AlarmSnapshot:
        """Return what is shown. Any thread."""
        with self._lock:
            if self._snapshot.is_evaluated != is_evaluated:
                self._replace(is_evaluated)
            return self._snapshot

    def _replace(self, is_evaluated: bool) -> None:
        rows = self._rows if is_evaluated else (_UNEVALUATED, *self._rows)
        self._snapshot = AlarmSnapshot(
            sequence=self._snapshot.sequence + 1,
            rows=rows,
            counts=counts_of(rows),
            is_evaluated=is_evaluated,
            configured=self._configured,
            version=self._version,
            causes=self._causes,
        )
