"""A TOML file that can say where its keys stand. Any thread."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, Final

from plant_models.project.finding import Finding
from plant_models.project.source import KeyPath, is_too_deep

_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY: Final = re.compile(r"(\s*)([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")


@dataclass(slots=True)
class TomlSource:
    """A parsed TOML file."""

    name: str
    text: str
    data: dict[str, Any]
    _positions: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)

    def position(self, path: KeyPath) -> tuple[int, int]:
        """Return line and column of a key, or of the nearest table around it."""
        if not self._positions:
            self._positions = _scan(self.text)
        for length in range(len(path), -1, -1):
            if path[:length] in self._positions:
                return self._positions[path[:length]]
        return 1, 1


def parse_toml(text: str, name: str, findings: list[Finding]) -> TomlSource | None:
    """Return the parsed file; None, with a finding, if it isn't TOML."""
    try:
        data = tomllib.loads(text)
        if not is_too_deep(data):
            return TomlSource(name, text, data)
        message = "nested too deep"
    except ValueError as error:  # also of a number with thousands of digits
        message = str(error)
    except RecursionError:
        message = "nested too deep"
    place = _AT.search(message)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (1, 1)
    if place and not place[1]:
        line = text.count("\n") + 1
    problem = f"not TOML: {_AT.sub('', message)}"
    findings.append(Finding(name, line, column, problem, "mend the syntax, see https://toml.io"))
    return None


def _scan(text: str) -> dict[KeyPath, tuple[int, int]]:
    """Return where each table header and each key at the beginning of a line stands."""
    positions: dict[KeyPath, tuple[int, int]] = {}
    counts: dict[str, int] = {}
    table: KeyPath = ()
    quotes = ""
    for number, line in enumerate(text.split("\n"), 1):
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        if header := _HEADER.match(line):
            table = _table_path(header[1], header[2], counts)
            positions.setdefault(table, (number, header.start(1) + 1))
        elif key := _KEY.match(line):
            positions.setdefault((*table, key[2].strip("\"'")), (number, key.end(1) + 1))
        quotes = _opened_quotes(line)
    return positions


def _table_path(brackets: str, key: str, counts: dict[str, int]) -> KeyPath:
    path: list[str | int] = []
    parts = [part.strip().strip("\"'") for part in key.split(".")]
    for depth, part in enumerate(parts, 1):
        path.append(part)
        prefix = ".".join(parts[:depth])
        if depth == len(parts) and brackets == "[[":
            counts[prefix] = counts.get(prefix, -1) + 1
            for inner in [name for name in counts if name.startswith(f"{prefix}.")]:
                del counts[inner]
        if prefix in counts:
            path.append(counts[prefix])
    return tuple(path)


def _opened_quotes(line: str) -> str:
    return next((quotes for quotes in ('"""', "'''") if line.count(quotes) % 2), "")
