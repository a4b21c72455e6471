"""The desktop program: a window until it is closed, or pictures of every view.

The thread of the caller becomes the GUI thread.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import structlog
from PySide6.QtCore import QSize, Qt

from hmi.control_room import ControlRoom, open_control_room
from hmi.i18n import ENGLISH, languages
from hmi.preferences.chosen import Chosen
from hmi.preferences.preferences import load_chosen
from hmi.preferences.window_size import WindowSize, load_window_size, save_window_size
from hmi.screenshots import PictureError, Saved, make_folder, save_periodically, save_views
from hmi.settling import shown_rows, until_live, until_settled
from hmi.shell.window import Window
from hmi.sound.speaker import make_speaker
from hmi.start_moments import note_moments
from station.protocol import Station
from station.session import Session
from station.stop_request import StopRequest

_LOG: Final = structlog.get_logger(__name__)
_LANGUAGE: Final = "CLEARWELL_LANGUAGE"
_SETTINGS: Final = "window.json"
_PICTURE_SIZE: Final = (1920, 1080)
_TONES: Final = "tones"


def run_application(
    station: Station,
    session: Session,
    *,
    settings_folder: Path,
    user_folder: Path | None = None,
    theme_name: str | None = None,
    pictures: Path | None = None,
    on_ready: Callable[[ControlRoom], None] | None = None,
    starting: Future[Any] | None = None,
    stop: StopRequest | None = None,
) -> int:
    """Show the control room until its window is closed or the program is asked to end; return the exit code.

    The size of the window is remembered in `settings_folder`, what the person prefers in `user_folder` (None: not at
    all), where the tones of alarms lie too. `theme_name` of None is the preferred one. With `pictures` nobody sees or
    hears the window, or sits at it: pictures of it go to that folder. `on_ready` is called once the window is shown.
    `starting`, a running future, is what the window needn't wait for; if it fails, the window is closed and the failure
    is raised. `stop` is a request to end that may have been made before the window was there.
    """
    file = settings_folder / _SETTINGS
    remembered, chosen = load_window_size(file), load_chosen(user_folder)
    tones = None if user_folder is None else user_folder / _TONES
    with open_control_room(
        station,
        session,
        theme_name=theme_name or chosen.theme,
        language=_language(chosen),
        user_folder=user_folder,
        speak=None if pictures is not None else lambda clock: make_speaker(tones, clock),
    ) as room:
        window = room.window
        _show(window, remembered, room, pictures)
        if pictures is None:
            room.seat.open()
        room.tasks.start(note_moments(window))
        if starting is not None:
            room.tasks.start(_close_after_failure(window, starting))
        if on_ready is not None:
            on_ready(room)
        room.run(_until_closed(room, pictures, stop or StopRequest()))
        if pictures is None:
            save_window_size(file, _remember(window, remembered))
    if starting is not None and starting.done():
        starting.result()
    return 0


def save_pictures(
    station: Station,
    session: Session,
    folder: Path,
    themes: Sequence[str],
    sizes: Sequence[tuple[int, int]],
    display: str = "",
    stop: StopRequest | None = None,
) -> Saved:
    """Save every view in every theme and size, once values are live and settled; tags that stay dead are named.

    A `display` leaves out all others. `stop` is a request to end that may be made at any moment.

    Raises:
        PictureError: the folder can't be made, a picture not written, or somebody asked to end before all were saved.
    """
    make_folder(folder)
    with open_control_room(station, session, theme_name=themes[0], language=_language(Chosen())) as room:

        async def save() -> Saved:
            # A pointer that happens to stand over the window must not open hover cards on the pictures.
            room.window.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            room.window.show()
            context = room.window.context
            unknown = await until_live(context)
            if not unknown:
                await until_settled(context)
            files = await save_views(room.window, folder, themes, sizes, display)
            return Saved(tuple(files), len(shown_rows(context)), unknown)

        return room.run(_unless_stopped(room, save(), stop or StopRequest()))


async def _unless_stopped(room: ControlRoom, saving: Coroutine[Any, Any, Saved], stop: StopRequest) -> Saved:
    saved, stopped = asyncio.ensure_future(saving), asyncio.ensure_future(room.until_closed(stop))
    await asyncio.wait((saved, stopped), return_when=asyncio.FIRST_COMPLETED)
    for each in (saved, stopped):
        each.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    try:
        return await saved
    except asyncio.CancelledError:
        raise PictureError("stopped before all pictures were saved") from None


async def _until_closed(room: ControlRoom, pictures: Path | None, stop: StopRequest) -> None:
    if pictures is not None:
        room.tasks.start(save_periodically(room.window, pictures))
    await room.until_closed(stop)
    if pictures is None:
        await room.seat.close()


async def _close_after_failure(window: Window, starting: Future[Any]) -> None:
    try:
        await asyncio.wrap_future(starting)
    except Exception:  # noqa: BLE001 - whatever it is, it is raised once the window is closed
        window.close()


def _show(window: Window, remembered: WindowSize, room: ControlRoom, pictures: Path | None) -> None:
    if pictures is not None:
        window.resize(*_PICTURE_SIZE)
        window.show()
        return
    screen = room.app.primaryScreen().availableSize()
    window.resize(QSize(remembered.width, remembered.height).boundedTo(screen))
    if remembered.is_full_screen:
        window.showFullScreen()
    else:
        window.show()


def _remember(window: Window, before: WindowSize) -> WindowSize:
    if window.isFullScreen():
        return replace(before, is_full_screen=True)
    return WindowSize(width=window.width(), height=window.height())


def _language(chosen: Chosen) -> str:
    """Return the language of the environment, else the preferred one; English if its file is gone or broken."""
    wanted = os.environ.get(_LANGUAGE)
    if wanted is not None:
        return wanted
    if chosen.language in languages():
        return chosen.language
    _LOG.warning("language not found, English instead", language=chosen.language)
    return ENGLISH
