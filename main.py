"""The command line, and the only place where the rooms are put together. Main thread.

Heavy rooms (Qt, SQL, protocols, the virtual plant) are imported where a command needs them, so that `check` starts at
once.
"""

import plant_models.clock  # noqa: F401 - first, since it notes when the program began

# isort: split
import gc
import hashlib
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
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
from plant_models.project import Finding, PlantError, check_plant, init_plant, load_plant, mistakes
from station.access_commands import AccessFolders, add_access_commands
from station.alarm_commands import add_alarm_commands
from station.history_commands import add_history_commands
from station.history_exchange_commands import add_exchange_commands
from station.history_lab_command import add_lab_command
from station.history_tables_command import add_rebuild_command
from station.stop_request import StopRequest, heard_stop

if TYPE_CHECKING:
    from alarms.store.verify import JournalVerdict
    from drivers.late import Found
    from plant_models.simulation.process_link import VirtualPlant
    from station.local import LocalStation
    from station.store.verify import Verdict

DEMO = RESOURCES / "plants" / "netherby"
_LOOK_S = 0.2
"""How often a command without a window looks whether it is asked to stop."""

PlantFolder = Annotated[Path, typer.Argument(metavar="[PLANT]", help="The plant folder; the demo plant if left out")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="Where the station keeps its database and log")]
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds a wall second, of the virtual plant")]
PreferencesFolder = Annotated[
    Path | None,
    typer.Option("--preferences", envvar="CLEARWELL_PREFERENCES", help="Where yours are kept, for all plants"),
]
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
    theme: Annotated[ThemeName | None, typer.Option(help="The one you prefer if left out")] = None,
    preferences: PreferencesFolder = None,
) -> None:
    """Open the control room on a plant."""
    gc.disable()  # until the window is shown: what a start makes stays, and looking through it takes time
    with heard_stop() as stop, running_station(plant, data, speed, real) as (station, folder, found):
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
            user_folder=preferences or platformdirs.user_config_path("clearwell", appauthor=False),
            theme_name=theme,
            pictures=pictures,
            on_ready=lambda _: gc.freeze(),  # what a start has made is never looked through; see hmi.garbage
            starting=found,
            stop=stop,
        )
    raise typer.Exit(code)


@app.command()
def serve(plant: PlantFolder = DEMO, data: DataFolder = None, speed: Speed = 1.0, real: Real = False) -> None:
    """Run the station without a window until Ctrl-C."""
    with heard_stop() as stop, running_station(plant, data, speed, real) as (station, folder, found):
        wait_for(found, stop)
        if not stop.is_made:
            typer.echo(f"Serving {station.plant.name}: {len(station.plant.tags)} tags; data in {folder}; Ctrl-C stops")
        while not stop.is_made:
            SystemClock().sleep(_LOOK_S)


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
def control(
    port: Annotated[int, typer.Argument(min=1, max=65535)],
    token: Annotated[str, typer.Argument()],
    command: Annotated[str, typer.Argument(help="trip, freeze, thaw ...: docs/reference/control-port.md")],
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...")] = None,
) -> None:
    """Disturb a running virtual plant; `run` prints its port and token."""
    from plant_models.simulation.control_client import ControlClient, ControlError

    wrong = [each for each in arguments or () if "=" not in each]
    if wrong:
        fail(f"{wrong[0]!r} is no argument; write it as NAME=VALUE, such as plc=RPS_PLC")
    pairs = (each.split("=", 1) for each in arguments or ())
    try:
        results = ControlClient(Endpoint("127.0.0.1", port), token).request(
            command, **{name: number_or_text(value) for name, value in pairs}
        )
    except ControlError as error:
        fail(error)
    typer.echo(json.dumps(results, ensure_ascii=False) if results else f"{command}: done")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder")]) -> None:
    """Make a small commented plant to start from."""
    try:
        init_plant(folder)
    except (PlantError, OSError) as error:
        fail(error)
    typer.echo(f"Made {folder}. Next, in this order:")
    typer.echo(f"  write the address of your PLC into {folder / 'devices.toml'}")
    typer.echo(f"  python main.py check {folder}")
    typer.echo(f"  python main.py run {folder}")


