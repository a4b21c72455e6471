"""The commands `certificates` and `secret`: whom the station trusts, and the passwords that it keeps. Main thread.

They work on the files of the data folder, so they need no running station; one that runs takes notice by itself. What
they change about trust is in the audit trail, but while a station runs, since only that writes there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple, NoReturn

import typer

from plant_models.plant import Plant


class AccessFolders(NamedTuple):
    """A plant, and where its station keeps its data."""

    plant: Plant
    data: Path


FindFolders = Callable[[Path | None, Path | None], AccessFolders]
PlantFolder = Annotated[Path | None, typer.Argument(metavar="[PLANT]", help="The plant folder; the demo if left out")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="Where the station keeps its database and log")]
Thumbprint = Annotated[str, typer.Argument(help="As `certificates list` shows it; its first digits will do")]

Reason = Annotated[str, typer.Option(help="Why; it is kept in the audit trail")]


def add_access_commands(app: typer.Typer, find: FindFolders) -> None:
    """Add the commands; `find` loads a plant and knows its data folder, or leaves with the reason."""
    certificates = typer.Typer(help="Whom the station trusts: certificates of OPC UA servers.", no_args_is_help=True)
    secret = typer.Typer(help="Passwords of devices, which are never in the plant folder.", no_args_is_help=True)

    @certificates.command("list")
    def list_certificates(plant: PlantFolder = None, data: DataFolder = None) -> None:
        """List the station's own certificate, the trusted ones, and those that were refused."""
        _list(find(plant, data).data)

    @certificates.command()
    def trust(thumbprint: Thumbprint, plant: PlantFolder = None, data: DataFolder = None, reason: Reason = "") -> None:
        """Trust a server whose certificate was refused. Compare the thumbprint with what the server shows, first."""
        _move(thumbprint, find(plant, data).data, True, reason)

    @certificates.command()
    def reject(thumbprint: Thumbprint, plant: PlantFolder = None, data: DataFolder = None, reason: Reason = "") -> None:
        """Trust a server no longer; a running station breaks off at once."""
        _move(thumbprint, find(plant, data).data, False, reason)

    @secret.command("set")
    def set_secret(device: str, plant: PlantFolder = None, data: DataFolder = None) -> None:
        """Read the password of a device from the terminal and keep it; an empty one forgets it."""
        _set_secret(device, find(plant, data))

    app.add_typer(certificates, name="certificates")
    app.add_typer(secret, name="secret")


def _list(data: Path) -> None:
    from drivers.opcua.trust_report import trust_report

    try:
        for paragraph in trust_report(data):
            typer.echo(paragraph)
    except (OSError, ValueError) as error:
        fail(f"the station's own certificate can't be read: {error}")


def _move(mark: str, data: Path, is_trusted: bool, reason: str) -> None:
    from drivers.opcua.certificates import FOLDER, name_of, thumbprint
    from drivers.opcua.read_facts import facts_of
    from drivers.opcua.trust_list import TrustList
    from station.certificates import KIND, act_title
    from station.offline_acts import carry_out_offline

    lists = TrustList(data / FOLDER)
    try:
        found = lists.find(mark, not is_trusted)
    except LookupError as error:
        fail(str(error))
    facts = facts_of(found)
    title = act_title(facts.name, facts.sha256, is_trusted)
    problem = carry_out_offline(data, KIND, title, reason, lambda: lists.put(found, is_trusted))
    if problem:
        fail(problem)
    typer.echo(f"{'Trusted' if is_trusted else 'Rejected'}: {name_of(found)}, thumbprint {thumbprint(found)}")


def _set_secret(device: str, folders: AccessFolders) -> None:
    from drivers.device_secrets import forget_secret, keep_secret

    if device not in folders.plant.devices:
        fail(f"{device!r} is no device of {folders.plant.folder}; it has {', '.join(folders.plant.devices)}")
    password = typer.prompt(f"Password of {device}", default="", hide_input=True, show_default=False)
    try:
        if password:
            typer.echo(f"Kept in {keep_secret(folders.data, device, password)}, which only you can read")
        else:
            typer.echo("Forgotten" if forget_secret(folders.data, device) else "There was none")
    except OSError as error:
        fail(f"the password can't be kept in {folders.data}: {error.strerror}")


def fail(words: str) -> NoReturn:
    """Say what is wrong in one line, and leave with an error."""
    typer.echo(f"clearwell: {words}", err=True)
    raise typer.Exit(1)
