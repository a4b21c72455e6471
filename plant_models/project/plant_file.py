"""`plant.toml`: the plant's name, time zone, areas and scan classes. Any thread."""

import zoneinfo

from pydantic import Field

from plant_models.plant import Area
from plant_models.project.finding import Finding, suggest
from plant_models.project.schema import Form, Part, validate
from plant_models.project.source import Source, finding_in


class PlantSection(Part):
    """`[plant]`."""

    name: str = Field(min_length=1, max_length=200)
    """What the plant is called, on screen and in records."""
    time_zone: str
    """A name of the tz database, such as `Europe/London`."""
    home: str = ""
    """The display shown first; needed as soon as there is a display."""


class PlantFile(Form):
    """The whole file; `scan` gives the period of each scan class in seconds."""

    plant: PlantSection
    scan: dict[str, float]
    area: tuple[Area, ...] = ()


def read_plant_file(source: Source, findings: list[Finding]) -> PlantFile | None:
    """Return the checked file; None, with findings, if its form is wrong."""
    file = validate(PlantFile, source, findings)
    if file is None:
        return None
    zones = zoneinfo.available_timezones()
    if file.plant.time_zone not in zones:
        problem = f"unknown time zone {file.plant.time_zone!r}"
        findings.append(finding_in(source, ("plant", "time_zone"), problem, suggest(file.plant.time_zone, zones)))
    for name, period in file.scan.items():
        if not 0.05 <= period <= 3600:
            problem = f"scan class {name} of {period:g} s"
            findings.append(finding_in(source, ("scan", name), problem, "use 0.05 to 3600 seconds"))
    if "normal" not in file.scan:
        findings.append(finding_in(source, ("scan",), "no scan class normal", "add normal = 1.0"))
    seen: set[str] = set()
    for number, area in enumerate(file.area):
        if area.name in seen:
            path = ("area", number, "name")
            findings.append(finding_in(source, path, f"duplicate area {area.name}", "give it a name of its own"))
        seen.add(area.name)
    return file
