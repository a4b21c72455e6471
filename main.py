"""The command line, and the only place where the rooms are put together. Main thread.

Heavy rooms (Qt, SQL, protocols, the virtual plant) are imported where a command needs them, so that `check` starts at
once.
"""

import hashlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import platformdirs
import typer

from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from plant_models.paths import RESOURCES
from plant_models.plant import Plant
from plant_models.project import Finding, PlantError, check_plant, init_plant, load_plant

if TYPE_CHECKING:
    from plant_models.simulation.process_link import VirtualPlant
    from station.local import LocalStation

DEMO = RESOURCES / "plants" / "netherby"

PlantFolder = Annotated[Path, typer.Argument(metavar="[PLANT]", help="The plant folder; the demo plant if left out")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="Where the station keeps its database and log")]
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds a wall second, of the virtual plant")]
Real = Annotated[bool, typer.Option("--real", help="Reach the real devices even if the plant has a model")]

app = typer.Typer(
    help="Clearwell, a control room for water utilities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class ThemeName(StrEnum):
    """The looks of the screens."""

    LIGHT = "light"
    DARK = "dark"


@app.command()
def run(
    plant: PlantFolder = DEMO,
    data: DataFolder = None,
    speed: Speed = 1.0,
    real: Real = False,
    theme: Annotated[ThemeName | None, typer.Option(help="The last one used if left out")] = None,
) -> None:
    """Open the control room on a plant."""
    with running_station(plant, data, speed, real) as (station, folder):
        from hmi.application import run_application
        from hmi.screen import can_show_windows
        from station.session import operating_system_session

        pictures = None if can_show_windows() else Path(tempfile.mkdtemp(prefix="clearwell-pictures-"))
        if pictures:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            typer.echo(f"No display: running off-screen, a picture every 30 s in {pictures}")
        code = run_application(
            station,
            operating_system_session(),
            settings_folder=folder,
            theme_name=theme,
            pictures=pictures,
        )
    raise typer.Exit(code)


@app.command()
def serve(plant: PlantFolder = DEMO, data: DataFolder = None, speed: Speed = 1.0, real: Real = False) -> None:
    """Run the station without a window until Ctrl-C."""
    with running_station(plant, data, speed, real) as (station, folder):
        typer.echo(f"Serving {station.plant.name}: {len(station.plant.tags)} tags; data in {folder}; Ctrl-C stops")
        wait_for_stop()


@app.command()
def simulate(
    plant: PlantFolder = DEMO,
    speed: Speed = 1.0,
    control_port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any free one")] = 0,
) -> None:
    """Run only the virtual plant; it prints its endpoints as one line of JSON and ends with its standard input."""
    if not (plant / "model").is_dir():
        fail(f"{plant} has no folder model/, so there is nothing to simulate")
    from plant_models.simulation.standalone import run_standalone

    raise typer.Exit(run_standalone(plant, speed, sys.stdin, sys.stdout, control_port))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder")]) -> None:
    """Make a small commented plant to start from."""
    try:
        init_plant(folder)
    except (PlantError, OSError) as error:
        fail(error)
    typer.echo(f"Made {folder}. Try: python main.py check {folder}")


@app.command()
def check(plant: PlantFolder = DEMO) -> None:
    """List all mistakes of a plant folder, with place and remedy."""
    findings = sorted([*check_plant(plant), *model_findings(plant)])
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        fail(f"{len(findings)} finding(s) in {plant}")
    typer.echo(f"{plant}: no findings")


@app.command()
def screenshot(
    plant: PlantFolder,
    outdir: Annotated[Path, typer.Argument(help="Where the pictures go")],
    display: Annotated[str, typer.Option(help="Only this display")] = "",
    theme: Annotated[ThemeName | None, typer.Option(help="Both if left out")] = None,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT; 1920x1080 and 1280x720 if left out")] = "",
    data: DataFolder = None,
    speed: Speed = 1.0,
) -> None:
    """Start the plant, wait for live values, save every view."""
    from hmi.screen import can_show_windows

    if not can_show_windows():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    themes = [theme.value] if theme else [name.value for name in ThemeName]
    sizes = [parse_size(size)] if size else [(1920, 1080), (1280, 720)]
    displays = load(plant).displays
    if display and display not in displays:
        fail(f"{display!r} is no display of {plant}; it has {', '.join(displays)}")
    try:
        outdir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"the folder {outdir} can't be made: {error.strerror}")
    with (
        tempfile.TemporaryDirectory(prefix="clearwell-data-") as scratch,
        running_station(plant, data or Path(scratch), speed, real=False) as (station, _),
    ):
        from hmi.application import save_pictures
        from hmi.screenshots import PictureError
        from station.session import operating_system_session

        try:
            saved = save_pictures(station, operating_system_session(), outdir, themes, sizes, display)
        except PictureError as error:
            fail(error)
    typer.echo(f"{len(saved.files)} pictures in {outdir}")
    if saved.problem:
        fail(saved.problem)


