"""The clearwell: a mixed tank with volume, chlorine, turbidity and pH. Pure functions of (state, dt), any thread."""

from dataclasses import dataclass

from plant_models.simulation.model_file import Works


@dataclass(frozen=True, slots=True)
class ClearwellState:
    """Volume m³, chlorine mg/L, turbidity NTU, pH."""

    volume: float
    chlorine: float
    turbidity: float
    ph: float


@dataclass(frozen=True, slots=True)
class Inflow:
    """Water coming in: m³/h, chlorine mg/L, turbidity NTU, pH."""

    flow: float
    chlorine: float
    turbidity: float
    ph: float


def step_clearwell(
    state: ClearwellState, works: Works, inflow: Inflow, outflow: float, dt_s: float
) -> tuple[ClearwellState, float, float]:
    """Move on by `dt_s`; return the state, the outflow that there was water for and the overflow, m³/h.

    Completely mixed, first-order decay: d(VC)/dt = Q_in C_in − Q_out C − k V C, taken at the end of the step (backward
    Euler), so that mass is conserved exactly and no step is too long. pH is mixed like a concentration, which is fair
    for small changes.
    """
    hours = dt_s / 3600.0
    most = works.area * works.max_level
    out = min(outflow, state.volume / hours + inflow.flow)
    filled = max(state.volume + (inflow.flow - out) * hours, 0.0)
    overflow = max(filled - most, 0.0) / hours
    volume = min(filled, most)
    leaving = (out + overflow) * hours
    entering = inflow.flow * hours

    def mixed(held: float, added: float, decay: float = 0.0) -> float:
        whole = volume * (1.0 + decay * hours) + leaving
        return (state.volume * held + entering * added) / whole if whole > 0.0 else held

    new = ClearwellState(
        volume,
        mixed(state.chlorine, inflow.chlorine, works.decay),
        mixed(state.turbidity, inflow.turbidity),
        mixed(state.ph, inflow.ph),
    )
    return new, out, overflow
