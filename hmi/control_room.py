"""One window on one station, with the loop that drives it: made, run, and taken down in order. GUI thread.

The last border for exceptions: whatever fails in a slot or a coroutine goes to the log and to a bar in the window.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, TypeVar

import qasync
import structlog
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from hmi.alarms.model import AlarmModel
from hmi.context import Context
from hmi.garbage import collected_here
from hmi.i18n import install_language
from hmi.live import Live
from hmi.preferences.preferences import Preferences, load_chosen
from hmi.seat import Seat
from hmi.shell.window import Window
from hmi.sound.alarm_sound import AlarmSound
from hmi.sound.speaker import Speaker
from hmi.symbols.source import install_symbols
from hmi.tasks import Tasks
from hmi.theme.theme import install_theme
from hmi.ticker import Ticker
from hmi.units.choice import install_units
from plant_models.clock import Clock, SystemClock
from station.protocol import Station
from station.session import Session
from station.stop_request import StopRequest

_LOG: Final = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


class ControlRoom:
    """The parts; `run` drives them until a coroutine has ended."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.loop = qasync.QEventLoop(app)
        self.ticker = Ticker()
        self.tasks = Tasks(self.loop, self.say_error)
        self._window: Window | None = None
        self._seat: Seat | None = None

    @property
    def window(self) -> Window:
        assert self._window is not None, "the window isn't made yet"
        return self._window

    @property
    def seat(self) -> Seat:
        assert self._seat is not None, "the window isn't made yet"
        return self._seat

    def make_window(
        self, station: Station, session: Session, clock: Clock, preferences: Preferences, speaker: Speaker | None
    ) -> None:
        """Make the window; it isn't shown yet."""
        alarms = AlarmModel(station, session, self.ticker, self.tasks)
        sound = AlarmSound(alarms, clock, preferences, speaker)
        self._window = Window(
            Context(
                station=station,
                live=Live(station),
                session=session,
                ticker=self.ticker,
                clock=clock,
                tasks=self.tasks,
                alarms=alarms,
                preferences=preferences,
                sound=sound,
            )
        )
        self._seat = Seat(station, session, self.tasks)
        sound.acted.connect(self._seat.tell)
        self._seat.unrecorded.connect(self._window.say_unrecorded)

    def say_error(self, error: BaseException) -> None:
        """Show in the window that something failed; the log has it already."""
        if self._window is not None and isValid(self._window):
            self._window.say_problem(f"{type(error).__name__}: {error}".removesuffix(": "))

    def run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        """Run the loop until `coroutine` has ended, then end what the screens have started."""
        try:
            return self.loop.run_until_complete(coroutine)
        finally:
            self.loop.run_until_complete(self.tasks.stop())

    async def until_closed(self, stop: StopRequest) -> None:
        """Return when the window was closed, or the program was asked to end, even before this call."""
        ended = asyncio.Event()
        self.window.closing.connect(ended.set)
        with _signals(ended):
            if not stop.is_made:
                await ended.wait()

    def close(self) -> None:
        """Take everything down; the ticker first, so that nothing follows the plant any more."""
        self.ticker.stop()
        if self._window is not None:
            self._window.context.sound.close()
            self._window.close()
            self._window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.loop.close()


@contextmanager
def open_control_room(
    station: Station,
    session: Session,
    *,
    theme_name: str,
    language: str,
    clock: Clock | None = None,
    user_folder: Path | None = None,
    speak: Callable[[Clock], Speaker] | None = None,
) -> Iterator[ControlRoom]:
    """Give a control room whose window isn't shown yet; theme and language stand above what the person prefers.

    The person's preferences are read from `user_folder` and kept there; None reads and keeps none.
    `speak` makes what alarms are heard with; without it nothing is heard.

    Raises:
        ValueError: the language is unknown.
    """
    app = QApplication.instance() or _make_application()
    assert isinstance(app, QApplication)
    app.setApplicationName("Clearwell")
    app.setQuitOnLastWindowClosed(False)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    with ExitStack() as undo:
        if (translator := install_language(app, language)) is not None:
            undo.callback(app.removeTranslator, translator)
        undo.callback(install_theme(app, theme_name))
        chosen = load_chosen(user_folder)
        undo.callback(install_units(chosen.units))
        undo.callback(install_symbols(station.plant.folder))
        room = ControlRoom(app)
        undo.callback(room.close)
        undo.enter_context(_last_border(room))
        undo.enter_context(collected_here(room.ticker))
        preferences = Preferences(chosen, user_folder, room.tasks)
        undo.callback(preferences.save)
        clock = clock or SystemClock()
        room.make_window(station, session, clock, preferences, None if speak is None else speak(clock))
        yield room


def _make_application() -> QApplication:
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    return QApplication([])


@contextmanager
def _last_border(room: ControlRoom) -> Iterator[None]:
    """Send what nobody caught to the log and the window, for as long as the room is open."""
    before = sys.excepthook

    def on_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _LOG.error("a slot failed", exc_info=(kind, error, trace))
        room.say_error(error)

    def on_loop(loop: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
        del loop
        error = details.get("exception") or RuntimeError(details["message"])
        _LOG.error("a callback failed", exc_info=error)
        room.say_error(error)

    sys.excepthook = on_slot
    room.loop.set_exception_handler(on_loop)
    try:
        yield
    finally:
        sys.excepthook = before


@contextmanager
def _signals(ended: asyncio.Event) -> Iterator[None]:
    """Turn Ctrl-C and the request to terminate into `ended`; the ticker lets Python see them within 0.1 s.

    The handler takes no lock, so it writes no log: it may interrupt this thread while that holds the log's own.
    """
    heard: list[str] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        heard.append(signal.Signals(number).name)
        ended.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for name in heard:
            _LOG.info("asked to end", signal=name)
