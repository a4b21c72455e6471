"""Pages of a server's history where the server is busy, forgets where it was, or promises without end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncua import ua

from drivers.opcua.monitoring import Item
from drivers.opcua.raw_history import NODES_PER_CALL, VALUES_PER_NODE, NoHistoryError, RawHistory, Want

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNTIL = 10**9
Answer = Callable[[int, ua.HistoryReadParameters], list[ua.HistoryReadResult]]


class Session:
    """Answers history reads as a test says; `sizes` are nodes and values of each question."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.sizes: list[tuple[int, int]] = []

    async def history_read(self, parameters: Any) -> list[ua.HistoryReadResult]:
        self.sizes.append((len(parameters.NodesToRead), parameters.HistoryReadDetails.NumValuesPerNode))
        return self._answer(len(self.sizes), parameters)


def wants(n: int) -> list[Want]:
    return [Want(Item(row, 0, ua.NodeId(row, 2)), 1_000) for row in range(n)]


def result(times_us: list[int], point: bytes | None = None, status: int = 0) -> ua.HistoryReadResult:
    values = [
        ua.DataValue(ua.Variant(float(at)), SourceTimestamp=EPOCH + timedelta(microseconds=at)) for at in times_us
    ]
    return ua.HistoryReadResult(
        StatusCode=ua.StatusCode(ua.UInt32(status)),
        HistoryData=ua.HistoryData(DataValues=values),
        ContinuationPoint=point,
    )


async def read_all(history: RawHistory) -> list[tuple[int, float]]:
    found = []
    while (page := await history.next_page()) is not None:
        found += [(row, value.Value.Value) for row, value in page.values]
    return found


async def test_a_server_that_was_busy_for_a_moment_gets_large_pages_again() -> None:
    def answer(number: int, parameters: ua.HistoryReadParameters) -> list[ua.HistoryReadResult]:
        if number <= 2:
            raise TimeoutError
        return [result([number]) for _ in parameters.NodesToRead]

    session = Session(answer)
    await read_all(RawHistory(session, wants(400), UNTIL))
    assert session.sizes[:3] == [(10, 200), (3, 67), (1, 22)]
    assert max(session.sizes[3:]) == (NODES_PER_CALL, VALUES_PER_NODE)


async def test_a_server_that_never_answers_is_given_up() -> None:
    def answer(number: int, parameters: ua.HistoryReadParameters) -> list[ua.HistoryReadResult]:
        raise TimeoutError

    session = Session(answer)
    with pytest.raises(TimeoutError):
        await RawHistory(session, wants(20), UNTIL).next_page()
    assert session.sizes[-1] == (1, 10)


async def test_where_the_server_forgot_where_it_was_it_goes_on_from_the_last_time() -> None:
    starts: list[datetime] = []

    def answer(number: int, parameters: ua.HistoryReadParameters) -> list[ua.HistoryReadResult]:
        starts.append(parameters.HistoryReadDetails.StartTime)
        return [
            [result([2_000, 1_500], b"there")],
            [result([], status=ua.StatusCodes.BadContinuationPointInvalid)],
            [result([2_000, 2_500])],
        ][number - 1]

    found = await read_all(RawHistory(Session(answer), wants(1), UNTIL))
    assert sorted(set(found)) == [(0, 1_500.0), (0, 2_000.0), (0, 2_500.0)]
    assert [round((start - EPOCH) / timedelta(microseconds=1)) for start in starts] == [1_000, 1_000, 2_000]


async def test_promises_without_values_end_somewhere() -> None:
    session = Session(lambda number, parameters: [result([], b"more")])
    assert await read_all(RawHistory(session, wants(1), UNTIL)) == []
    assert len(session.sizes) == 11


async def test_a_refusal_for_every_node_is_one_of_the_server() -> None:
    refused = ua.StatusCodes.BadHistoryOperationUnsupported
    with pytest.raises(NoHistoryError):
        await RawHistory(Session(lambda *_: [result([], status=refused)] * 2), wants(2), UNTIL).next_page()


async def test_one_refused_node_leaves_the_others() -> None:
    refused = ua.StatusCodes.BadHistoryOperationUnsupported
    session = Session(lambda *_: [result([], status=refused), result([3_000])])
    assert await read_all(RawHistory(session, wants(2), UNTIL)) == [(1, 3_000.0)]
