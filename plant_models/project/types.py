"""Equipment types: TOML files of the program and of the plant. A plant's type replaces the program's of the same name.

Any thread.
"""

from pathlib import Path
from typing import Final

from pydantic import Field

from plant_models.equipment import (
    Checks,
    EquipmentCommand,
    EquipmentType,
    Faceplate,
    Member,
    StateRule,
)
from plant_models.paths import RESOURCES
from plant_models.project.alarm_section import AlarmSection
from plant_models.project.finding import Finding
from plant_models.project.frame import TypeList
from plant_models.project.schema import Form, validate
from plant_models.project.source import Source, finding_in, read_text
from plant_models.project.toml_source import parse_toml
from plant_models.project.type_checks import check_type
from plant_models.project.upgrade import upgrade

FOLDER: Final = "equipment"


class TypeFile(Form):
    """A type file: the keys of EquipmentType, its lists in the singular as TOML tables are named."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """The name of the file without `.toml`."""
    title: str
    """What people read."""
    symbol: str
    """A file of `symbols/` without `.svg`; `""` for none."""
    level: str = ""
    """The member that fills a vessel, 0 to 100 %."""
    guidance: str = ""
    """What operators must know in any alarm of such equipment."""
    member: tuple[Member, ...] = ()
    command: tuple[EquipmentCommand, ...] = ()
    state: tuple[StateRule, ...] = ()
    alarm: tuple[AlarmSection, ...] = ()
    faceplate: Faceplate = Faceplate()
    checks: Checks = Checks()

    def equipment_type(self) -> EquipmentType:
        """Return the type that the file declares."""
        return EquipmentType(
            name=self.name,
            title=self.title,
            symbol=self.symbol,
            level=self.level,
            guidance=self.guidance,
            members=self.member,
            commands=self.command,
            states=self.state,
            alarms=self.alarm,
            faceplate=self.faceplate,
            checks=self.checks,
        )


def read_types(folder: Path, findings: list[Finding]) -> TypeList:
    """Return all types: the program's, then those of the plant in `folder`."""
    symbols = symbol_names(folder)
    types: dict[str, EquipmentType] = {}
    broken: set[str] = set()
    for base, prefix in ((RESOURCES, "resources/"), (folder, "")):
        for path in sorted((base / FOLDER).glob("*.toml")):
            name = f"{prefix}{FOLDER}/{path.name}"
            text = read_text(path, name, findings)
            source = None if text is None else parse_toml(text, name, findings)
            made = None if source is None else _read_type(source, path.stem, findings)
            if source and made:
                types[made.name] = made
                check_type(made, source, symbols, findings)
            else:
                broken.add(path.stem)
    # A broken type of the plant would replace the program's: that one isn't what its equipment is.
    return TypeList({name: made for name, made in types.items() if name not in broken}, broken)


def symbol_names(folder: Path) -> frozenset[str]:
    """Return the symbols that types and displays may name: SVG files of the program and of the plant."""
    return frozenset(path.stem for base in (RESOURCES, folder) for path in (base / "symbols").glob("*.svg"))


def _read_type(source: Source, stem: str, findings: list[Finding]) -> EquipmentType | None:
    if not upgrade(source, findings):
        return None
    file = validate(TypeFile, source, findings)
    if file is None:
        return None
    if file.name != stem:
        problem = f"type {file.name!r} in a file named {stem}.toml"
        findings.append(finding_in(source, ("name",), problem, "let the file have the name of its type"))
    return file.equipment_type()
