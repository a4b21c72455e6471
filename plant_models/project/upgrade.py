"""Older format versions of the plant folder's files, brought up to today's one step at a time. Any thread."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from plant_models.project.finding import Finding
from plant_models.project.source import Source, finding_in

FORMAT: Final = 1
"""The version this program writes."""

Upgrade = Callable[[dict[str, Any]], None]

UPGRADES: Final[Mapping[int, Upgrade]] = {}
"""UPGRADES[n] changes the data of a file of format n, in place, into format n + 1."""


def upgrade(
    source: Source, findings: list[Finding], steps: Mapping[int, Upgrade] = UPGRADES, newest: int = FORMAT
) -> bool:
    """Bring the data of a file to the newest format; False, with a finding, if its format is unknown."""
    version = source.data.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        problem = "format is missing" if version is None else f"format can't be {version!r}"
        findings.append(finding_in(source, ("format",), problem, f"write format = {newest}"))
        return False
    if version > newest:
        remedy = f"this plant needs a newer Clearwell; this one reads up to format {newest}"
        findings.append(finding_in(source, ("format",), f"format {version} is unknown", remedy))
        return False
    for number in range(version, newest):
        steps[number](source.data)
    source.data["format"] = newest
    return True
