"""Mosquitto as a process of its own, which keeps sessions and all their messages; and messages sent to it in one go."""

import os
import shutil
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Final, Self

from plant_models.clock import SystemClock

_SETTINGS: Final = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages 0
"""
_PORTION: Final = 500


def mosquitto_path() -> str | None:
    """Return the program; Debian puts it where only root looks."""
    return shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Mosquitto:
    """A context manager; `restart` keeps what the broker had accepted."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="clearwell-mosquitto-")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        os.chmod(self._folder.name, 0o777)  # the broker gives up the rights of root
        (Path(self._folder.name) / "settings").write_text(_SETTINGS.format(port=self.port, folder=self._folder.name))

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._folder.cleanup()

    def restart(self) -> None:
        self._stop()
        self._start()

    def publish(self, topic: str, payloads: list[bytes]) -> None:
        """Publish with QoS 1; when this returns, the broker has accepted every message."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as link:
            link.sendall(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02pb")
            _read(link, 4)
            for start in range(0, len(payloads), _PORTION):
                portion = payloads[start : start + _PORTION]
                link.sendall(b"".join(_publish(topic, each, number) for number, each in enumerate(portion, 1)))
                _read(link, 4 * len(portion))
            link.sendall(b"\xe0\x00")

    def _start(self) -> None:
        line = [self._program, "-c", str(Path(self._folder.name) / "settings")]
        self._process = subprocess.Popen(line, stderr=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            SystemClock().sleep(0.02)
        raise RuntimeError("mosquitto does not listen")

    def _stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def _publish(topic: str, payload: bytes, number: int) -> bytes:
    body = struct.pack(">H", len(topic)) + topic.encode() + struct.pack(">H", number) + payload
    if len(body) > 127:
        raise ValueError("only short messages")
    return bytes([0x32, len(body)]) + body


def _read(link: socket.socket, count: int) -> None:
    while count:
        data = link.recv(count)
        if not data:
            raise ConnectionError("mosquitto has closed the connection")
        count -= len(data)
