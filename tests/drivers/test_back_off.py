"""Waiting longer after each failure."""

from drivers.back_off import BackOff

SECOND_NS = 1_000_000_000


def waits(back_off: BackOff, count: int) -> list[float]:
    found = []
    for _ in range(count):
        back_off.failed(0)
        found.append(back_off.due_ns / SECOND_NS)
    return found


def test_waits_double_up_to_the_longest() -> None:
    assert waits(BackOff(10.0, lambda: 0.0), 6) == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_jitter_shortens_a_wait_by_up_to_a_quarter() -> None:
    assert waits(BackOff(10.0, lambda: 1.0), 2) == [0.75, 1.5]


def test_a_thousand_failures_still_wait_only_the_longest() -> None:
    assert waits(BackOff(10.0, lambda: 0.0), 1000)[-1] == 10.0


def test_nothing_waits_before_the_first_failure_or_after_a_success() -> None:
    back_off = BackOff(10.0, lambda: 0.0)
    assert back_off.is_due(0)
    back_off.failed(0)
    assert not back_off.is_due(SECOND_NS - 1)
    assert back_off.is_due(SECOND_NS)
    back_off.succeeded()
    assert back_off.is_due(0)
    assert waits(back_off, 1) == [1.0]
