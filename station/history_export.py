"""`history export`: what was recorded, as a file for other programs. Main thread, beside a running station."""

from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import typer

from history.exchange.csv_sink import CsvStyle
from history.exchange.export import Wanted, export
from history.exchange.intervals import Every
from history.exchange.kept import opened
from history.exchange.times import us_of, utc_text
from history.query import holds_us
from plant_models.clock import SystemClock
from station.access_commands import AccessFolders
from station.history_running import each_second, fail, told_errors


class Asked(NamedTuple):
    """The options of the command."""

    tags: str
    start: str
    end: str
    every: str
    for_excel: bool
    force: bool
    database: str


def export_asked(folders: AccessFolders, file: Path, asked: Asked) -> None:
    """Write the file and say what is in it, or leave with the reason."""
    plant, clock = folders.plant, SystemClock()
    zone = ZoneInfo(plant.time_zone)
    holds = holds_us(plant.tags, plant.longest_scan_s)
    of_tag = dict(zip((tag.name for tag in plant.tags), holds.tolist(), strict=True))
    longest_us = int(holds.max(initial=0))
    try:
        start_us = us_of(asked.start, zone) if asked.start else 0
        end_us = us_of(asked.end, zone) if asked.end else clock.wall_us()
    except ValueError as error:
        fail(error)
    tell = each_second(lambda count, until_us: f"{count} rows, up to {utc_text(until_us)}")
    try:
        with told_errors(), opened(folders.data, asked.database or plant.history.database, clock) as kept:
            every = Every.of(asked.every, zone, plant.history.day_starts) if asked.every else None
            wanted = Wanted(asked.tags, start_us, end_us, every, lambda tag: of_tag.get(tag, longest_us))
            count = export(kept, wanted, file, CsvStyle(zone, asked.for_excel), tell, force=asked.force)
    except KeyboardInterrupt:
        fail("cancelled; no file was made")
    typer.echo(f"{file}: {count} rows")
