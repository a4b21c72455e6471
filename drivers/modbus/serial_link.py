"""A serial port with the silences of its line. Owned by one worker thread."""

import contextlib
import errno
import threading
from typing import Final

import serial

from drivers.modbus.errors import NoConnection
from drivers.modbus.link import OnFrame, ignore
from plant_models.device import SerialLine
from plant_models.message import message

_PARITIES: Final = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
_BITS: Final = 11
"""Of one character: start, eight of data, parity or a second stop, stop."""
_FAST_BAUD: Final = 19_200
_FAST_QUIET_S: Final = 0.00175


def quiet_s(baud: int) -> float:
    """Return how long 3.5 characters last; above 19,200 baud a fixed time (Serial Line V1.02, section 2.5.1.1)."""
    return _FAST_QUIET_S if baud > _FAST_BAUD else 3.5 * _BITS / baud


class SerialLink:
    """Fulfils `drivers.modbus.link.Link`. While it is open, no other program that asks for it gets the port."""

    def __init__(self, line: SerialLine) -> None:
        self.on_frame: OnFrame = ignore
        self.quiet_s = quiet_s(line.baud)
        self.character_s = _BITS / line.baud
        self._line = line
        self._port: serial.Serial | None = None
        self._is_aborted = threading.Event()

    @property
    def is_open(self) -> bool:
        return self._port is not None

    def open(self) -> bool:
        if self._port is not None:
            return False
        line = self._line
        try:
            self._port = serial.Serial(
                line.port,
                line.baud,
                parity=_PARITIES[line.parity],
                stopbits=line.stop_bits,
                write_timeout=_write_limit_s(line.baud),
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            raise NoConnection(_problem(error, line.port)) from None
        if self._is_aborted.is_set():  # as in TcpLink
            self.close()
            raise NoConnection(message("The driver is stopping"))
        return True

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(OSError):
                port.close()

    def abort(self) -> None:
        self._is_aborted.set()
        port = self._port
        if port is not None:
            port.cancel_read()

    def send(self, data: bytes) -> None:
        self._opened().write(data)
        self.on_frame(True, data)

    def receive(self, count: int, timeout_s: float) -> bytes:
        port = self._opened()
        port.timeout = max(timeout_s, 0.0)
        data: bytes = port.read(count)
        if self._is_aborted.is_set():
            raise ConnectionAbortedError
        if data:
            self.on_frame(False, data)
        return data

    def _opened(self) -> serial.Serial:
        if self._port is None or self._is_aborted.is_set():
            raise ConnectionAbortedError
        return self._port


def _write_limit_s(baud: int) -> float:
    """The longest frame has 256 characters; a line that takes ten times as long to send them is stuck."""
    return 1.0 + 10 * 256 * _BITS / baud


def _problem(error: Exception, port: str) -> str:
    code = getattr(error, "errno", None)
    if code in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return message("There is no serial port {port}", port=port)
    if code in (errno.EACCES, errno.EPERM):
        return message("The serial port {port} may not be used by this user", port=port)
    if code in (errno.EAGAIN, errno.EBUSY):
        return message("Another program uses the serial port {port}", port=port)
    return message("Can't open the serial port {port}: {cause}", port=port, cause=str(error))
