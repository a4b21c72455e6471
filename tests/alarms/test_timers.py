"""What becomes due: in its order, replaced by a new time, and never after it was stopped."""

from alarms.timers import Due, Timers


def test_what_is_due_comes_once_in_the_order_of_time() -> None:
    timers = Timers()
    timers.start(1, Due.SHELF, 20)
    timers.start(2, Due.REALARM, 10)
    assert timers.ripe(9) == []
    assert timers.ripe(20) == [(2, Due.REALARM), (1, Due.SHELF)]
    assert timers.ripe(99) == []


def test_a_new_time_replaces_the_old_one_and_a_stopped_one_never_comes() -> None:
    timers = Timers()
    timers.start(1, Due.SHELF, 10)
    timers.start(1, Due.SHELF, 30)
    timers.start(1, Due.REALARM, 10)
    timers.stop(1, Due.REALARM)
    timers.stop(5, Due.SHELF)
    assert timers.ripe(29) == []
    assert timers.left_ns(1, Due.SHELF, 29) == 1
    assert timers.ripe(30) == [(1, Due.SHELF)]
    assert timers.left_ns(1, Due.SHELF, 30) is None
