"""What `model/plcs.toml` says: the virtual PLCs, their maps and their programs. Read once at start."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from plant_models.simulation.model_file import ModelError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


class PumpGroupConfig(_Part):
    """A pump group; levels in %, speed in Hz, times in s of plant time. See pump_group.py."""

    name: str
    pumps: tuple[str, ...] = Field(min_length=1)
    level: str
    start: float = Field(ge=0, le=100)
    stop: float = Field(ge=0, le=100)
    min_run_s: float = Field(default=300.0, ge=0)
    min_off_s: float = Field(default=300.0, ge=0)
    speed: float = Field(default=50.0, ge=25, le=50)
    assist: float | None = None
    suction: str = ""
    suction_min: float = 15.0

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.start >= self.stop:
            raise ValueError(f"start ({self.start}) must lie below stop ({self.stop})")
        if self.assist is not None and self.assist >= self.start:
            raise ValueError(f"assist ({self.assist}) must lie below start ({self.start})")
        return self


class DosingConfig(_Part):
    """A dosing pump; doses in mg/L, `no_flow` in m³/h is the flow below which it stops."""

    name: str
    flow: str
    no_flow: float = Field(default=10.0, ge=0)
    dose: float
    dose_low: float = 0.0
    dose_high: float


class FilterBankConfig(_Part):
    """A bank of filters; head loss in m, hours in service, longest backwash in s of plant time."""

    name: str
    filters: tuple[str, ...] = Field(min_length=1)
    headloss: float = Field(default=2.0, gt=0)
    hours: float = Field(default=48.0, gt=0)
    backwash_s: float = Field(default=1800.0, gt=0)


class ValveConfig(_Part):
    """A control valve; `travel_s` is the plant time from shut to open, `position` in % where it starts."""

    name: str
    travel_s: float = Field(default=60.0, gt=0)
    position: float = Field(default=100.0, ge=0, le=100)


class PrvConfig(_Part):
    """A pressure reducing valve; pressures in bar."""

    name: str
    setpoint: float
    low: float = 0.5
    high: float = 10.0


class PlcConfig(_Part):
    """One virtual PLC. `port` 0 is any free one; `heartbeat` names the asset of its own variables, else the PLC."""

    name: str
    protocol: Literal["modbus", "opcua"]
    map: str
    port: int = Field(default=0, ge=0, le=65535)
    unit_id: int = Field(default=1, ge=0, le=255)
    byte_order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    heartbeat: str = ""
    totals: tuple[str, ...] = ()
    group: tuple[PumpGroupConfig, ...] = ()
    dosing: tuple[DosingConfig, ...] = ()
    filters: tuple[FilterBankConfig, ...] = ()
    valve: tuple[ValveConfig, ...] = ()
    prv: tuple[PrvConfig, ...] = ()


class PlcFile(_Part):
    """The whole file."""

    plc: tuple[PlcConfig, ...] = Field(min_length=1)


def load_plcs(folder: Path) -> tuple[PlcConfig, ...]:
    """Return the PLCs of `folder`/plcs.toml, in file order.

    Raises:
        ModelError: the file is missing or wrong; the message names the key and what is wrong with it.
    """
    path = folder / "plcs.toml"
    try:
        plcs = PlcFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).plc
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{path.name}: can't be read ({error})") from error
    except ValidationError as error:
        found = [f"{path.name}: {_where(item['loc'])}: {item['msg']}" for item in error.errors()]
        raise ModelError("; ".join(found)) from error
    refuse_twins(plcs)
    return plcs


def refuse_twins(plcs: Sequence[PlcConfig]) -> None:
    """Refuse two PLCs of one name.

    Raises:
        ModelError: there are two.
    """
    names = [plc.name for plc in plcs]
    twin = next((name for name in names if names.count(name) > 1), None)
    if twin:
        raise ModelError(f"plcs.toml: two PLCs are called {twin}; a PLC's name is its device's, and unique")


def _where(location: tuple[Any, ...]) -> str:
    """Return ("plc", 0, "group", 1, "start") as "plc 1, group 2, start"."""
    words: list[str] = []
    for part in location:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return ", ".join(words) or "file"
