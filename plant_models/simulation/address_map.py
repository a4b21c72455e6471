"""Which register or node of a virtual PLC carries which variable: `model/<plc>.csv`, apart from the plant's tags.

Columns `address,type,access,scale,variable`. Lines that start with `#` are comments. Read once when the virtual plant
starts, on its thread.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plant_models.simulation.encoder import NUMBER_TYPES, words_of
from plant_models.simulation.model_file import ModelError

COLUMNS: Final = ("address", "type", "access", "scale", "variable")
BIT_TABLES: Final = ("co", "di")
_READ_ONLY_TABLES: Final = ("ir", "di")
_TABLE_SIZE: Final = 65536
_REGISTER = re.compile(r"(hr|ir|co|di):(\d+)(?:\.(\d+))?")
_NODE_ID = re.compile(r"ns=[1-9]\d*;(?:s=.+|i=\d+)")


@dataclass(frozen=True, slots=True)
class Register:
    """A place in a Modbus table: `words` registers (one bit, in a bit table) from `offset`, or one `bit` of one."""

    table: str
    offset: int
    words: int
    bit: int | None


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One row of a map: register value = variable × scale. `where` is file and line, for messages."""

    where: str
    address: str
    type: str
    is_writable: bool
    scale: float
    variable: str
    register: Register | None


def load_map(path: Path, protocol: str) -> tuple[MapEntry, ...]:
    """Return the rows of a map for a "modbus" or "opcua" PLC, in file order.

    Raises:
        ModelError: the file is missing, a row is wrong, or two rows overlap; the first of all mistakes.
    """
    entries, mistakes = read_map(path, protocol)
    if mistakes:
        raise mistakes[0]
    return entries


def read_map(path: Path, protocol: str) -> tuple[tuple[MapEntry, ...], list[ModelError]]:
    """Return the rows that can be read, and every mistake of the map in file order."""
    entries: list[MapEntry] = []
    mistakes: list[ModelError] = []
    try:
        for where, cells in _rows(path):
            try:
                entries.append(_entry(where, cells, protocol))
            except ModelError as mistake:
                mistakes.append(mistake)
        if not entries and not mistakes:
            raise ModelError(f"{path.name}: the map is empty; add at least one row {','.join(COLUMNS)}")
        (_refuse_overlap if protocol == "modbus" else _refuse_twins)(entries)
    except ModelError as mistake:
        mistakes.append(mistake)
    return tuple(entries), mistakes


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name}: can't be read ({error}); the map must be a UTF-8 text file") from error
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    parsed = [(n, _cells(f"{path.name}:{n}", line)) for n, line in numbered]
    if not parsed or tuple(parsed[0][1]) != COLUMNS:
        raise ModelError(f"{path.name}:1: the first row must be {','.join(COLUMNS)}")
    for number, cells in parsed[1:]:
        yield f"{path.name}:{number}", cells


def _cells(where: str, line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line]))]
    except csv.Error as error:
        raise ModelError(f"{where}: {error}; shorten or mend the row") from error


def _entry(where: str, cells: list[str], protocol: str) -> MapEntry:
    if len(cells) != len(COLUMNS):
        raise ModelError(f"{where}: {len(cells)} cells; a row needs {len(COLUMNS)}: {','.join(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    if row["access"] not in ("r", "rw"):
        raise ModelError(f"{where}: access {row['access']!r}; write r or rw")
    if not row["variable"]:
        raise ModelError(f"{where}: no variable; name what the register carries, such as LPS.P1.flow")
    types = ("bool", *NUMBER_TYPES) if protocol == "modbus" else ("bool", *NUMBER_TYPES, "text")
    if row["type"] not in types:
        raise ModelError(f"{where}: type {row['type']!r}; a {protocol} map knows {', '.join(types)}")
    if protocol == "opcua" and not _NODE_ID.fullmatch(row["address"]):
        raise ModelError(f"{where}: {row['address']!r} is no node of a device; write ns=2;s=NAME or ns=2;i=1001")
    return MapEntry(
        where,
        row["address"],
        row["type"],
        row["access"] == "rw",
        _scale(where, row["scale"]),
        row["variable"],
        _register(where, row) if protocol == "modbus" else None,
    )


def _scale(where: str, text: str) -> float:
    try:
        scale = float(text or "1")
    except ValueError as error:
        raise ModelError(f"{where}: scale {text!r} is not a number") from error
    if scale == 0 or not math.isfinite(scale):
        raise ModelError(f"{where}: scale {text!r}; it must be a finite number other than 0")
    return scale


def _register(where: str, row: dict[str, str]) -> Register:
    match = _REGISTER.fullmatch(row["address"])
    if not match:
        raise ModelError(f"{where}: {row['address']!r} is no register; write hr:100, ir:100, co:7, di:7 or hr:100.3")
    table, offset, bit = match[1], int(match[2]), None if match[3] is None else int(match[3])
    is_bool = row["type"] == "bool"
    if table in BIT_TABLES and (not is_bool or bit is not None):
        raise ModelError(f"{where}: {row['address']} is one bit; its type is bool and it has no bit number")
    if table not in BIT_TABLES and is_bool != (bit is not None):
        raise ModelError(f"{where}: a bool in a register needs its bit (hr:100.3), any other type none")
    if bit is not None and bit > 15:
        raise ModelError(f"{where}: bit {bit}; a register has bits 0 to 15")
    if table in _READ_ONLY_TABLES and row["access"] == "rw":
        raise ModelError(f"{where}: {table} can't be written in Modbus; use hr or co, or access r")
    words = 1 if is_bool else words_of(row["type"])
    if offset + words > _TABLE_SIZE:
        raise ModelError(f"{where}: {row['address']} ends beyond {_TABLE_SIZE - 1}, the last address of a table")
    return Register(table, offset, words, bit)


def _refuse_overlap(entries: Sequence[MapEntry]) -> None:
    taken: dict[tuple[str, int, int | None], MapEntry] = {}
    for entry in entries:
        register = entry.register
        assert register is not None
        bits = range(16) if register.bit is None else (register.bit,)
        places = [(register.table, register.offset + i, bit) for i in range(register.words) for bit in bits]
        other = next((taken[place] for place in places if place in taken), None)
        if other:
            raise ModelError(f"{entry.where}: {entry.address} overlaps {other.address} ({other.where})")
        taken.update(dict.fromkeys(places, entry))


def _refuse_twins(entries: Sequence[MapEntry]) -> None:
    seen: dict[str, MapEntry] = {}
    for entry in entries:
        other = seen.setdefault(entry.address, entry)
        if other is not entry:
            raise ModelError(f"{entry.where}: {entry.address} stands already in {other.where}")
