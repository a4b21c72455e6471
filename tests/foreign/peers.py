"""Servers that aren't ours, each a process of its own; `make foreign` has installed them."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
SERVERS: Final = Path(__file__).with_name("servers")
_NODE_ENVIRONMENT: Final = {**os.environ, "NODE_PATH": str(ROOT / ".foreign" / "node_modules")}


class Peer:
    """A server that tells its port and takes a line for each new value; a context manager."""

    def __init__(self, line: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_NODE_ENVIRONMENT, cwd=ROOT
        )
        try:
            self.port = int(self._heard())
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def put(self, *words: object) -> None:
        """Set a value; it is there when this returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        assert self._heard() == "set"

    def freeze(self) -> None:
        """Stop the process; the operating system still accepts connections and data for it."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def _heard(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the server ended; run `make foreign`, which installs what it needs"
        return line


def libmodbus() -> Peer:
    """Debian's libmodbus: `put(address, word, …)` sets holding registers."""
    return Peer([sys.executable, str(SERVERS / "libmodbus.py")])


def modbus_serial() -> Peer:
    """npm's modbus-serial: `put(address, word, …)` sets holding registers."""
    return Peer(["node", str(SERVERS / "modbus_serial.js")])


def node_opcua(certificates: Path) -> Peer:
    """npm's node-opcua: `put("LEVEL", value)` sets the double ns=1;s=LEVEL."""
    return Peer(["node", str(SERVERS / "node_opcua.js"), str(certificates)])
