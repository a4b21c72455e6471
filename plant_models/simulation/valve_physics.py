"""How far a control valve is open, and what that costs the water. Pure functions, any thread."""

from typing import Final

CLOSED_BELOW: Final = 0.5
"""% of travel under which the valve is tight."""
_RANGEABILITY: Final = 30.0


def travelled(position: float, target: float, dt_s: float, stroke_s: float) -> float:
    """Return the position in % after moving for `dt_s` towards `target`; a full stroke takes `stroke_s`."""
    most = 100.0 * dt_s / stroke_s
    return position + min(max(min(max(target, 0.0), 100.0) - position, -most), most)


def loss_coefficient(position: float, open_coefficient: float) -> float:
    """Return the loss coefficient K of h = K v² / 2g at a position in %.

    Equal-percentage characteristic (IEC 60534-2-4): Kv(x) = Kv₁₀₀ R^(x−1), and K goes with Kv⁻².
    """
    travel = min(max(position, 0.0), 100.0) / 100.0
    return float(open_coefficient * _RANGEABILITY ** (2.0 * (1.0 - travel)))
