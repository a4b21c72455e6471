"""Due times on a grid."""

from drivers.schedule import NEVER_NS, Schedule


def test_a_key_is_due_at_once_and_then_every_period() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.start("A", 10, now_ns=100)
    assert schedule.take_due(100) == ["A"]
    assert schedule.take_due(109) == []
    assert schedule.next_ns() == 110
    assert schedule.take_due(110) == ["A"]


def test_what_was_missed_is_not_caught_up() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.start("A", 10, now_ns=0)
    schedule.take_due(0)
    assert schedule.take_due(57) == ["A"]
    assert schedule.take_due(57) == []
    assert schedule.next_ns() == 60


def test_a_late_read_does_not_shift_the_grid() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.start("A", 10, now_ns=0)
    for now in (3, 14, 29):
        schedule.take_due(now)
    assert schedule.next_ns() == 30


def test_the_longest_waiting_comes_first() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.start("SLOW", 50, now_ns=0)
    schedule.start("FAST", 10, now_ns=0)
    schedule.take_due(0)
    assert schedule.take_due(60) == ["FAST", "SLOW"]


def test_a_stopped_key_is_never_due() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.start("A", 10, now_ns=0)
    schedule.stop("A")
    schedule.stop("A")
    assert schedule.take_due(1000) == []
    assert schedule.next_ns() == NEVER_NS
