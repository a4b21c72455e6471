"""The commands `alarms export` and `alarms import`: all alarms of a plant in a spreadsheet, and back. Main thread.

They work on the plant folder, so they need no running station; one that runs goes on with the alarms that it has until
it is told to read alarms.csv anew.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from station.access_commands import AccessFolders, DataFolder, FindFolders, Reason, fail

if TYPE_CHECKING:
    from plant_models.project.finding import Finding

Paths = Annotated[list[Path], typer.Argument(metavar="[PLANT] FILE", help="The demo plant if left out, and the sheet")]


def add_alarm_commands(app: typer.Typer, find: FindFolders) -> None:
    """Add the commands; `find` loads a plant and knows its data folder, or leaves with the reason."""
    group = typer.Typer(help="All alarms of a plant as a sheet for a spreadsheet, and back.", no_args_is_help=True)

    @group.command("export")
    def export_alarms(paths: Paths) -> None:
        """Write every alarm with every column, those of the equipment types too."""
        plant, file = _named(paths)
        _export(find(plant, None), file)

    @group.command("import")
    def import_alarms(
        paths: Paths,
        reason: Reason,
        data: DataFolder = None,
    ) -> None:
        """Let alarms.csv say what a sheet says, all or nothing: what isn't in the sheet is removed."""
        plant, file = _named(paths)
        _import(find(plant, data), file, reason)

    app.add_typer(group, name="alarms")


def _leave(findings: "Sequence[Finding]") -> None:
    """Leave if there are findings, saying them all."""
    for finding in sorted(findings):
        typer.echo(str(finding), err=True)
    if findings:
        fail(f"{len(findings)} finding(s); nothing was changed")


def _named(paths: list[Path]) -> tuple[Path | None, Path]:
    if len(paths) > 2:
        fail("name one plant folder and one file")
    return (None, paths[0]) if len(paths) == 1 else (paths[0], paths[1])


def _export(folders: AccessFolders, file: Path) -> None:
    from plant_models.project.alarm_exchange import sheet_of
    from plant_models.project.document import replace_file

    try:
        replace_file(file, sheet_of(folders.plant.alarms).encode())
    except OSError as error:
        fail(f"{file} can't be written: {error.strerror}")
    typer.echo(f"{len(folders.plant.alarms)} alarms in {file}")


def _import(folders: AccessFolders, file: Path, reason: str) -> None:
    from plant_models.project.alarm_edit import prepare_alarms
    from plant_models.project.alarm_exchange import read_sheet
    from plant_models.project.finding import Finding, PlantError
    from plant_models.project.source import read_text
    from station.alarm_changes import KIND
    from station.alarm_words import difference_words
    from station.offline_acts import carry_out_offline

    findings: list[Finding] = []
    text = read_text(file, file.name, findings)
    wanted = [] if text is None else read_sheet(text, file.name, folders.plant, findings)
    _leave(findings)
    words = difference_words(folders.plant.alarms, wanted)
    if not words:
        typer.echo(f"{file} says what {folders.plant.folder} says already")
        return
    if not reason.strip():
        fail("a change of alarms needs a reason: --reason")
    try:
        edit = prepare_alarms(folders.plant, wanted)
    except PlantError as error:
        _leave(error.findings)
    except (OSError, ValueError) as error:
        fail(f"nothing was changed: {error}")
    title = f"Import alarms from {file.name}"
    if problem := carry_out_offline(folders.data, KIND, title, reason, edit.write):
        fail(f"nothing was changed: {problem}")
    typer.echo(words)
    typer.echo("A station that runs goes on with the alarms that it has until it reads alarms.csv anew.")
