"""The pumps of one station: what is asked of them, how they run, what they show. The simulation's own thread."""

from dataclasses import dataclass

from plant_models.simulation import pump_physics
from plant_models.simulation.noise import Wander
from plant_models.simulation.pump_physics import BAR_PER_M, MAINS_HZ, PumpRating, PumpState


@dataclass(slots=True)
class Pump:
    """One pump: orders from its PLC, and its state."""

    name: str
    rating: PumpRating
    state: PumpState
    on: float = 0.0  # 0 or 1
    speed_ref: float = MAINS_HZ  # Hz
    flow: float = 0.0  # m³/h
    head: float = 0.0  # m
    suction: float = 0.0  # m of pressure
    discharge: float = 0.0

    @property
    def ratio(self) -> float:
        """Actual speed over mains speed, 0 when stopped."""
        return self.state.speed / MAINS_HZ

    @property
    def delivers(self) -> bool:
        """Whether it turns fast enough for its delivery valve to be open."""
        return self.state.speed > 0.0 and self.state.speed >= self.rating.delivers_from

    def ramp(self, dt_s: float) -> None:
        """Let the drive follow its orders for `dt_s`."""
        target = min(max(self.speed_ref, 0.0), MAINS_HZ) if self.on >= 0.5 else 0.0
        self.state = pump_physics.ramped(self.state, target, dt_s, self.rating)

    def work(self, flow: float, suction: float, discharge: float) -> None:
        """Take flow (m³/h) and pressures (m).

        Between a pump and its shut delivery valve stands the suction pressure, and what the pump adds by turning
        (affinity laws).
        """
        self.suction = suction
        if self.delivers:
            self.flow, self.discharge, self.head = max(flow, 0.0), discharge, max(discharge - suction, 0.0)
        else:
            self.flow, self.head = 0.0, self.ratio**2 * self.rating.shut_off_head
            self.discharge = suction + self.head

    def show(self, ambient: float, noise: float, dt_s: float) -> dict[str, float]:
        """Warm up or cool down for `dt_s`, and return the pump's variables."""
        power = pump_physics.electric_power(self.flow, self.head, self.state.speed, self.rating)
        amperes = pump_physics.current(power, self.state.speed, self.rating)
        self.state = pump_physics.warmed(self.state, amperes, ambient, dt_s, self.rating)
        return {
            f"{self.name}.flow": self.flow,
            f"{self.name}.head": self.head,
            f"{self.name}.suction": self.suction * BAR_PER_M,
            f"{self.name}.discharge": self.discharge * BAR_PER_M,
            f"{self.name}.current": amperes,
            f"{self.name}.power": power,
            f"{self.name}.temp": self.state.temperature,
            f"{self.name}.vibration": pump_physics.vibration(self.flow, self.state.speed, noise, self.rating),
            f"{self.name}.speed": self.state.speed,
            f"{self.name}.running": float(self.state.speed > 0.0),
        }


def show_all(pumps: list[Pump], ambient: float, shake: Wander, dt_s: float) -> dict[str, float]:
    """Return the variables of several pumps; `shake` holds one vibration noise each."""
    shown: dict[str, float] = {}
    for pump, noise in zip(pumps, shake.step(dt_s), strict=True):
        shown |= pump.show(ambient, float(noise), dt_s)
    return shown
