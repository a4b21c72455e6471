"""What every test gets: a screen to draw on or none, and a check that nothing is left running."""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.clock import ManualClock
from tests.fakes.own_screen import take_own_screen
from tests.fakes.waiting import wait_until

HERE = Path(__file__).parent

# Programs that tests start must never see or change the preferences of whoever runs the tests.
os.environ["CLEARWELL_PREFERENCES"] = tempfile.mkdtemp(prefix="clearwell-preferences-")
atexit.register(shutil.rmtree, os.environ["CLEARWELL_PREFERENCES"], ignore_errors=True)

take_own_screen()
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one worker where they share a window or a plant that takes long to make."""
    for item in items:
        if any(item.path.is_relative_to(HERE / room) for room in ("hmi", "end_to_end", "faults")):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


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
