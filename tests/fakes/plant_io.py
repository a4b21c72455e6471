"""The plant as a PLC program sees it, under the test's hand."""

from collections.abc import Mapping

from plant_models.simulation.program import Program


class FakePlantIO:
    """`values` is what sensors say, `orders` what actuators were told."""

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        self.values = dict(values or {})
        self.orders: dict[str, float] = {}

    def read(self, variable: str) -> float:
        return self.values[variable]

    def set(self, variable: str, value: float) -> None:
        self.orders[variable] = value


def write(program: Program, variable: str, value: float) -> float:
    """Write a variable as a client does and return what a readback shows."""
    target = program.variables()[variable]
    assert target.on_write is not None, f"{variable} is read-only"
    target.on_write(value)
    return target.value
