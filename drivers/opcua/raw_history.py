"""Raw values that a server remembers of some nodes, page by page. Source: OPC UA Part 11, 6.5.3 (ReadRawModified).

A page is bounded in values, since the library decodes one in about 10 µs and its loop does nothing else meanwhile.
Servers go on where a page ended by a continuation point; some cut an answer short without one, and those are asked
again from the last time on. Runs on the OPC UA thread.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import BadTooManyOperations, UaStatusCodeError

from drivers.opcua.monitoring import Item
from drivers.opcua.values import source_us_of

NODES_PER_CALL: Final = 10
VALUES_PER_NODE: Final = 200
_FEWEST_VALUES: Final = 10
_MOST_EMPTY: Final = 10
_STEP: Final = 3.0
_ANSWERS_TO_GROW: Final = 20
"""So many answers in a row, and a page may be larger again."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNSUPPORTED: Final = frozenset(
    {
        StatusCodes.BadServiceUnsupported,
        StatusCodes.BadHistoryOperationUnsupported,
        StatusCodes.BadHistoryOperationInvalid,
        StatusCodes.BadNotImplemented,
        StatusCodes.BadNotSupported,
        StatusCodes.BadUserAccessDenied,
    }
)
_POINT_GONE: Final = frozenset({StatusCodes.BadNoContinuationPoints, StatusCodes.BadContinuationPointInvalid})


class NoHistoryError(Exception):
    """The server refuses to give what it remembers, of any node."""


@dataclass(slots=True)
class Want:
    """What is still to be read of a node: from a time on (µs UTC), or from where the server said it would go on.

    A continuation point belongs to the question that began at `from_us`, and to no other. `last` is the newest value so
    far; it begins the next page, so that whoever gets pages knows what held in between. `empty` counts answers in a row
    that had nothing but the promise of more.
    """

    item: Item
    from_us: int
    point: bytes | None = None
    last: ua.DataValue | None = None
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """(row, value) pairs, those of one row in order of time, and from when each row of the page is still wanted.

    A row that isn't in `left` is read to the end.
    """

    rows: tuple[int, ...]
    values: list[tuple[int, ua.DataValue]]
    left: dict[int, int]


class RawHistory:
    """Reads nodes from when each of them is wanted until `until_us`."""

    def __init__(self, session: Any, wants: Iterable[Want], until_us: int) -> None:
        self._session = session
        self._wants = deque(wants)
        self._until_us = until_us
        self._nodes, self._values = NODES_PER_CALL, VALUES_PER_NODE
        self._has_answered = False
        self._answers = 0

    async def next_page(self) -> Page | None:
        """Return the next page, None if all is read. A server that finds a page too much gets a smaller one.

        Raises:
            NoHistoryError: the server has none to give.
            UaError, OSError, TimeoutError: it doesn't answer, even about a few values of one node.
        """
        while self._wants:
            wants = self._neighbours()
            try:
                results = await self._ask(wants)
            except (BadTooManyOperations, TimeoutError):
                self._wants.extendleft(reversed(wants))
                if self._nodes == 1 and self._values <= _FEWEST_VALUES:
                    raise
                self._resize(1 / _STEP)
                continue
            except UaStatusCodeError as error:
                self._wants.extendleft(reversed(wants))
                if error.code in _UNSUPPORTED:
                    raise NoHistoryError from error
                raise
            page = self._page(wants, results)
            self._answers += 1
            if self._answers == _ANSWERS_TO_GROW:
                self._resize(_STEP)
            return page
        return None

    def _resize(self, factor: float) -> None:
        """Ask for less or more at once; a server that was busy for a moment gets large pages again in the end."""
        self._answers = 0
        self._nodes = min(max(1, round(self._nodes * factor)), NODES_PER_CALL)
        self._values = min(max(_FEWEST_VALUES, round(self._values * factor)), VALUES_PER_NODE)

    def _neighbours(self) -> list[Want]:
        """Take wants that one call can name: they begin at the same time, and all or none have a continuation point."""
        first = self._wants.popleft()
        wants = [first]
        while self._wants and len(wants) < self._nodes:
            following = self._wants[0]
            if (following.from_us, following.point is None) != (first.from_us, first.point is None):
                break
            wants.append(self._wants.popleft())
        return wants

    async def _ask(self, wants: Sequence[Want]) -> list[ua.HistoryReadResult]:
        start, end = (_EPOCH + timedelta(microseconds=at_us) for at_us in (wants[0].from_us, self._until_us))
        results: list[ua.HistoryReadResult] = await self._session.history_read(
            ua.HistoryReadParameters(
                HistoryReadDetails=ua.ReadRawModifiedDetails(
                    IsReadModified=False,
                    StartTime=start,
                    EndTime=end,
                    NumValuesPerNode=self._values,
                    ReturnBounds=False,
                ),
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ReleaseContinuationPoints=False,
                NodesToRead=[
                    ua.HistoryReadValueId(NodeId=want.item.node, IndexRange="", ContinuationPoint=want.point)
                    for want in wants
                ],
            )
        )
        return results

    def _page(self, wants: Sequence[Want], results: Sequence[ua.HistoryReadResult]) -> Page:
        page = Page(tuple(want.item.row for want in wants), [], {})
        if not self._has_answered and all(result.StatusCode.value in _UNSUPPORTED for result in results):
            raise NoHistoryError
        self._has_answered = True
        for want, result in zip(wants, results, strict=True):
            self._take(want, result, page)
        return page

    def _take(self, want: Want, result: ua.HistoryReadResult, page: Page) -> None:
        """Add what came of one node to the page, and note what is still wanted of it."""
        data = result.HistoryData
        values = list(data.DataValues or ()) if isinstance(data, ua.HistoryData) else []
        values.sort(key=self._time_of)
        if want.last is not None:
            page.values.append((want.item.row, want.last))
        page.values.extend((want.item.row, value) for value in values)
        last = values[-1] if values else want.last
        reached_us = want.from_us if last is None else max(want.from_us, self._time_of(last))
        empty = 0 if values else want.empty + 1
        is_gone = want.point is not None and result.StatusCode.value in _POINT_GONE
        is_cut_short = len(values) >= self._values and want.from_us < reached_us < self._until_us
        if result.ContinuationPoint and empty <= _MOST_EMPTY:
            going_on = Want(want.item, want.from_us, result.ContinuationPoint, last, empty)
        elif is_gone or is_cut_short:
            going_on = Want(want.item, reached_us, None, last)
        else:
            return
        page.left[want.item.row] = reached_us
        self._wants.append(going_on)

    def _time_of(self, value: ua.DataValue) -> int:
        return source_us_of(value, self._until_us)
