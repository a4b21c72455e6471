"""A thin binding of EPANET 2.2, which wntr brings along as a library: one project, called by C functions' names.

The simulation's own thread. wntr's own binding can't be had without all of wntr (pandas, scipy, networkx, matplotlib),
which takes seconds to import and is needed only for the conversion of networks. Hence the library is found in wntr's
folder without importing it, and called by ctypes. Functions: epanet22_2.h of EPANET 2.2.
"""

import os
import platform
import sys
from collections.abc import Callable
from ctypes import CDLL, byref, c_double, c_int, c_long, c_uint64, create_string_buffer
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_ID_SIZE: Final = 64
"""EN_MAXID is 31 bytes; the end of the text comes on top."""
_FIRST_ERROR: Final = 100  # smaller codes are warnings: negative pressure, pump can't deliver …


def library_path() -> Path:
    """Return where the library of this system lies.

    Raises:
        ModuleNotFoundError: wntr isn't installed.
        FileNotFoundError: it has no EPANET for this system.
    """
    spec = find_spec("wntr")  # finds a package of the top level without running it
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("wntr, which brings EPANET along, isn't installed", name="wntr")
    path = Path(spec.submodule_search_locations[0], "epanet", "libepanet", _library_name())
    if not path.is_file():
        raise FileNotFoundError(f"wntr has no EPANET for this system: {path} is missing")
    return path


def _library_name() -> str:
    """Return the name below libepanet/, which differs by system (as in wntr/epanet/toolkit.py)."""
    if os.name == "nt":
        return "windows-x64/epanet22.dll"
    if sys.platform != "darwin":
        return "linux-x64/libepanet22.so"
    return "darwin-arm/libepanet2.dylib" if "arm" in platform.platform().lower() else "darwin-x64/libepanet22.dylib"


def _c_path(path: Path) -> bytes:
    """Return a path as the C library's fopen() of this system takes it."""
    return os.fsencode(path) if os.name == "posix" else str(path).encode("mbcs")


class Epanet:
    """One project, closed at first. Nodes and links are numbered from 1.

    `code` is what the newest call returned: 0, a warning (1 to 6), or an error (101 and more). `on_error` is told of
    errors and raises.

    Raises:
        ModuleNotFoundError, FileNotFoundError: there is no library, see `library_path`.
    """

    def __init__(self, on_error: Callable[[int], None]) -> None:
        self._library = CDLL(str(library_path()))
        self._on_error = on_error
        self._project = c_uint64()
        self.is_open = False
        self.code = 0

    def function(self, name: str) -> Callable[..., int]:
        """Return a C function, named without its "EN_", bound to the project: for a fast loop, never for later.

        Raises:
            RuntimeError: no project is open; what is bound to one that was freed would read freed memory.
        """
        if not self.is_open:
            raise RuntimeError("no network is open")
        return partial(self._library[f"EN_{name}"], self._project)

    def call(self, name: str, *arguments: object) -> None:
        """Call a function on the project and pass its code on."""
        self.note(self.function(name)(*arguments))

    def note(self, code: int) -> None:
        """Keep a code, and tell it if it is an error."""
        self.code = code
        if code >= _FIRST_ERROR:
            self._on_error(code)

    def open(self, network: Path, report: Path, binary: Path) -> None:
        """Read a network; EPANET writes to `report` and `binary`."""
        self.note(self._library.EN_createproject(byref(self._project)))
        self.is_open = True
        self.call("open", *map(_c_path, (network, report, binary)))

    def close(self) -> None:
        """Free everything; what EPANET thinks of that is of no use to anybody."""
        if self.is_open:
            self.is_open = False
            self._library.EN_close(self._project)
            self._library.EN_deleteproject(self._project)
            self._project = c_uint64()

    def count(self, kind: int) -> int:
        """Return how many nodes, links … there are."""
        found = c_int()
        self.call("getcount", kind, byref(found))
        return found.value

    def name_of(self, getter: str, row: int) -> str:
        """Return a name by "getnodeid" or "getlinkid"."""
        text = create_string_buffer(_ID_SIZE)
        self.call(getter, row, text)
        return text.value.decode("latin-1")

    def ends(self, link: int) -> tuple[int, int]:
        """Return the start and end node of a link."""
        start, end = c_int(), c_int()
        self.call("getlinknodes", link, byref(start), byref(end))
        return start.value, end.value

    def set_time(self, parameter: int, seconds: int) -> None:
        """Set one of the time parameters."""
        self.call("settimeparam", parameter, c_long(seconds))

    def set_value(self, setter: str, row: int, code: int, value: float) -> None:
        """Set one quantity by "setnodevalue" or "setlinkvalue"."""
        self.call(setter, row, code, c_double(value))

    def timed(self, step: str) -> int:
        """Run "runH", "nextH", "runQ" or "nextQ" and return the seconds that it gives."""
        seconds = c_long()
        self.call(step, byref(seconds))
        return seconds.value
