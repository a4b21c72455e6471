"""Opening PostgreSQL: what hangs is noticed within seconds, and nobody's password stands in a message. Any thread.

Passwords come from libpq's own places (~/.pgpass, PGPASSWORD), never from the address.
"""

from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text

from database.errors import DatabaseError, clear_errors
from database.migrate import SERVER, migrate

SCHEMA: Final = "clearwell"
CONNECT_S: Final = 5
OLDEST: Final = 13
_MIGRATION_LOCK: Final = 0x434C5257_0001
"""Advisory lock of PostgreSQL, so that two stations don't migrate at once."""
_KEPT_ALIVE: Final = {
    "connect_timeout": CONNECT_S,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "clearwell",
    "options": f"-c search_path={SCHEMA} -c TimeZone=UTC -c idle_in_transaction_session_timeout=60s"
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
}


def server_url(address: str) -> URL:
    """Return the address of a server as SQLAlchemy takes it."""
    return make_url(address).set(drivername="postgresql+psycopg")


def server_name(address: str) -> str:
    """Return what messages call a server: its address without a password."""
    return make_url(address).set(drivername="postgresql", password=None, query={}).render_as_string()


def make_server_engine(address: str) -> Engine:
    """Return an engine for a server, which need not be there; it connects when it is used."""
    return create_engine(server_url(address), connect_args=dict(_KEPT_ALIVE), pool_size=8, max_overflow=0)


def open_server(address: str) -> Engine:
    """Return an engine for a server whose schema `clearwell` was made or brought to the newest version.

    Raises:
        DatabaseError: it can't be reached or used, or was written by a newer Clearwell.
    """
    engine, name = make_server_engine(address), server_name(address)
    try:
        with clear_errors(name), engine.begin() as connection:
            _check_version(connection, name)
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            if not connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = :s"), {"s": SCHEMA}).first():
                connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            migrate(connection, name, SERVER)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def _check_version(connection: Connection, name: str) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < OLDEST * 10_000:
        raise DatabaseError(
            "{file} runs PostgreSQL {version}; {oldest} or newer is needed",
            file=name,
            version=f"{version // 10_000}.{version % 100}",
            oldest=OLDEST,
        )
