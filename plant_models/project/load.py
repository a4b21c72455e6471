"""Loading a plant folder: every file read, every mistake found, and a Plant if there is none. Any thread.

A file that can't be read has one finding of its own; what refers into it is then not held against anybody else.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from plant_models.alarm_philosophy import EVERYWHERE
from plant_models.plant import Plant
from plant_models.project import alarm_rows, equipment_rows, tag_rows
from plant_models.project.address_checks import check_addresses
from plant_models.project.alarm_rows import read_alarms
from plant_models.project.clock_checks import check_clocks
from plant_models.project.device_file import read_devices
from plant_models.project.display_files import FOLDER as DISPLAYS
from plant_models.project.display_files import Known, read_displays
from plant_models.project.equipment_rows import Instances, read_equipment
from plant_models.project.expression_checks import check_expressions
from plant_models.project.finding import Finding, PlantError, mistakes
from plant_models.project.frame import DeviceList, Frame, Pace
from plant_models.project.plant_file import PlantFile, check_display_names, keeping_classes, read_plant_file
from plant_models.project.schema import declared_names
from plant_models.project.source import Source, read_text
from plant_models.project.symbol_checks import check_symbols
from plant_models.project.table import Table, parse_table
from plant_models.project.tag_checks import check_tags
from plant_models.project.tag_rows import TagList, read_tags
from plant_models.project.toml_source import TomlSource, parse_toml
from plant_models.project.types import read_types, symbol_names
from plant_models.project.upgrade import upgrade

T = TypeVar("T")

MODEL: Final = "model"


def load_plant(folder: Path) -> Plant:
    """Return the plant that a folder describes.

    Raises:
        PlantError: the folder has mistakes; all of them are in `findings`.
    """
    plant, findings = _read(folder)
    wrong = mistakes(findings)
    if plant is None or wrong:
        raise PlantError(wrong)
    return plant


def check_plant(folder: Path) -> list[Finding]:
    """Return every finding of a plant folder, sorted by place; if there are only advice or none, it can be run."""
    return sorted(_read(folder)[1])


@contextmanager
def _without_collector() -> Iterator[None]:
    # A plant is a million objects that stay and no cycles: walking them again and again costs a fifth of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_collector()
def _read(folder: Path) -> tuple[Plant | None, list[Finding]]:
    if not folder.is_dir():
        return None, [Finding(str(folder), 1, 1, "not a folder", "name the folder of a plant")]
    findings: list[Finding] = []
    source = _toml(folder, "plant.toml", findings)
    settings = _if(source, read_plant_file, findings)
    device_source = _toml(folder, "devices.toml", findings)
    frame = Frame(
        areas=declared_names(source.data.get("area")) if source else None,
        scan_classes=_scan_classes(source),
        keeping_classes=keeping_classes(source) if source else None,
        devices=_if(device_source, read_devices, findings) or DeviceList({}, None),
        types=read_types(folder, findings),
        displays=_display_names(folder),
        pace=_pace(settings),
    )
    check_symbols(folder, findings)
    instances = _instances(folder, frame, findings)
    tags = _tags(folder, instances, frame, findings)
    if device_source and tags:
        check_clocks(device_source, frame.devices, tags, findings)
    alarm_table = _table(folder, "alarms.csv", alarm_rows.COLUMNS, alarm_rows.NUMBERS, findings)
    alarms = read_alarms(alarm_table, tags, frame, findings) if alarm_table and tags else []
    known = Known(
        tags=tags,
        equipment=instances.row_of.keys() if instances else None,
        areas=frame.areas,
        symbols=symbol_names(folder),
    )
    displays = read_displays(folder, known, findings)
    if not (settings and source and instances and tags):
        return None, findings
    check_display_names(settings, source, frame.displays or frozenset(), findings)
    plant = Plant(
        folder=folder,
        name=settings.plant.name,
        time_zone=settings.plant.time_zone,
        home=settings.plant.home,
        is_simulated=(folder / MODEL).is_dir(),
        areas=settings.area,
        scan_s=settings.scan_s,
        rest_s=settings.rest_s,
        devices=frame.devices.by_name,
        types=frame.types.by_name,
        equipment=instances.by_name,
        tags=tuple(tags.tags),
        alarms=tuple(alarms),
        displays=displays,
        history=settings.history.settings,
        philosophy=settings.alarms.philosophy,
        positions=settings.position or (EVERYWHERE,),
    )
    return plant, findings


def _instances(folder: Path, frame: Frame, findings: list[Finding]) -> Instances | None:
    table = _table(folder, "equipment.csv", equipment_rows.COLUMNS, equipment_rows.NUMBERS, findings)
    return read_equipment(table, frame, findings) if table else None


def _tags(folder: Path, instances: Instances | None, frame: Frame, findings: list[Finding]) -> TagList | None:
    table = _table(folder, "tags.csv", tag_rows.COLUMNS, tag_rows.NUMBERS, findings)
    if not table or not instances:
        return None
    tags = read_tags(table, instances, frame, findings)
    check_tags(tags, findings)
    check_addresses(tags, frame.devices, findings)
    check_expressions(tags, findings)
    return tags


def _scan_classes(source: Source | None) -> Set[str] | None:
    scan = source.data.get("scan") if source else None
    return scan.keys() if isinstance(scan, dict) else None


def _toml(folder: Path, name: str, findings: list[Finding]) -> TomlSource | None:
    text = read_text(folder / name, name, findings)
    source = None if text is None else parse_toml(text, name, findings)
    return source if source and upgrade(source, findings) else None


def _if(source: Source | None, read: Callable[[Source, list[Finding]], T | None], findings: list[Finding]) -> T | None:
    return read(source, findings) if source else None


def _table(
    folder: Path, name: str, columns: Iterable[str], numbers: Iterable[str], findings: list[Finding]
) -> Table | None:
    text = read_text(folder / name, name, findings)
    return None if text is None else parse_table(text, name, tuple(columns), numbers, findings)


def _display_names(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in (folder / DISPLAYS).glob("*.json"))


def _pace(settings: PlantFile | None) -> Pace | None:
    return Pace(settings.longest_scan_s, settings.alarms.delay_share) if settings else None