@app.command()
def verify(plant: PlantFolder = DEMO, data: DataFolder = None) -> None:
    """Check the chains of the audit trail and the journal, and name the first row that doesn't fit."""
    from alarms.store.verify import verify_journal
    from database.errors import DatabaseError
    from station.store.audit import DATABASE_NAME
    from station.store.verify import verify_folder

    folder = data or data_folder(load(plant))
    try:
        verdict = verify_folder(folder)
        journal = verify_journal(folder / DATABASE_NAME)
    except DatabaseError as error:
        fail(error)
    for damage in verdict.damages:
        typer.echo(f"{folder}: audit, {damage}")
    for damage in journal.damages:
        typer.echo(f"{folder}: journal, {damage}")
    if verdict.bad:
        fail(f"{folder}: audit row {verdict.bad[1]} of epoch {verdict.bad[0]} doesn't hold: {verdict.reason}")
    if journal.bad:
        fail(f"{folder}: journal row {journal.bad} doesn't hold: {journal.reason}")
    typer.echo(f"{folder}: {verdict.rows} audit rows, all as they were written")
    typer.echo(f"{folder}: {journal.rows} journal rows, all as they were written")


@contextmanager
def running_station(folder: Path, data: Path | None, speed: float, real: bool) -> "Iterator[tuple[LocalStation, Path]]":
    """Start the virtual plant, if there is one and `real` is not asked for, and the station; stop both in the end."""
    from station.errors import StationError
    from station.local import LocalStation

    plant = load(folder)
    data = data or data_folder(plant)
    require_free(data)
    with until_stopped(), virtual_plant(plant, speed, real) as endpoints:
        station = LocalStation(plant, data, SystemClock(), endpoints)
        try:
            station.start()
        except StationError as error:
            fail(error)
        try:
            yield station, data
        finally:
            station.stop()


def require_free(data: Path) -> None:
    """Leave at once if another station has the data folder, before anything is started."""
    from station.errors import StationError
    from station.lock import InstanceLock

    lock = InstanceLock(data)
    try:
        lock.acquire()
    except StationError as error:
        fail(error)
    lock.release()


@contextmanager
def virtual_plant(plant: Plant, speed: float, real: bool) -> Iterator[Mapping[str, Endpoint]]:
    """Run the virtual plant of a plant in a process of its own, and give where its devices are."""
    if real or not plant.is_simulated:
        yield {}
        return
    from plant_models.simulation.process_link import VirtualPlant, VirtualPlantError

    try:
        twin = VirtualPlant.start(plant.folder, speed, [sys.executable, str(Path(__file__).resolve()), "simulate"])
    except VirtualPlantError as error:
        fail(error)
    try:
        announce(twin)
        yield twin.endpoints
    finally:
        twin.stop()


def announce(twin: "VirtualPlant") -> None:
    """Say where the control port of the virtual plant is."""
    host, port = twin.control.endpoint.host, twin.control.endpoint.port
    typer.echo(f"Virtual plant: control port {host}:{port}, token {twin.control.token}")


def load(folder: Path) -> Plant:
    """Load a plant, or show all its mistakes and leave."""
    try:
        return load_plant(folder)
    except PlantError as error:
        for finding in error.findings:
            typer.echo(str(finding), err=True)
        fail(f"{len(error.findings)} finding(s) in {folder}; a plant with findings isn't run")


def model_findings(folder: Path) -> list[Finding]:
    """Return the mistakes of the virtual plant in a plant folder, if it has one."""
    if not (folder / "model").exists():
        return []
    try:
        from plant_models.simulation.check_model import check_model
    except ModuleNotFoundError as error:
        problem = f"the virtual plant can't be checked: {error.name} isn't installed"
        return [Finding("model", 1, 1, problem, "make setup, or remove the folder")]
    return check_model(folder)


def data_folder(plant: Plant) -> Path:
    """Return where the station of a plant keeps its data, for this user: two folders of one name don't share it."""
    folder = plant.folder.resolve()
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return platformdirs.user_data_path("clearwell", appauthor=False) / f"{folder.name}-{mark}"


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of "1920x1080", or leave with the reason."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and 640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        fail(f"{text!r} is no size; write it as 1920x1080, from 640x480 to 7680x4320")
    return int(width), int(height)


@contextmanager
def until_stopped() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is done inside, and the program, in good order."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def wait_for_stop() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    stopped = threading.Event()
    while not stopped.wait(1.0):  # a wait without end could not be interrupted on Windows
        pass


def fail(message: object) -> NoReturn:
    """Say what is wrong in one line, and leave with an error."""
    typer.echo(f"clearwell: {message}", err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
