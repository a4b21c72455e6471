"""What is wrong with a plant's `model/`, told as the findings of the plant folder are. Main thread, for `check`.

First each file by itself, all mistakes of it; then, if there are none, the physics is built once and each PLC is held
against it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from plant_models.project.finding import Finding
from plant_models.project.schema import validate
from plant_models.project.source import read_text
from plant_models.project.toml_source import parse_toml
from plant_models.simulation.address_map import MapEntry, read_map
from plant_models.simulation.engine import HydraulicError
from plant_models.simulation.model_file import Model, ModelError
from plant_models.simulation.plc_config import PlcConfig, PlcFile, refuse_twins
from plant_models.simulation.process import MODEL_FILE, NETWORK_FILE, Process
from plant_models.simulation.sensors import Sensors
from plant_models.simulation.simulation import make_plc

FOLDER: Final = "model"
PLCS_FILE: Final = "plcs.toml"
_PLACE: Final = re.compile(r"(?P<file>[^:;]+\.\w+)(?::(?P<line>\d+))?: (?P<text>.*)", re.DOTALL)
_REMEDY: Final = "correct it, see docs/reference/model-folder.md"

_Maps = Mapping[str, Sequence[MapEntry]]
_File = TypeVar("_File", bound=BaseModel)


def check_model(plant: Path) -> list[Finding]:
    """Return every mistake of `model/` in a plant folder, sorted by place; none if there is no such folder."""
    folder = plant / FOLDER
    if not folder.exists():
        return []
    if not folder.is_dir():
        return [Finding(FOLDER, 1, 1, "not a folder", "make it one, or remove it")]
    findings: list[Finding] = []
    model = _read(folder, MODEL_FILE, Model, findings)
    read_text(folder / NETWORK_FILE, f"{FOLDER}/{NETWORK_FILE}", findings)
    plcs = _read(folder, PLCS_FILE, PlcFile, findings)
    maps = _maps(folder, plcs.plc, findings) if plcs else {}
    if model and plcs and not findings:
        _check_together(folder, plcs.plc, maps, findings)
    return sorted(findings)


def _read(folder: Path, name: str, form: type[_File], findings: list[Finding]) -> _File | None:
    where = f"{FOLDER}/{name}"
    text = read_text(folder / name, where, findings)
    source = None if text is None else parse_toml(text, where, findings)
    return validate(form, source, findings) if source else None


def _maps(folder: Path, plcs: Sequence[PlcConfig], findings: list[Finding]) -> _Maps:
    maps: dict[str, Sequence[MapEntry]] = {}
    try:
        refuse_twins(plcs)
    except ModelError as error:
        findings.append(_finding(error, PLCS_FILE))
    for plc in plcs:
        maps[plc.name], mistakes = read_map(folder / plc.map, plc.protocol)
        findings.extend(_finding(mistake, plc.map) for mistake in mistakes)
    return maps


def _check_together(folder: Path, plcs: Iterable[PlcConfig], maps: _Maps, findings: list[Finding]) -> None:
    """Build the physics, and hold programs and maps of the PLCs against it."""
    try:
        process = Process(folder)
    except ModelError as error:
        findings.append(_finding(error, MODEL_FILE))
        return
    except HydraulicError as error:
        findings.append(_finding(error, NETWORK_FILE))
        return
    except (ArithmeticError, ValueError) as error:
        findings.append(Finding(f"{FOLDER}/{MODEL_FILE}", 1, 1, f"the physics can't start with it ({error})", _REMEDY))
        return
    try:
        if process.failure:
            problem = f"the network has no solution at the start ({process.failure})"
            findings.append(Finding(f"{FOLDER}/{NETWORK_FILE}", 1, 1, problem, _REMEDY))
            return
        for config in plcs:
            findings.extend(_finding(mistake, PLCS_FILE) for mistake in _plc_mistakes(config, process, maps))
    finally:
        process.close()


def _plc_mistakes(config: PlcConfig, process: Process, maps: _Maps) -> Iterable[ModelError]:
    try:
        plc = make_plc(config, Sensors(process), process.variables)
    except ModelError as error:
        yield error
        return
    for entry in maps[config.name]:
        try:
            plc.check([entry])
        except ModelError as error:
            yield error


def _finding(error: Exception, file: str) -> Finding:
    """Return the finding that an error of the simulation tells as "file:line: problem; remedy"."""
    place = _PLACE.fullmatch(str(error))
    line = int(place["line"] or 1) if place else 1
    problem, _, remedy = (place["text"] if place else str(error)).partition("; ")
    return Finding(f"{FOLDER}/{place['file'] if place else file}", line, 1, problem, remedy or _REMEDY)
