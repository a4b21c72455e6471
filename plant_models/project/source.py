"""Reading the files of a plant folder as text, and saying where in a text something stands. Any thread."""

import re
from pathlib import Path
from typing import Any, Final, Protocol

from plant_models.project.finding import Finding

MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_DEPTH: Final = 50
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

KeyPath = tuple[str | int, ...]
"""Where a value stands in a TOML or JSON file, such as ("device", 2, "port")."""


class Source(Protocol):
    """A parsed file that can say where each of its keys stands."""

    @property
    def name(self) -> str:
        """The file, relative to the plant folder."""

    @property
    def data(self) -> dict[str, Any]:
        """What the file says."""

    def position(self, path: KeyPath) -> tuple[int, int]:
        """Return line and column of a key, or of the nearest thing around it."""


def finding_in(source: Source, path: KeyPath, problem: str, remedy: str) -> Finding:
    """Return a finding at the key `path` of a TOML or JSON file."""
    line, column = source.position(path)
    return Finding(source.name, line, column, problem, remedy)


def read_text(path: Path, name: str, findings: list[Finding]) -> str | None:
    """Return the text of a file, its line ends turned into "\\n" and without byte order mark.

    None, with a finding, if it is missing, larger than 64 MB, not UTF-8, or holds control characters.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            findings.append(Finding(name, 1, 1, "the file is larger than 64 MB", "split the plant or remove data"))
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        findings.append(Finding(name, 1, 1, "the file is missing", "add it to the plant folder"))
        return None
    except OSError as error:
        findings.append(Finding(name, 1, 1, f"the file can't be read ({error.strerror})", "check its permissions"))
        return None
    return decode(data, name, findings)


def decode(data: bytes, name: str, findings: list[Finding]) -> str | None:
    """Return UTF-8 bytes as text, line ends turned into "\\n"; None, with a finding, if they aren't plain text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = line_and_column(before, len(before))
        problem = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
        findings.append(Finding(name, line, column, problem, 'save as UTF-8 (in Excel: "CSV UTF-8")'))
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROL.search(text)
    if control:
        line, column = line_and_column(text, control.start())
        problem = f"control character 0x{ord(control[0]):02X}"
        findings.append(Finding(name, line, column, problem, "remove it"))
        return None
    return text


def is_too_deep(data: object) -> bool:
    """Tell whether lists and tables lie in each other more than 50 deep, more than any plant needs."""
    level = [data]
    for _ in range(_MAX_DEPTH):
        tables = [node.values() for node in level if isinstance(node, dict)]
        level = [
            child for children in (*tables, *(node for node in level if isinstance(node, list))) for child in children
        ]
    return bool(level)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of the character at `offset`."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
