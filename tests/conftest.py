"""What every test gets: a screen to draw on or none, and a check that nothing is left running."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from coverage import Coverage
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.fakes.clock import ManualClock
from tests.fakes.own_screen import take_own_screen
from tests.fakes.postgresql import made_database, postgresql
from tests.fakes.waiting import wait_until

WHOLE_PROGRAMS: Final = ("tests/install", "tests/end_to_end", "tests/docs", "tests/test_main.py")
"""Where tests mostly wait for programs."""
MEASURED: Final = ("tests/alarms", "tests/analytics", "tests/drivers", "tests/faults", "tests/history", "tests/station")
"""Which tests must reach every branch of what `coverage report` lists."""
ALONE: Final = (*WHOLE_PROGRAMS, "tests/faults", "tests/hmi")
"""Where tests take long and share nothing that does."""

# Programs that tests start must never see or change the preferences of whoever runs the tests.
os.environ["CLEARWELL_PREFERENCES"] = tempfile.mkdtemp(prefix="clearwell-preferences-")
atexit.register(shutil.rmtree, os.environ["CLEARWELL_PREFERENCES"], ignore_errors=True)

take_own_screen()
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class OneFileOneWorker(LoadScopeScheduling):
    """Keeps the tests of a file in one worker, so that its servers are made once; slow ones go to whoever is free.

    pytest-xdist's own groups do nothing since pytest 9.2, which ignores the names that they are written into.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(ALONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneFileOneWorker:
    return OneFileOneWorker(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Import what `coverage report` lists while it is measured, whatever imports it first."""
    root, measuring = session.config.rootpath, Coverage.current()
    for pattern in measuring.get_option("report:include") if measuring is not None else ():
        for file in root.glob(pattern):
            import_module(".".join(file.relative_to(root).with_suffix("").parts))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, object, object]:
    with _measured_where_wanted(collector):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    with _measured_where_wanted(item):
        return (yield)


@contextmanager
def _measured_where_wanted(node: pytest.Collector | pytest.Item) -> Iterator[None]:
    """Measure coverage where tests are to reach every branch; elsewhere it would only take its time."""
    measuring = Coverage.current()
    if measuring is None or not isinstance(node, pytest.Module | pytest.Item) or node.nodeid.startswith(MEASURED):
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that nobody waits for the last of it."""
    items.sort(key=lambda item: not item.nodeid.startswith(WHOLE_PROGRAMS))


def pytest_collection_finish() -> None:
    """Leave what collecting has made, hundreds of thousands of objects, out of every later look for garbage."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end where windows were drawn."""
    terminalreporter.write_line(where_windows_are())


def where_windows_are() -> str:
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return "windows: drawn OFF-SCREEN; there is no display and no Xvfb (apt-get install xvfb xauth)"
    return f"windows: on the display {os.environ.get('DISPLAY', 'of the system')}"


@pytest.fixture
def clock() -> ManualClock:
    """Time under the test's hand."""
    return ManualClock()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """The address of a real PostgreSQL, started once for each test process and stopped in the end."""
    with tempfile.TemporaryDirectory(prefix="clearwell-pg-") as folder, postgresql(Path(folder)) as server:
        yield server


@pytest.fixture
def pg_database(pg_server: str) -> Iterator[str]:
    """The address of an empty database of the test's own."""
    with made_database(pg_server) as address:
        yield address


@pytest.fixture(autouse=True)
def _no_widget_dies_in_another_thread() -> Iterator[None]:
    """Once there are widgets, look for garbage between tests only: see hmi.garbage."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        from hmi.garbage import collect_due

        gc.disable()
        collect_due()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a thread behind; one that is just ending gets a moment."""
    before = set(threading.enumerate())
    yield

    def left() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in before and not _is_shared(thread)]

    wait_until(lambda: not left(), timeout_s=5, what=f"the end of the threads {[thread.name for thread in left()]}")


def _is_shared(thread: threading.Thread) -> bool:
    """The pool of an event loop's executor ends with its loop, Qt's own threads with the application."""
    return thread.name.startswith(("asyncio_", "Dummy-", "QThread")) or isinstance(thread, threading._DummyThread)
