"""When an alarm is raised and cleared, from the runs of its condition: delays, and conditions that come often. Pure.

The rules are those of `alarms/`; the tests hold the two together.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.judging import Flags
from analytics.runs import Runs
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import Times

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Turns:
    """When the alarm is raised and cleared, in turn; `runs` are the numbers of the runs that did it."""

    at_us: Times
    runs: Numbers


def turns_of(runs: Runs, definition: AlarmDefinition) -> Turns:
    """Return when a condition that is over at first turns.

    A run that is as long as the delay turns it, even if it ends at that very moment.
    """
    on_ns, off_ns = round(definition.on_delay_s * 1e9), round(definition.off_delay_s * 1e9)
    delay_ns = np.where(runs.holds, on_ns, off_ns)
    is_ripe = _lasts(runs, delay_ns)
    if definition.count > 0:
        return _counted(runs, definition, delay_ns, is_ripe)
    ripe = np.flatnonzero(is_ripe)
    holds = runs.holds[ripe]
    turning = ripe[holds != np.append(False, holds[:-1])[: len(holds)]]
    return Turns(runs.start_us[turning] + delay_ns[turning] // 1_000, turning)


def _counted(runs: Runs, definition: AlarmDefinition, delay_ns: NDArray[np.int64], is_ripe: Flags) -> Turns:
    """Return the turns of an alarm that also counts how often its condition comes.

    It has come when it holds after it was clear. An alarm that is raised by that stands until the condition has been
    over for the time in which comings are counted, or for its off-delay, whichever is longer.
    """
    window_ns = round(definition.count_s * 1e9)
    is_often = _comes_often(runs, definition.count, window_ns)
    raises = np.flatnonzero(runs.holds & (is_ripe | is_often)).tolist()
    longer_ns = np.maximum(delay_ns, window_ns)
    clears = {
        False: np.flatnonzero(~runs.holds & is_ripe).tolist(),
        True: np.flatnonzero(~runs.holds & _lasts(runs, longer_ns)).tolist(),
    }
    turning: list[int] = []
    delays_ns: list[int] = []
    at = 0
    while at < len(raises):
        run = raises[at]
        by_count = bool(is_often[run])
        turning.append(run)
        delays_ns.append(0 if by_count else int(delay_ns[run]))
        clearing = clears[by_count]
        place = bisect_left(clearing, run)
        if place == len(clearing):
            break
        turning.append(clearing[place])
        delays_ns.append(int((longer_ns if by_count else delay_ns)[clearing[place]]))
        at = bisect_left(raises, clearing[place], at)
    numbers = np.array(turning, np.intp)
    return Turns(runs.start_us[numbers] + np.array(delays_ns, np.int64) // 1_000, numbers)


def _comes_often(runs: Runs, count: int, window_ns: int) -> Flags:
    """Return which runs begin with the last of `count` comings within the window."""
    came = np.flatnonzero(runs.holds & ~np.append(False, runs.holds[:-1])[: len(runs.holds)])
    since_us = runs.start_us[came]
    is_often = np.zeros(len(runs.holds), np.bool_)
    n = max(len(came) - count + 1, 0)
    is_often[came[count - 1 :]] = (since_us[count - 1 :] - since_us[:n]) * 1_000 <= window_ns
    return is_often


def _lasts(runs: Runs, delay_ns: NDArray[np.int64]) -> Flags:
    return np.asarray((runs.end_us - runs.start_us) * 1_000 >= delay_ns, np.bool_)
