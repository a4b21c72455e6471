"""Something a person does at a terminal to the data folder of a station, in its audit trail if no station runs.

Only one process writes an audit; a running station has the folder, and what is done then is said not to be recorded.
Main thread; blocks on the disk.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from database.errors import DatabaseError
from plant_models.clock import SystemClock
from plant_models.message import message, words_of
from station.acts import Acts, act_entry
from station.chain import personal_entry
from station.errors import StationError
from station.lock import InstanceLock
from station.log import logging_to
from station.session import operating_system_session
from station.store.audit import Audit
from station.store.recovery import STOP

_RUNS: Final = "A station runs on this data folder; its audit trail doesn't get this, unlike on the device page."


def carry_out_offline(data: Path, kind: str, title: str, reason: str, act: Callable[[], None]) -> str:
    """Do something, recorded before and after where that is possible; return why it wasn't done, "" if it was."""
    lock = InstanceLock(data)
    try:
        lock.acquire()
    except StationError:
        typer.echo(
            "A station runs on this data folder: its audit trail doesn't get this. Its device page would.", err=True
        )
        return _unrecorded(act)
    try:
        return _recorded(data, kind, title, reason, act)
    finally:
        lock.release()


def _unrecorded(act: Callable[[], None]) -> str:
    try:
        act()
    except OSError as error:
        return words_of(error)
    return ""


def _recorded(data: Path, kind: str, title: str, reason: str, act: Callable[[], None]) -> str:
    clock, session = SystemClock(), operating_system_session()
    audit = Audit(data, clock)

    def done() -> str:
        act()
        return ""

    try:
        audit.open()
        with logging_to(data, clock):
            result = Acts(audit).carry_out(act_entry(kind, "", title, session, reason), lambda: "", done)
        audit.append(personal_entry(STOP, session))
        audit.close()
    except (DatabaseError, OSError) as error:
        return message("It can't be recorded: {why}", why=words_of(error))
    return "" if result.is_done else result.message
