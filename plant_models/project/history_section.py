"""`[history]` of `plant.toml`: where history stands, and for how long. Any thread."""

import re
from datetime import time
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

from plant_models.history_settings import HistorySettings
from plant_models.project.finding import Finding
from plant_models.project.schema import Part
from plant_models.project.source import Source, finding_in

STANDARD: Final = "standard"
_CLASS: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
_SCHEMES: Final = ("postgresql", "postgres")


class HistorySection(Part):
    """`[history]`."""

    database: str = ""
    """Address of a PostgreSQL server, `postgresql://user@host:5432/name`; files in the data folder if left out."""
    spool_gb: float = Field(default=10.0, gt=0, le=10_000)
    """Room in GB for what waits while the server is out of reach."""
    day_starts: str = Field(default="00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """When a day begins in daily values, local time."""
    keep_days: dict[str, int] = Field(default_factory=dict)
    """Days for which samples are kept, for each keeping class."""

    @property
    def settings(self) -> HistorySettings:
        """The section as the rest of the program has it."""
        keep: dict[str, int | None] = {"": None}
        for name, days in self.keep_days.items():
            keep["" if name == STANDARD else name] = days
        return HistorySettings(
            database=self.database,
            spool_gb=self.spool_gb,
            day_starts=time.fromisoformat(self.day_starts),
            keep_days=keep,
        )


def check_history(section: HistorySection, source: Source, findings: list[Finding]) -> None:
    """Add findings for a server that can't be one, a password, and keeping classes without sense."""
    path = ("history", "database")
    if section.database:
        try:
            address = urlsplit(section.database)
            is_server = address.scheme in _SCHEMES and address.path.strip("/") != "" and address.port != 0
        except ValueError:
            address, is_server = urlsplit(""), False
        if not is_server:
            remedy = "write postgresql://user@host:5432/name"
            findings.append(finding_in(source, path, "not the address of a PostgreSQL database", remedy))
        elif address.password is not None:
            remedy = "take it out, and put it into ~/.pgpass or PGPASSWORD of the station's user"
            findings.append(finding_in(source, path, "a password in the plant folder", remedy))
    for name, days in section.keep_days.items():
        place = ("history", "keep_days", name)
        if not _CLASS.fullmatch(name):
            remedy = "use small letters, digits and _, and begin with a letter"
            findings.append(finding_in(source, place, f"{name!r} can't name a keeping class", remedy))
        if not 1 <= days <= 36_500:
            findings.append(finding_in(source, place, f"{days} days", "use 1 to 36500, or leave it out for ever"))