@app.command()
def check(plant: PlantFolder = DEMO) -> None:
    """List all mistakes of a plant folder with place and remedy, and advice, which keeps no plant from running."""
    findings = sorted([*check_plant(plant), *model_findings(plant)])
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        advice = len(findings) - len(mistakes(findings))
        fail(f"{len(findings)} finding(s) in {plant}" + (f", {advice} of them advice" if advice else ""))
    typer.echo(f"{plant}: no findings")


@app.command()
def browse(
    plant: Annotated[Path, typer.Argument(help="The plant folder")],
    device: Annotated[str, typer.Argument(help="An OPC UA device of devices.toml")],
    match: Annotated[str, typer.Option(help="Only names like this, such as '*.FLOW' or 'Works.*'")] = "*",
    add: Annotated[bool, typer.Option("--add", help="Make tags of them in tags.csv")] = False,
    data: DataFolder = None,
) -> None:
    """List what an OPC UA server offers, and make tags of it."""
    from drivers.address_space import BrowseError
    from drivers.opcua.browse import browse_device
    from drivers.opcua.offers import new_rows, offers
    from plant_models.project.new_tags import add_tags

    loaded = load(plant)
    asked = loaded.devices.get(device)
    if asked is None or asked.protocol != "opcua":
        servers = [each.name for each in loaded.devices.values() if each.protocol == "opcua"]
        fail(f"{device!r} is no OPC UA device of {plant}; it has {', '.join(servers) or 'none'}")
    try:
        found = offers(loaded, device, browse_device(asked, SystemClock(), data or data_folder(loaded)), match)
    except BrowseError as error:
        fail(f"{device} can't be browsed: {error}")
    for offer in found:
        typer.echo(str(offer))
    wanted = new_rows(found)
    if not add:
        typer.echo(f"{len(found)} variables, {len(wanted)} of them could become tags: --add")
        return
    try:
        changed = add_tags(plant, wanted)
    except PlantError as error:
        for finding in error.findings:
            typer.echo(str(finding), err=True)
        fail("nothing was added")
    typer.echo(f"{len(wanted)} tags added; changed: {', '.join(changed) or 'nothing'}")


