"""The thread that packs: what it can't do is told, and done as soon as it can be."""

from pathlib import Path

import pytest

from database.errors import DatabaseError
from history import packing
from history.packing import PackingThread
from tests.fakes.packing_bench import bench, shift
from tests.fakes.waiting import wait_until


class _Packer:
    """Fails as `failures` say, then has nothing to do."""

    size_bytes = 7

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.steps = 0

    def step(self) -> bool:
        self.steps += 1
        if self.failures:
            raise self.failures[0]
        return False


@pytest.fixture(autouse=True)
def _restless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "REST_S", 0.01)


@pytest.mark.parametrize("failure", [DatabaseError("the disk is full"), RuntimeError("the disk is full")])
def test_what_keeps_it_from_packing_is_told_until_it_is_over(failure: Exception) -> None:
    packer = _Packer(failure)
    thread = PackingThread(packer)  # type: ignore[arg-type]
    thread.start()
    try:
        wait_until(lambda: thread.error == "the disk is full", what="the error")
        steps = packer.steps
        wait_until(lambda: packer.steps > steps, what="another try")
        packer.failures.clear()
        wait_until(lambda: not thread.error, what="the end of the error")
        assert thread.size_bytes == 7
    finally:
        assert thread.stop()


def test_the_size_of_the_months_is_known_when_nothing_is_left_to_do(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 3, 60)
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        assert one.packer.size_bytes == 0
        one.pack()
        assert one.packer.size_bytes == sum(path.stat().st_size for path in tmp_path.glob("history-2*"))


class _Care:
    """Fails with `failure`, if there is one."""

    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
        self.notice, self.backup = "look", None
        self.saved = 0

    def step(self) -> None:
        if self.failure:
            raise self.failure

    def save(self) -> None:
        self.saved += 1


def test_care_has_its_turn_when_nothing_is_to_be_packed_and_never_ends_the_thread() -> None:
    care = _Care(RuntimeError("no"))
    thread = PackingThread(_Packer(), care)  # type: ignore[arg-type]
    thread.start()
    try:
        wait_until(lambda: thread.notice == "History can't be looked after: no", what="the error")
        care.failure = None
        wait_until(lambda: thread.notice == "look", what="the end of the error")
        assert thread.error == ""
    finally:
        assert thread.stop()
    assert care.saved == 1
