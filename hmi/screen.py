"""Whether there is a screen to open windows on, asked before Qt starts: Qt would abort the program. Main thread."""

import ctypes
import os
import socket
import sys
from pathlib import Path


def can_show_windows() -> bool:
    """Tell whether a window would be seen: always on Windows and macOS, else if an X or Wayland server answers."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    if sys.platform in ("win32", "darwin") or _wayland_answers():
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name))
        except OSError:
            return False
    return True


def _x_server_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return False
    # It stays open until the program ends: a server such as Xvfb starts afresh when its only client leaves, and refuses
    # Qt meanwhile, which aborts the program.
    return True
