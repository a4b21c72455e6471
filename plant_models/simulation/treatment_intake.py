"""River intake: screen, rake, well and raw water pumps. Pure functions of (state, dt), any thread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plant_models.simulation.model_file import Intake

KPA_PER_M: Final = 9.80665
_RAKE_S: Final = 180.0
_MOST_BLINDED: Final = 0.98
_PUMPS_LOSE_PRIME_AT: Final = 0.4  # m of water in the well
_HALVINGS: Final = 40


@dataclass(frozen=True, slots=True)
class IntakeState:
    """Well level in m, share of the screen that is blinded, s that the rake still runs."""

    well_level: float
    blinded: float = 0.0
    rake_s: float = 0.0


@dataclass(frozen=True, slots=True)
class IntakeFlow:
    """What passed in a step: m³/h of each pump and through the screen, m of pump head, kPa over the screen."""

    pumps: tuple[float, ...]
    screen: float
    head: float
    screen_dp: float

    @property
    def total(self) -> float:
        """Raw water to the works in m³/h."""
        return sum(self.pumps)


def step_intake(
    state: IntakeState, intake: Intake, river: tuple[float, float], speeds: Sequence[float], dt_s: float
) -> tuple[IntakeState, IntakeFlow]:
    """Move on by `dt_s`.

    Args:
        river: surface of the river in m above datum, and its turbidity in NTU.
        speeds: speed ratio of each raw pump, 0 for a stopped one.

    The well is solved with the flow at the end of the step (backward Euler), so it is stable for any `dt_s`, and the
    water through the screen less the water pumped is exactly what the well gains.
    """
    surface, turbidity = river
    lift = intake.delivery - intake.well_floor - state.well_level
    pumps, head = (
        raw_flows(intake, speeds, lift) if state.well_level > _PUMPS_LOSE_PRIME_AT else ((0.0,) * len(speeds), 0.0)
    )
    taken = sum(pumps) / 3600.0
    opening = intake.screen * (1.0 - state.blinded)
    # x = √(head loss): x² + (dt·K/A) x − (surface − well floor − level + dt·taken/A) = 0
    slope = dt_s * opening / intake.well_area
    still = surface - intake.well_floor - state.well_level + dt_s * taken / intake.well_area
    x = math.copysign((-slope + math.sqrt(slope * slope + 4.0 * abs(still))) / 2.0, still)
    screen = opening * x
    level = state.well_level + dt_s * (screen - taken) / intake.well_area
    dp = x * abs(x) * KPA_PER_M
    blinded, rake_s = _rake(state, intake, dp, dt_s)
    blinded += intake.blinding * max(screen, 0.0) * turbidity * dt_s
    flow = IntakeFlow(pumps, screen * 3600.0, head, dp)
    return IntakeState(level, min(blinded, _MOST_BLINDED), rake_s), flow


def _rake(state: IntakeState, intake: Intake, dp: float, dt_s: float) -> tuple[float, float]:
    """Return the blinded share and the rake's remaining time; the rake starts by itself on the head loss (kPa)."""
    left = _RAKE_S if state.rake_s <= 0.0 and dp > intake.rake_at else state.rake_s
    if left <= 0.0:
        return state.blinded, 0.0
    return state.blinded * math.exp(-3.0 * dt_s / _RAKE_S), left - dt_s


def raw_flows(intake: Intake, speeds: Sequence[float], lift: float) -> tuple[tuple[float, ...], float]:
    """Return m³/h of each of the parallel pumps and their head in m, against `lift` m and the friction of the main.

    Each pump gives H = s² H₀ − a Q² (affinity laws); the main takes lift + k Q². Found by halving the head.
    """
    low, high = lift, max((speed * speed * intake.shut_off_head for speed in speeds), default=0.0)
    if high <= low:
        return (0.0,) * len(speeds), 0.0
    for _ in range(_HALVINGS):
        head = (low + high) / 2.0
        given = sum(_flow_at(intake, speed, head) for speed in speeds)
        if given > math.sqrt((head - lift) / intake.main):
            low = head
        else:
            high = head
    return tuple(_flow_at(intake, speed, high) for speed in speeds), high


def _flow_at(intake: Intake, speed: float, head: float) -> float:
    return math.sqrt(max(speed * speed * intake.shut_off_head - head, 0.0) / intake.curve)
