"""Asks the window of another program to close, as the close button of a window manager does; X11 only.

Where there is no X server, the program is run such that it closes its window itself.
"""

import ctypes
import os
from pathlib import Path
from typing import Final

from tests.fakes.waiting import wait_until

ROOT: Final = Path(__file__).resolve().parents[2]
_FROM_WITHIN: Final = """
from PySide6.QtCore import QTimer
import hmi.application as application, main
run = application.run_application
def run_and_close(*arguments, **options):
    return run(*arguments, on_ready=lambda room: QTimer.singleShot(2000, room.window.close), **options)
application.run_application = run_and_close
main.app()
"""
_CLIENT_MESSAGE: Final = 33


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, filled up to the size of an XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),
    )


def program() -> list[str]:
    """Return the arguments of Python that run main.py."""
    return [str(ROOT / "main.py")] if os.environ.get("DISPLAY") else ["-c", _FROM_WITHIN]


def ask_to_close(title: str) -> None:
    """Wait for the only window of that title, then send it WM_DELETE_WINDOW; without X, do nothing."""
    if not os.environ.get("DISPLAY"):
        return
    x11 = ctypes.CDLL("libX11.so.6")
    for function in (x11.XOpenDisplay, x11.XDefaultRootWindow, x11.XInternAtom):
        function.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    wait_until(lambda: _windows(x11, display, title), 60, f"a window {title!r}")
    message = _ClientMessage(type=_CLIENT_MESSAGE, window=_windows(x11, display, title)[0], format=32)
    message.message_type = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
    message.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(display, ctypes.c_ulong(message.window), 0, ctypes.c_long(0), ctypes.byref(message))
    x11.XCloseDisplay(display)


def _windows(x11: ctypes.CDLL, display: ctypes.c_void_p, title: str) -> list[int]:
    """Return the top-level windows of that title."""
    root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
    children = ctypes.POINTER(ctypes.c_ulong)()
    pointers = (ctypes.byref(each) for each in (root, parent, children, count))
    x11.XQueryTree(display, ctypes.c_ulong(x11.XDefaultRootWindow(display)), *pointers)
    found = [window for window in children[: count.value] if _title(x11, display, window) == title]
    x11.XFree(children)
    return found


def _title(x11: ctypes.CDLL, display: ctypes.c_void_p, window: int) -> str:
    name = ctypes.c_char_p()
    x11.XFetchName(display, ctypes.c_ulong(window), ctypes.byref(name))
    return (name.value or b"").decode()
