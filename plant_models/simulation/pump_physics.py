"""What a motor-driven pump shows beside its flow: power, current, winding temperature, vibration.

Pure functions, any thread.
"""

import math
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

GRAVITY: Final = 9.80665
WATER_DENSITY: Final = 1000.0
BAR_PER_M: Final = WATER_DENSITY * GRAVITY * 1e-5
"""bar per metre of water."""
MAINS_HZ: Final = 50.0


class PumpRating(BaseModel):
    """One pump set with its motor and drive, as its name plate says it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    best_flow: float  # m³/h at 50 Hz
    efficiency: float = 0.80
    motor_efficiency: float = 0.94
    rated_kw: float  # motor input at full load
    volts: float = 400.0
    power_factor: float = 0.86
    ramp: float = 5.0  # Hz/s
    temperature_rise: float = 55.0  # K at rated current
    thermal_s: float = 900.0
    vibration: float = 1.4  # mm/s at the best point and 50 Hz
    delivers_from: float = 0.0  # Hz; its delivery valve is shut below, so that nothing runs through by gravity
    shut_off_head: float = 0.0  # m at 50 Hz, against the shut delivery valve


@dataclass(frozen=True, slots=True)
class PumpState:
    """Winding temperature in °C, speed in Hz."""

    temperature: float
    speed: float = 0.0


def ramped(state: PumpState, target_hz: float, dt_s: float, rating: PumpRating) -> PumpState:
    """Return the state after the drive has moved towards a speed for `dt_s`."""
    most = rating.ramp * dt_s
    return PumpState(state.temperature, state.speed + min(max(target_hz - state.speed, -most), most))


def electric_power(flow: float, head: float, speed: float, rating: PumpRating) -> float:
    """Return the motor's input in kW; flow m³/h, head m, speed Hz.

    P = ρ g Q H / η, and η(Q) = η_best q (2 − q) with q = Q / (s Q_best), the parabola through zero and the best point;
    s is the speed ratio (affinity laws). The two Q cancel, so a pump against a closed valve still takes power.
    """
    ratio = speed / MAINS_HZ
    if ratio <= 0.0:
        return 0.0
    share = min(max(flow, 0.0) / (ratio * rating.best_flow), 1.6)
    hydraulic = WATER_DENSITY * GRAVITY * (ratio * rating.best_flow / 3600.0) * max(head, 0.0) / 1000.0
    idle = 0.03 * rating.rated_kw * ratio**3
    return hydraulic / (rating.efficiency * (2.0 - share)) / rating.motor_efficiency + idle


def rated_current(rating: PumpRating) -> float:
    """Return the current at full load in A."""
    return rating.rated_kw * 1000.0 / (math.sqrt(3.0) * rating.volts * rating.power_factor)


def current(power: float, speed: float, rating: PumpRating) -> float:
    """Return the motor current in A; power in kW, speed in Hz.

    The active part comes from the power, the magnetising part is constant under a drive that keeps volts per hertz.
    """
    if speed <= 0.0:
        return 0.0
    full = rated_current(rating)
    volts = rating.volts * max(speed / MAINS_HZ, 0.1)
    active = min(power * 1000.0 / (math.sqrt(3.0) * volts), 1.5 * full)
    return math.hypot(active, full * math.sqrt(1.0 - rating.power_factor**2))


def warmed(state: PumpState, amperes: float, ambient: float, dt_s: float, rating: PumpRating) -> PumpState:
    """Return the state after `dt_s`: first order towards ambient plus a rise with the square of the current."""
    target = ambient + rating.temperature_rise * (amperes / rated_current(rating)) ** 2
    share = -math.expm1(-dt_s / rating.thermal_s)
    return PumpState(state.temperature + (target - state.temperature) * share, state.speed)


def vibration(flow: float, speed: float, noise: float, rating: PumpRating) -> float:
    """Return the velocity in mm/s RMS: grows with speed and off the best point; `noise` is a factor around 0."""
    ratio = speed / MAINS_HZ
    if ratio <= 0.0:
        return 0.0
    off = flow / (ratio * rating.best_flow) - 1.0
    return max(rating.vibration * ratio**2 * (0.8 + 0.9 * min(off * off, 2.0)) + 0.2 * ratio + 0.15 * noise, 0.05)
