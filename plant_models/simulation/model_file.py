"""What `model/model.toml` says: which parts of the network are which equipment, and the constants of the works.

Read once at start, on the simulation's own thread. Names on the left are the plant's, `node` and `link` are EPANET's.
"""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plant_models.simulation.pump_physics import PumpRating


class ModelError(Exception):
    """The model folder is wrong; the text says which file, where and what: "lps.csv:12: problem; remedy"."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Station(_Part):
    """Parallel pumps between two nodes; each pump's name is its link's name in the network."""

    name: str
    suction: str  # node
    discharge: str  # node
    floor: float  # m, height of the pumps' axis, where the pressure gauges sit
    pumps: tuple[str, ...]
    rating: PumpRating


class Tank(_Part):
    """A storage tank of the network."""

    name: str
    node: str
    diameter: float  # m
    max_level: float  # m, shown as 100 %


class ControlValve(_Part):
    """A throttling valve with an actuator; `coefficient` is its loss coefficient when open."""

    name: str
    link: str
    coefficient: float = 3.0
    stroke_s: float = 60.0


class ReducingValve(_Part):
    """A pressure reducing valve; pressures in bar."""

    name: str
    link: str
    pressure: float


class Zone(_Part):
    """A supply zone: its junctions. What crosses its edge is its inflow."""

    name: str
    nodes: tuple[str, ...]


class Meter(_Part):
    """A flow meter on a link of the network."""

    name: str
    link: str


class Demand(_Part):
    """How consumption wanders around the daily pattern: standard deviations as fractions, time constant in s."""

    common: float = 0.03
    local: float = 0.08
    return_s: float = 1200.0


class Source(_Part):
    """Raw water at rest, and how far it wanders. Level in m above the bed, turbidity NTU, conductivity µS/cm."""

    name: str
    node: str
    bed: float  # m above datum
    level: float
    level_spread: float
    turbidity: float
    turbidity_spread: float  # of the logarithm
    temperature: float
    ph: float
    conductivity: float
    chlorine: float = 0.0  # mg/L as delivered


class Intake(_Part):
    """River intake: screen, well and raw water pumps."""

    screen: float = 3.7  # m^2.5/s: flow = screen × √(head loss)
    blinding: float = 2.0e-7  # share of the screen blinded per m³ and NTU
    rake_at: float = 1.5  # kPa
    well_area: float = 120.0  # m²
    well_floor: float  # m above datum
    pumps: tuple[str, ...]
    shut_off_head: float  # m at 50 Hz
    curve: float  # m/(m³/h)²
    delivery: float  # m above datum
    main: float  # m/(m³/h)², friction of the common main
    rating: PumpRating


class Filters(_Part):
    """Rapid gravity filters."""

    names: tuple[str, ...]
    area: float = 72.0  # m² each
    level: float = 1.8  # m above the media, held by the outlet valve
    weir: float = 2.6  # m, overflow
    drive: float = 3.0  # m, head loss at which the outlet valve is fully open
    clean_loss: float = 0.35  # m at 10 m/h
    clogging: float = 2.1  # m per kg/m² of deposit at 10 m/h
    wash_rate: float = 40.0  # m/h


class Dosing(_Part):
    """A chemical and its day tank."""

    name: str
    capacity: float  # kg of active chemical in a full tank
    max_rate: float  # kg/h
    delivered_at: float = 25.0  # % at which the next delivery comes


class Works(_Part):
    """The treatment works between the river and the suction node of its pump station."""

    outlet: str  # reservoir node that stands for the clearwell
    station: str  # pump station that draws from the clearwell
    area: float  # m²
    floor: float  # m above datum
    max_level: float  # m, shown as 100 %
    start_level: float  # m
    decay: float  # 1/h of chlorine
    coagulant: Dosing
    chlorine: Dosing
    intake: Intake
    filters: Filters


class Model(_Part):
    """All of it. `start` is the time of day at plant time 0, in h."""

    format: int = Field(ge=1, le=1)
    start: float = Field(ge=0.0, lt=24.0)
    ambient: float = 18.0  # °C
    demand: Demand
    station: tuple[Station, ...]
    tank: tuple[Tank, ...]
    control_valve: tuple[ControlValve, ...]
    reducing_valve: tuple[ReducingValve, ...]
    zone: tuple[Zone, ...]
    meter: tuple[Meter, ...]
    source: tuple[Source, ...]
    works: Works


def load_model(file: Path) -> Model:
    """Read `model.toml`.

    Raises:
        ModelError: missing, not TOML, or a wrong, missing or unknown key; all of them at once.
    """
    try:
        return Model.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{file}: {error}") from error
    except ValidationError as error:
        findings = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ModelError(f"{file}: " + "; ".join(findings)) from error
