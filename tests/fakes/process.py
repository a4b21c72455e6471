"""A process without hydraulics: tanks fill while pumps run, and everything else stays where a test puts it."""

from typing import Final

_VALUES: Final = {
    "TK1.level": 50.0,
    "CLW.level": 50.0,
    "RAW.flow": 800.0,
    "CV1.flow": 120.0,
    "CV1.position": 100.0,
    "PRV1.downstream": 3.0,
    "ZN.NORTH.demand": 250.0,
    **{
        f"{pump}.{name}": value
        for pump in ("LPS.P1", "LPS.P2")
        for name, value in {"flow": 0.0, "power": 0.0, "speed": 0.0}.items()
    },
    **{
        f"FLT.F{n}.{name}": value
        for n in (1, 2, 3)
        for name, value in {"headloss": 0.5, "run_hours": 5.0, "state": 0.0}.items()
    },
}
_ACTUATORS: Final = frozenset(
    [
        *(f"LPS.P{n}.{name}" for n in (1, 2) for name in ("on", "speed_ref")),
        *(f"FLT.F{n}.{name}" for n in (1, 2, 3) for name in ("in_service", "backwash")),
        "CV1.opening_ref",
        "PRV1.pressure_ref",
        "DOS.CL2.dose_ref",
    ]
)
FILL_PER_S: Final = 0.01
"""How fast TK1 rises per running pump at 50 Hz, % per s of plant time; it falls half as fast by demand."""


class FakeProcess:
    """Keeps the interface of `plant_models.simulation.process.Process`; `values` and `orders` lie open."""

    def __init__(self) -> None:
        self.values = dict(_VALUES)
        self.orders: dict[str, float] = {}
        self.faults: list[tuple[str, dict[str, object]]] = []
        self.variables = frozenset(_VALUES)
        self.actuators = _ACTUATORS
        self.failure: str | None = None
        self.is_closed = False
        self.elapsed_s = 0.0

    def get(self, variable: str) -> float:
        return self.values[variable]

    def set(self, variable: str, value: float) -> None:
        if variable not in self.actuators:
            raise KeyError(variable)
        self.orders[variable] = value

    def step(self, dt_s: float) -> None:
        self.elapsed_s += dt_s
        for pump in ("LPS.P1", "LPS.P2"):
            speed = self.orders.get(f"{pump}.speed_ref", 0.0) if self.orders.get(f"{pump}.on") else 0.0
            self.values[f"{pump}.speed"] = speed
            self.values[f"{pump}.flow"] = 10.0 * speed
            self.values["TK1.level"] += FILL_PER_S * dt_s * speed / 50.0
        self.values["TK1.level"] = min(max(self.values["TK1.level"] - FILL_PER_S * dt_s / 2, 0.0), 100.0)
        self.values["CV1.position"] = self.orders.get("CV1.opening_ref", 100.0)
        self.values["PRV1.downstream"] = self.orders.get("PRV1.pressure_ref", 3.0)

    def fault(self, name: str, **arguments: object) -> None:
        if name == "flood":
            raise ValueError("no such fault")
        self.faults.append((name, arguments))

    def close(self) -> None:
        self.is_closed = True
