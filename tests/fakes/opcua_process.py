"""An OPC UA server in a process of its own, which can be stopped like a frozen PLC, and killed.

Its one node `ns=2;s=NOW` holds the machine's wall time in seconds, ten times a second: a value tells how old it is.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from asyncua import ua

from plant_models.clock import SystemClock
from tests.fakes.opcua_server import OpcUaServer

NODE = "NOW"
_PERIOD_S = 0.1
_ROOT = Path(__file__).resolve().parents[2]


class OpcUaProcess:
    """The server as a child of this process, on one port for life; a context manager."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.start()

    def __enter__(self) -> "OpcUaProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.thaw()
        self.kill()

    def start(self) -> None:
        """Start the server; it is ready when this returns."""
        command = [sys.executable, "-m", "tests.fakes.opcua_process", str(self.port)]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def freeze(self) -> None:
        """Stop the process where it stands; the operating system still accepts connections for it."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the process without any leave-taking."""
        self._process.kill()
        self._process.wait(20)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def main(port: int) -> None:
    """Serve until standard input closes, as it does when the parent ends."""
    clock = SystemClock()
    with OpcUaServer({NODE: (clock.wall_us() / 1e6, ua.VariantType.Double)}, port) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        parent = os.getppid()
        while os.getppid() == parent:
            server.put(NODE, clock.wall_us() / 1e6)
            clock.sleep(_PERIOD_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
