"""Widgets that nobody has any more die in the GUI thread, whoever makes objects meanwhile."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from hmi.garbage import collect_due, collected_here
from hmi.ticker import Ticker
from tests.fakes.desk import Desk


class _Knot(QObject):
    """An object that only the search for garbage finds."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def tied(seen: list[str]) -> "weakref.ref[_Knot]":
    return weakref.ref(_Knot(), lambda _: seen.append(threading.current_thread().name))


def make_many() -> None:
    kept = [[] for _ in range(100_000)]
    assert kept


def test_garbage_is_looked_for_at_a_tick_in_this_thread_and_in_no_other(desk: Desk) -> None:
    assert not gc.isenabled()
    seen: list[str] = []
    knots = [tied(seen) for _ in range(10)]
    other = threading.Thread(target=make_many)
    other.start()
    other.join()
    assert not seen
    make_many()
    while knots[0]() is not None:
        kept = [[] for _ in range(1_000)]
        desk.tick()
        assert kept
    assert set(seen) == {threading.main_thread().name}


@pytest.mark.usefixtures("qapp")
def test_what_was_on_before_is_on_again() -> None:
    ticker, before = Ticker(), gc.isenabled()
    ticker.stop()
    try:
        for is_on in (True, False):
            (gc.enable if is_on else gc.disable)()
            with collected_here(ticker):
                assert not gc.isenabled()
            assert gc.isenabled() is is_on
    finally:
        (gc.enable if before else gc.disable)()


def test_the_oldest_generation_that_is_due_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(gc, "collect", done.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    for counts in ((700, 10, 10), (701, 0, 0), (701, 11, 0), (5, 3, 11)):
        monkeypatch.setattr(gc, "get_count", lambda counts=counts: counts)
        collect_due()
    assert done == [0, 1, 2]
