"""A JSON file that can say where its keys stand. Any thread."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from plant_models.project.finding import Finding
from plant_models.project.source import KeyPath, is_too_deep, line_and_column

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@dataclass(slots=True)
class JsonSource:
    """A parsed JSON file."""

    name: str
    text: str
    data: dict[str, Any]
    _positions: dict[KeyPath, int] = field(default_factory=dict)

    def position(self, path: KeyPath) -> tuple[int, int]:
        """Return line and column of a key or list element, or of the nearest thing around it."""
        if not self._positions:
            self._positions = _scan(self.text)
        for length in range(len(path), 0, -1):
            if path[:length] in self._positions:
                return line_and_column(self.text, self._positions[path[:length]])
        return 1, 1


def parse_json(text: str, name: str, findings: list[Finding]) -> JsonSource | None:
    """Return the parsed file; None, with a finding, if it isn't a JSON object (NaN and Infinity aren't JSON)."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        problem = f"not JSON: {error.msg}"
        findings.append(Finding(name, error.lineno, error.colno, problem, "mend the syntax, see https://json.org"))
        return None
    if is_too_deep(data):
        findings.append(Finding(name, 1, 1, "not a display: nested too deep", "use at most 50 levels"))
        return None
    if not isinstance(data, dict):
        findings.append(Finding(name, 1, 1, "not a JSON object", "begin with { and end with }"))
        return None
    return JsonSource(name, text, data)


def _scan(text: str) -> dict[KeyPath, int]:
    """Return the offset of each key and each list element of a text that is known to be JSON."""
    positions: dict[KeyPath, int] = {}
    path: list[str | int] = []
    is_key = False
    for token in _TOKEN.finditer(text):
        symbol = token[0]
        if symbol in "]}":
            path.pop()
        elif symbol == ",":
            is_key = isinstance(path[-1], str)
            if not is_key:
                path[-1] += 1  # type: ignore[operator]
        elif symbol == ":":
            is_key = False
        elif is_key:
            path[-1] = orjson.loads(symbol)
            positions[tuple(path)] = token.start()
            continue
        else:
            positions.setdefault(tuple(path), token.start())
        if symbol in "[{":
            path.append(0 if symbol == "[" else "")
            is_key = symbol == "{"
    return positions
