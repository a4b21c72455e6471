"""One page of the journal out of its two chains, by the times at which rows were written. Any worker.

Each chain keeps its own order, and a page ends with a cut through both: whatever clocks did, going on from a cut, in
either direction, shows every row once. Where a clock was set back, rows of one chain may stand a little away from those
of the other.
"""

from typing import Final, Generic

from alarms.journal_parts import Chain, Count, P, Part, Patience
from alarms.journal_query import NOWHERE, JournalCut, JournalPage, JournalQuery, JournalRow
from plant_models.clock import Clock

_NOTHING: Final = Count(0)


def read_page(
    query: JournalQuery, journal: Chain[int] | None, audit: Chain[tuple[int, int]] | None, clock: Clock
) -> JournalPage:
    """Return the page that is asked for; a chain that is None has no rows."""
    start = query.before or query.after or _start(query, journal, audit)
    patience = Patience(clock, query.patience_s)
    is_down = query.after is None
    of_journal = _Stream(start.seq, _part(journal, start.seq, is_down, patience), is_down, 0)
    of_audit = _Stream(start.audit, _part(audit, start.audit, is_down, patience), is_down, 1)
    rows, searched_us = _merged([of_journal, of_audit], query.limit)
    end = JournalCut(of_journal.cut, of_audit.cut)
    counts = (_counted(journal, query, clock), _counted(audit, query, clock))
    return JournalPage(
        rows=tuple(rows if is_down else reversed(rows)),
        total=sum(count.rows for count in counts),
        is_more=not all(count.is_whole for count in counts),
        newer=start if is_down else end,
        older=end if is_down else start,
        is_end=of_journal.is_over and of_audit.is_over,
        searched_us=searched_us,
    )


class _Stream(Generic[P]):
    """The rows of one chain as they are taken one after the other."""

    def __init__(self, cut: P, part: Part[P] | None, is_down: bool, rank: int) -> None:
        self._start, self._part = cut, part
        self._sign, self._rank = 1 if is_down else -1, rank
        self._taken = 0

    @property
    def has_row(self) -> bool:
        return self._part is not None and self._taken < len(self._part.rows)

    @property
    def is_over(self) -> bool:
        return not self.has_row and (self._part is None or self._part.is_end)

    @property
    def next_us(self) -> int:
        """When the next row was written; where it isn't known yet, when it can have been at the latest."""
        assert self._part is not None
        return self._part.rows[self._taken].recorded_us if self.has_row else self._part.reached_us

    @property
    def turn(self) -> tuple[int, int]:
        """What is greatest for the stream whose turn it is."""
        return self._sign * self.next_us, self._sign * self._rank

    @property
    def cut(self) -> P:
        """The cut behind what was taken."""
        if self._part is None:
            return self._start
        if not self.has_row:
            return self._part.reached
        return self._part.cuts[self._taken - 1] if self._taken else self._start

    def take(self) -> JournalRow:
        assert self._part is not None
        self._taken += 1
        return self._part.rows[self._taken - 1]


def _merged(
    streams: list["_Stream[int] | _Stream[tuple[int, int]]"], limit: int
) -> tuple[list[JournalRow], int | None]:
    """Take rows until there are enough, none is left, or it isn't known which is next: then since when."""
    rows: list[JournalRow] = []
    while len(rows) < limit:
        going = [stream for stream in streams if not stream.is_over]
        if not going:
            break
        first = max(going, key=lambda stream: stream.turn)
        if not first.has_row:
            return rows, first.next_us
        rows.append(first.take())
    return rows, None


def _start(query: JournalQuery, journal: Chain[int] | None, audit: Chain[tuple[int, int]] | None) -> JournalCut:
    def cut(chain: Chain[P] | None, nowhere: P) -> P:
        if chain is None:
            return nowhere
        return chain.newest() if query.at_us is None else chain.before_time(query.at_us)

    return JournalCut(cut(journal, NOWHERE.seq), cut(audit, NOWHERE.audit))


def _part(chain: Chain[P] | None, cut: P, is_down: bool, patience: Patience) -> Part[P] | None:
    if chain is None:
        return None
    return chain.older(cut, patience) if is_down else chain.newer(cut, patience)


def _counted(chain: Chain[P] | None, query: JournalQuery, clock: Clock) -> Count:
    if chain is None or not query.wants_total:
        return _NOTHING
    return chain.count(Patience(clock, query.patience_s))
