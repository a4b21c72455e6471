"""What the audit says about a time: when the station ran, and which acts on alarms were refused. Any worker; blocks."""

from typing import Final

from sqlalchemy import Connection, and_, func, select

from alarms.handling import AlarmAct
from station.protocol import CommandState
from station.store.tables import AUDIT, EPOCH

_ACTS: Final = ("acknowledge", *(act.value for act in AlarmAct))


def read_runs(connection: Connection) -> list[tuple[int, int]]:
    """Return when each run of the station began, and when its newest row was written (µs UTC), in their order.

    The last row of a run that was ended is its end; one that was killed is known to have run until then.
    """
    is_of_run = and_(AUDIT.c.station == EPOCH.c.station, AUDIT.c.epoch == EPOCH.c.epoch)
    runs = select(EPOCH.c.started_at_us, func.max(AUDIT.c.at_us)).join(AUDIT, is_of_run)
    return [(begun, ended) for begun, ended in connection.execute(runs.group_by(EPOCH.c.epoch).order_by(EPOCH.c.epoch))]


def count_refused(connection: Connection, start_us: int, end_us: int) -> int:
    """Return how many acts on alarms were refused in a time."""
    is_then = (AUDIT.c.at_us >= start_us) & (AUDIT.c.at_us < end_us)
    is_refused = AUDIT.c.kind.in_(_ACTS) & (AUDIT.c.state == CommandState.REJECTED.value)
    return connection.execute(select(func.count()).select_from(AUDIT).where(is_then, is_refused)).scalar_one()
