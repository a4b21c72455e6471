"""Is a server reached directly? Connection poolers in transaction mode hand one session to several, with its locks.

Two stations would then both hold the lock of the one that writes, and it would stay taken when both are gone. Thread of
the forwarder.
"""

import secrets
from typing import Final

from sqlalchemy import Connection, text

from database.errors import DatabaseError

_PID: Final = text("SELECT pg_backend_pid()")
_TRY: Final = text("SELECT pg_try_advisory_lock(:lock)")
_FREE: Final = text("SELECT pg_advisory_unlock(:lock)")


def check_direct(first: Connection, second: Connection, name: str) -> None:
    """Find out whether two connections (both in autocommit) are two sessions of the server `name`.

    Raises:
        DatabaseError: they are not.
    """
    lock = secrets.randbits(62)
    session = first.execute(_PID).scalar_one()
    is_taken = first.execute(_TRY, {"lock": lock}).scalar_one()
    second.exec_driver_sql("BEGIN")  # a pooler lends the session that is free now for as long as this lasts
    try:
        is_shared = second.execute(_PID).scalar_one() == session or second.execute(_TRY, {"lock": lock}).scalar_one()
        is_shared |= first.execute(_PID).scalar_one() != session
    finally:
        second.exec_driver_sql("ROLLBACK")
        first.execute(_FREE, {"lock": lock})
    if is_shared or not is_taken:
        raise DatabaseError(
            "{file} is reached through a connection pooler that shares sessions; name the server itself in plant.toml",
            file=name,
        )