@app.command()
def screenshot(
    plant: PlantFolder,
    outdir: Annotated[Path, typer.Argument(help="Where the pictures go")],
    display: Annotated[str, typer.Option(help="Only this display")] = "",
    theme: Annotated[ThemeName | None, typer.Option(help="Both if left out")] = None,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT; 1920x1080 and 1280x720 if left out")] = "",
    data: DataFolder = None,
    speed: Speed = 1.0,
    trip: Annotated[list[str] | None, typer.Option(help="Trip this pump first, so that there are alarms")] = None,
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
    troubles: list[str] = []
    with (
        heard_stop() as stop,
        tempfile.TemporaryDirectory(prefix="clearwell-data-") as scratch,
        running_station(
            plant, data or Path(scratch), speed, real=False, on_found=lambda twin: disturb(twin, trip or (), troubles)
        ) as (station, _, found),
    ):
        wait_for(found, stop)
        from hmi.application import save_pictures
        from hmi.screenshots import PictureError
        from station.session import operating_system_session

        try:
            saved = save_pictures(station, operating_system_session(), outdir, themes, sizes, display, stop)
        except PictureError as error:
            fail(error)
    typer.echo(f"{len(saved.files)} pictures in {outdir}")
    if saved.problem or troubles:
        fail("; ".join([*troubles, saved.problem] if saved.problem else troubles))


@app.command()
def verify(plant: PlantFolder = DEMO, data: DataFolder = None) -> None:
    """Check the chains of the audit trail and the journal, and name the first row that doesn't fit."""
    from alarms.store.verify import verify_journal
    from station.store.audit import DATABASE_NAME
    from station.store.verify import verify_folder

    folder = data or data_folder(load(plant))
    problems = (
        judged(folder, "audit", lambda: verify_folder(folder)),
        judged(folder, "journal", lambda: verify_journal(folder / DATABASE_NAME)),
    )
    if any(problems):
        fail("; ".join(dict.fromkeys(filter(None, problems))))


def judged(folder: Path, chain: str, check: "Callable[[], Verdict | JournalVerdict]") -> str:
    """Say how a chain stands and what was wrong with it before; returns what is wrong now, empty if nothing is."""
    from database.errors import DatabaseError

    try:
        verdict = check()
    except DatabaseError as error:
        return str(error)
    for damage in verdict.damages:
        typer.echo(f"{folder}: {chain}, {damage}")
    if verdict.bad is None:
        whole = "no further damage" if verdict.damages else "all as they were written"
        typer.echo(f"{folder}: {verdict.rows} {chain} rows, {whole}")
        return ""
    place = f"{verdict.bad[1]} of epoch {verdict.bad[0]}" if isinstance(verdict.bad, tuple) else verdict.bad
    return f"{folder}: {chain} row {place} doesn't hold: {verdict.reason}"


@contextmanager
def running_station(
    folder: Path,
    data: Path | None,
    speed: float,
    real: bool,
    on_found: "Callable[[VirtualPlant], None] | None" = None,
) -> "Iterator[tuple[LocalStation, Path, Found]]":
    """Start the virtual plant, if there is one and `real` is not asked for, and the station; stop both in the end.

    The station doesn't wait for the virtual plant: its drivers start once it is known where the devices are, and
    `on_found` (`announce` if left out) is called on another thread.
    """
    plant = load(folder)
    data = data or data_folder(plant)
    require_free(data)
    with virtual_plant(plant, speed, real, on_found or announce) as found:
        from station.errors import StationError
        from station.local import LocalStation

        station = LocalStation(plant, data, SystemClock(), found)
        try:
            station.start()
        except StationError as error:
            fail(error)
        try:
            yield station, data, found
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
def virtual_plant(
    plant: Plant, speed: float, real: bool, on_found: "Callable[[VirtualPlant], None]"
) -> "Iterator[Found]":
    """Run the virtual plant of a plant in a process of its own; where its devices are is known once it listens.

    If it never does, that is said, and the program ends as soon as somebody looks at what was found.
    """
    if real or not plant.is_simulated:
        known: Found = Future()
        known.set_result({})
        yield known
        return
    from plant_models.simulation.process_link import VirtualPlant, VirtualPlantError

    try:
        twin = VirtualPlant.launch(plant.folder, speed, [sys.executable, str(Path(__file__).resolve()), "simulate"])
        twin.found.add_done_callback(lambda found: None if found.exception() else on_found(twin))
        try:
            yield twin.found
        finally:
            twin.stop()
    except VirtualPlantError as error:
        fail(error)


def announce(twin: "VirtualPlant") -> None:
    """Say where the control port of the virtual plant is."""
    host, port = twin.control.endpoint.host, twin.control.endpoint.port
    typer.echo(f"Virtual plant: control port {host}:{port}, token {twin.control.token}")


def disturb(twin: "VirtualPlant", trips: Iterable[str], troubles: list[str]) -> None:
    """Trip equipment of the virtual plant; what isn't possible is added to `troubles`."""
    from plant_models.simulation.control_client import ControlError

    announce(twin)
    for name in trips:
        try:
            twin.control.request("trip", equipment=name)
        except ControlError as error:
            troubles.append(str(error))


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


def number_or_text(text: str) -> float | str:
    """Return an argument of the control port as a number if it is one; nan and inf are names of faults."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of "1920x1080", or leave with the reason."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and 640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        fail(f"{text!r} is no size; write it as 1920x1080, from 640x480 to 7680x4320")
    return int(width), int(height)


def wait_for(found: "Found", stop: StopRequest) -> None:
    """Wait until it is known where the devices are, or until a stop is asked for, which the virtual plant hears too.

    Raises:
        VirtualPlantError: it will never be known.
    """
    while not (found.done() or stop.is_made):
        wait((found,), _LOOK_S)
    if not stop.is_made:
        found.result()


def fail(message: object) -> NoReturn:
    """Say what is wrong in one line, and leave with an error."""
    typer.echo(f"clearwell: {message}", err=True)
    raise typer.Exit(1)


def folders(plant: Path | None, data: Path | None) -> AccessFolders:
    """Load a plant and say where its station keeps its data, or leave with the reason."""
    loaded = load(plant or DEMO)
    return AccessFolders(loaded, data or data_folder(loaded))


add_access_commands(app, folders)
add_alarm_commands(app, folders)
history_group = add_history_commands(app, folders)
add_exchange_commands(history_group, folders)
add_lab_command(history_group, folders)
add_rebuild_command(history_group, folders)


if __name__ == "__main__":
    app()
