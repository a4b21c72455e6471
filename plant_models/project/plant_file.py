"""`plant.toml`: the plant's name, time zone, areas and scan classes. Any thread."""

import zoneinfo
from collections.abc import Set
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from plant_models.alarm_philosophy import Position
from plant_models.plant import Area
from plant_models.project.alarms_section import AlarmsSection, check_alarms_section
from plant_models.project.cycles import find_cycles
from plant_models.project.finding import Finding, suggest
from plant_models.project.history_section import STANDARD, HistorySection, check_history
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


class LeasedScan(Part):
    """`[scan.NAME]`: a scan class whose tags are read at its period while somebody looks, and seldom otherwise."""

    period_s: float = Field(ge=0.05, le=3600)
    """Seconds between two readings while a display, a trend or a program looks at the tag."""
    rest_s: float = Field(ge=0.05, le=3600)
    """Seconds between two readings while nobody does."""


def _kind_of_scan(value: object) -> str:
    return "(number)" if isinstance(value, float | int | str) else "(table)"


Scan = Annotated[
    Annotated[float, Tag("(number)")] | Annotated[LeasedScan, Tag("(table)")], Discriminator(_kind_of_scan)
]


class PlantFile(Form):
    """The whole file; `scan` gives the period of each scan class in seconds, of a leased one both of its periods."""

    plant: PlantSection
    scan: dict[str, Scan]
    area: tuple[Area, ...] = ()
    history: HistorySection = HistorySection()
    alarms: AlarmsSection = AlarmsSection()
    position: tuple[Position, ...] = ()

    @property
    def scan_s(self) -> dict[str, float]:
        """The period of each scan class, while somebody looks at it, in s."""
        return {name: each.period_s if isinstance(each, LeasedScan) else each for name, each in self.scan.items()}

    @property
    def rest_s(self) -> dict[str, float]:
        """The period at rest of each leased scan class, in s."""
        return {name: each.rest_s for name, each in self.scan.items() if isinstance(each, LeasedScan)}

    @property
    def longest_scan_s(self) -> dict[str, float]:
        """The longest time between two readings of each scan class in s."""
        return {**self.scan_s, **self.rest_s}


def read_plant_file(source: Source, findings: list[Finding]) -> PlantFile | None:
    """Return the checked file; None, with findings, if its form is wrong."""
    file = validate(PlantFile, source, findings)
    if file is None:
        return None
    zones = zoneinfo.available_timezones()
    if file.plant.time_zone not in zones:
        problem = f"unknown time zone {file.plant.time_zone!r}"
        findings.append(finding_in(source, ("plant", "time_zone"), problem, suggest(file.plant.time_zone, zones)))
    _check_scans(file, source, findings)
    check_history(file.history, source, findings)
    check_alarms_section(file.alarms, source, findings)
    _check_areas(file, source, findings)
    _check_positions(file, source, findings)
    return file


def keeping_classes(source: Source) -> Set[str]:
    """Return the keeping classes that a plant.toml, which may have mistakes, declares."""
    section = source.data.get("history")
    declared = section.get("keep_days") if isinstance(section, dict) else None
    return {*(declared if isinstance(declared, dict) else ())} - {STANDARD}


def check_display_names(file: PlantFile, source: Source, displays: Set[str], findings: list[Finding]) -> None:
    """Add a finding for each display that the file names and that isn't there."""
    if file.plant.home not in displays and (file.plant.home or displays):
        problem = f"home: unknown display {file.plant.home!r}"
        findings.append(finding_in(source, ("plant", "home"), problem, suggest(file.plant.home, displays)))
    for number, area in enumerate(file.area):
        if area.display and area.display not in displays:
            problem = f"area {area.name}: unknown display {area.display!r}"
            findings.append(finding_in(source, ("area", number, "display"), problem, suggest(area.display, displays)))


def _check_areas(file: PlantFile, source: Source, findings: list[Finding]) -> None:
    first: dict[str, int] = {}
    for number, area in enumerate(file.area):
        if first.setdefault(area.name, number) != number:
            path = ("area", number, "name")
            findings.append(finding_in(source, path, f"duplicate area {area.name}", "give it a name of its own"))
    for number, area in enumerate(file.area):
        if area.parent and area.parent not in first:
            problem = f"area {area.name}: unknown parent {area.parent!r}"
            findings.append(finding_in(source, ("area", number, "parent"), problem, suggest(area.parent, first)))
    for cycle in find_cycles({area.name: [area.parent] for area in file.area if area.parent}):
        problem = f"areas in a circle: {' -> '.join(cycle)}"
        path = ("area", first[cycle[0]], "parent")
        findings.append(finding_in(source, path, problem, "give one of them another parent, or none"))


def _check_positions(file: PlantFile, source: Source, findings: list[Finding]) -> None:
    areas = {area.name for area in file.area}
    seen: set[str] = set()
    for number, position in enumerate(file.position):
        if position.name in seen:
            problem = f"duplicate position {position.name}"
            findings.append(finding_in(source, ("position", number, "name"), problem, "give it a name of its own"))
        seen.add(position.name)
        for name in position.areas:
            if name not in areas:
                problem = f"position {position.name}: unknown area {name!r}"
                findings.append(finding_in(source, ("position", number, "areas"), problem, suggest(name, areas)))


def _check_scans(file: PlantFile, source: Source, findings: list[Finding]) -> None:
    for name, period in file.scan_s.items():
        rest = file.rest_s.get(name)
        if rest is not None and rest <= period:
            problem = f"scan class {name} rests {rest:g} s, not longer than its period of {period:g} s"
            remedy = f"make rest_s longer, or write {name} = {period:g}"
            findings.append(finding_in(source, ("scan", name, "rest_s"), problem, remedy))
        if not 0.05 <= period <= 3600:
            problem = f"scan class {name} of {period:g} s"
            findings.append(finding_in(source, ("scan", name), problem, "use 0.05 to 3600 seconds"))
    if "normal" not in file.scan:
        findings.append(finding_in(source, ("scan",), "no scan class normal", "add normal = 1.0"))
