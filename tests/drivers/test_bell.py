"""A bell wakes the one who sleeps, and is not lost on one who doesn't sleep yet."""

import threading

from drivers.bell import Bell


def test_a_ring_before_the_sleep_is_heard_once() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    assert bell.wait(60.0)
    assert not bell.wait(0.0), "two rings while nobody slept are one"


def test_a_sleeper_is_woken() -> None:
    bell, woken = Bell(), []
    sleeper = threading.Thread(target=lambda: woken.append(bell.wait(60.0)))
    sleeper.start()
    bell.ring()
    sleeper.join(30.0)
    assert woken == [True]
