"""The command `history lab`: entering what a laboratory has found. Main thread; works beside a running station."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from plant_models.clock import SystemClock
from station.access_commands import AccessFolders, DataFolder, FindFolders, PlantFolder

if TYPE_CHECKING:
    from history.lab_file import LabValue
    from history.store.plain.lab import Entered

_LISTED = 100
"""Mistakes that are shown at most."""
File = Annotated[Path, typer.Argument(help="A CSV file; docs/reference/history-tables.md says what is in it")]


def add_lab_command(group: typer.Typer, find: FindFolders) -> None:
    """Add the command to the group `history`."""

    @group.command()
    def lab(file: File, plant: PlantFolder = None, data: DataFolder = None) -> None:
        """Enter laboratory values: all of the file, or nothing if it has a mistake. Twice is as good as once."""
        _enter(file, find(plant, data))


def _enter(file: Path, folders: AccessFolders) -> None:
    from database.errors import DatabaseError
    from history.lab_file import read_lab_file
    from plant_models.project.finding import Finding

    findings: list[Finding] = []
    values = read_lab_file(file, folders.plant, SystemClock().wall_us(), findings)
    for finding in sorted(findings)[:_LISTED]:
        typer.echo(str(finding), err=True)
    if findings:
        _fail(f"{len(findings)} finding(s) in {file}; nothing was entered")
    try:
        entered = _written(values, folders)
    except DatabaseError as error:
        _fail(f"nothing was entered: {error}")
    corrected = f", {entered.corrections} of them in place of another value" if entered.corrections else ""
    typer.echo(f"{entered.new} values entered{corrected}; {entered.known} were there before")


def _written(values: "list[LabValue]", folders: AccessFolders) -> "Entered":
    from history.site_time import SiteTime
    from history.store.plain.lab import enter_lab_values
    from history.store.plain.place import tables_beside, tables_on_server
    from station.session import operating_system_session

    plant, user = folders.plant, operating_system_session().user
    site = SiteTime(ZoneInfo(plant.time_zone), plant.history.day_starts)
    server = plant.history.database
    with tables_on_server(server) if server else tables_beside(folders.data) as connection:
        return enter_lab_values(connection, values, user, SystemClock().wall_us(), site)


def _fail(words: str) -> NoReturn:
    typer.echo(f"clearwell: {words}", err=True)
    raise typer.Exit(1)
