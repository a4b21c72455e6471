"""The command `history prune`: removing months that are older than they are to be kept. Main thread.

Beside a running station as well: it takes notice within the hour. Who removed what stands in the log, and in the audit
trail unless a station runs.
"""

from pathlib import Path

import typer

from history.care.retention import outdated
from history.care.status_report import size
from history.store.part_files import SUFFIXES, Part, parts_in, size_of
from plant_models.clock import SystemClock
from station.access_commands import AccessFolders, fail
from station.offline_acts import carry_out_offline


def prune_all(folders: AccessFolders, is_dry: bool) -> None:
    """Say which months go, and remove them unless it `is_dry`."""
    data, keep_days = folders.data, folders.plant.history.keep_days
    going = outdated(parts_in(data), keep_days, SystemClock().wall_us())
    if not going:
        typer.echo("Nothing is older than keep_days in plant.toml")
        return
    for part in going:
        words = "would be removed" if is_dry else "goes"
        typer.echo(f"{part.name}, {size(size_of(data / part.name))}: {words}")
    if is_dry:
        return
    title = f"Remove history of {', '.join(part.name for part in going)}"
    problem = carry_out_offline(data, "history", title, "", lambda: _remove(data, going))
    if problem:
        fail(problem)


def _remove(data: Path, parts: list[Part]) -> None:
    for part in parts:
        for ending in reversed(SUFFIXES):
            Path(f"{data / part.name}{ending}").unlink(missing_ok=True)
