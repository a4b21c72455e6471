"""Sequences like those of OPC UA Part 9, annex B.1: each step with the states that a client of the standard expects.

The columns are Active, Acked, Shelved, Suppressed, Latched and Retain (false only for an alarm that nobody needs).
"""

import pytest

from alarms.handling import AlarmAct
from alarms.states import AlarmState, Bits
from tests.fakes.alarm_bench import AlarmBench, high

Flags = tuple[bool, bool, bool, bool, bool, bool]


def flags(bench: AlarmBench) -> Flags:
    standing = bench.engine.standing_of(0)
    bits = standing.bits
    columns = (Bits.ACTIVE, Bits.ACKED, Bits.SHELVED, Bits.SUPPRESSED, Bits.LATCHED)
    return (*(bool(bits & bit) for bit in columns), standing.state is not AlarmState.NORM)  # type: ignore[return-value]


def row(text: str) -> Flags:
    return tuple(mark == "1" for mark in text.split())  # type: ignore[return-value]


def step(bench: AlarmBench, what: str) -> None:
    number = bench.engine.number_of("T0.H")
    assert number is not None
    match what:
        case "active":
            bench.put((0, 11))
        case "inactive":
            bench.put((0, 1))
        case "acknowledge":
            assert bench.acknowledge(bench.row("T0.H")).is_done
        case "shelve":
            assert bench.do("T0.H", AlarmAct.SHELVE).is_done
        case "one shot":
            assert bench.do("T0.H", AlarmAct.SHELVE, is_one_shot=True).is_done
        case "unshelve":
            assert bench.do("T0.H", AlarmAct.UNSHELVE).is_done
        case "shelf ends":
            bench.wait(3_600)
        case "suppressed":
            bench.engine.suppress(number, True, bench.now)
        case "unsuppressed":
            bench.engine.suppress(number, False, bench.now)
        case _:
            assert bench.do("T0.H", AlarmAct.RESET).is_done


@pytest.mark.parametrize(
    ("is_latching", "flow"),
    [
        (  # acknowledged while active, then over
            False,
            [("active", "1 0 0 0 0 1"), ("acknowledge", "1 1 0 0 0 1"), ("inactive", "0 1 0 0 0 0")],
        ),
        (  # over before it is acknowledged, raised again before too
            False,
            [
                ("active", "1 0 0 0 0 1"),
                ("inactive", "0 0 0 0 0 1"),
                ("active", "1 0 0 0 0 1"),
                ("inactive", "0 0 0 0 0 1"),
                ("acknowledge", "0 1 0 0 0 0"),
            ],
        ),
        (  # shelved while it goes and comes: back on the list unacknowledged
            False,
            [
                ("active", "1 0 0 0 0 1"),
                ("acknowledge", "1 1 0 0 0 1"),
                ("shelve", "1 1 1 0 0 1"),
                ("inactive", "0 1 1 0 0 1"),
                ("active", "1 1 1 0 0 1"),
                ("unshelve", "1 0 0 0 0 1"),
            ],
        ),
        (  # one shot: the shelf ends with the condition
            False,
            [("active", "1 0 0 0 0 1"), ("one shot", "1 0 1 0 0 1"), ("inactive", "0 1 0 0 0 0")],
        ),
        (  # timed: the shelf ends by itself
            False,
            [("active", "1 0 0 0 0 1"), ("shelve", "1 0 1 0 0 1"), ("shelf ends", "1 0 0 0 0 1")],
        ),
        (  # suppressed by design before it comes, released while it is there
            False,
            [
                ("suppressed", "0 1 0 1 0 1"),
                ("active", "1 1 0 1 0 1"),
                ("unsuppressed", "1 0 0 0 0 1"),
                ("acknowledge", "1 1 0 0 0 1"),
            ],
        ),
        (  # both at once: the shelf ends underneath
            False,
            [
                ("active", "1 0 0 0 0 1"),
                ("shelve", "1 0 1 0 0 1"),
                ("suppressed", "1 0 1 1 0 1"),
                ("shelf ends", "1 0 0 1 0 1"),
                ("unsuppressed", "1 0 0 0 0 1"),
            ],
        ),
        (  # latched: over, acknowledged, and only then reset
            True,
            [
                ("active", "1 0 0 0 1 1"),
                ("inactive", "0 0 0 0 1 1"),
                ("acknowledge", "0 1 0 0 1 1"),
                ("reset", "0 1 0 0 0 0"),
            ],
        ),
    ],
)
def test_a_flow(is_latching: bool, flow: list[tuple[str, str]]) -> None:
    bench = AlarmBench([high(0, latching=is_latching, suppress_when="{T1} > 5")])
    bench.put((0, 1))
    for what, expected in flow:
        step(bench, what)
        assert flags(bench) == row(expected), what
