"""Working the tables for other programs out anew at a terminal. Main thread; blocks on the disk."""

from collections.abc import Callable
from pathlib import Path

from history.plain_tables import PlainTables
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.plain.place import TablesFile, tables_beside, tables_on_server
from history.store.plain.refill import begin_refill, forget_site
from history.store.segments import Segments
from plant_models.clock import Clock
from plant_models.plant import Plant

_LATEST_US = 2**62


def ask_for_rebuild(folder: Path) -> int:
    """Let the station that runs on a folder do it when it has nothing else to do; return of how many parts.

    Raises:
        DatabaseError: it can't be noted.
    """
    months = Months(folder).between(0, _LATEST_US)
    with tables_beside(folder) as connection:
        begin_refill(connection, months)
    return len(months)


def ask_server_for_rebuild(address: str) -> None:
    """Let the station that writes on a server do it after its next start.

    Raises:
        DatabaseError: it can't be noted.
    """
    with tables_on_server(address) as connection:
        forget_site(connection)


def rebuild_tables(plant: Plant, folder: Path, clock: Clock, tell: Callable[[str], None]) -> None:
    """Do it at once, on a folder that no station uses. Days of which an hour isn't packed wait for the next start.

    `tell` gets a line whenever a part is done.

    Raises:
        DatabaseError: it can't be done; what was done stays, and the next start goes on.
    """
    frames, months = FrameStore(folder, [tag.name for tag in plant.tags]), Months(folder)
    segments, place = Segments(frames), TablesFile(folder, clock)
    tables = PlainTables(place, months, segments, plant)
    try:
        frames.open(clock.wall_us())
        tables.begin_anew()
        until_us, notice = segments.packed_until(clock.wall_us()), ""
        while tables.step(until_us):
            if tables.notice != notice:
                notice = tables.notice
                tell(notice or "Hours are there, days follow")
    finally:
        tables.close()
        months.close()
        frames.close()
