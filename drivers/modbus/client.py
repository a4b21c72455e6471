"""One Modbus TCP connection, and the traps of the library under it.

pymodbus's sync client does the framing and checks unit and transaction. It never leaves a dead connection, repeats
timed-out writes unless told not to, and accepts replies of any length; so here `retries` is 0, the connection is opened
and closed by the caller only, and every length is checked. Owned by one worker thread; only `abort` may come from
another.
"""

import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Final

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import ReadCoilsRequest, ReadDiscreteInputsRequest, WriteSingleCoilRequest
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from drivers.connect_problem import connect_problem
from drivers.modbus.errors import BadReply, LinkLost, NoConnection, NoReply, Refused, WrongLength
from plant_models.address import Table
from plant_models.device import Endpoint
from plant_models.message import message

# The library logs each failure as an error; here a failure is a result, logged once per outage by the poller.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

_CONNECT_LIMIT_S: Final = 2.0
_READS: Final[dict[Table, type[ModbusPDU]]] = {
    Table.HOLDING: ReadHoldingRegistersRequest,
    Table.INPUT: ReadInputRegistersRequest,
    Table.COIL: ReadCoilsRequest,
    Table.DISCRETE: ReadDiscreteInputsRequest,
}


class _DataReply(ModbusPDU):
    """The reply to a read, kept as bytes: a byte count and the data."""

    payload: bytes = b""

    def decode(self, data: bytes) -> None:
        self.payload = data


_REPLIES: Final = tuple(type(f"_DataReply{code}", (_DataReply,), {"function_code": code}) for code in (1, 2, 3, 4))


class ModbusClient:
    """Blocking reads and writes, each bounded by `timeout_s` (up to twice that if a reply trickles in).

    `on_frame` is called with whether bytes were sent, and with these bytes.
    """

    def __init__(self, endpoint: Endpoint, timeout_s: float) -> None:
        self._endpoint = endpoint
        self._connect_timeout_s = min(timeout_s, _CONNECT_LIMIT_S)
        self._is_aborted = False
        self._heard = False
        self.on_frame: Callable[[bool, bytes], object] = lambda _is_sent, _data: None
        self._client = ModbusTcpClient(
            endpoint.host, port=endpoint.port, timeout=timeout_s, retries=0, trace_packet=self._on_packet
        )
        for reply in _REPLIES:
            self._client.register(reply)

    def open(self) -> None:
        """Make sure there is a connection; one that the device has closed meanwhile is replaced.

        Raises:
            NoConnection: none could be made.
        """
        if self._client.socket is not None and not self._is_closed_by_peer(self._client.socket):
            return
        self.close()
        where = f"{self._endpoint.host}:{self._endpoint.port}"
        try:
            link = socket.create_connection((self._endpoint.host, self._endpoint.port), self._connect_timeout_s)
        except OSError as error:
            raise NoConnection(connect_problem(error, where)) from None
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.socket = link
        if self._is_aborted:  # asked after the socket is in place, so that `abort` has either seen it or is seen here
            self.close()
            raise NoConnection(message("The driver is stopping"))

    def close(self) -> None:
        """Drop the connection, if there is one; the next request needs `open`."""
        self._client.close()  # type: ignore[no-untyped-call]

    def abort(self) -> None:
        """Make a request under way fail at once, and every later one; any thread."""
        self._is_aborted = True
        link = self._client.socket
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def read(self, unit: int, table: Table, offset: int, count: int) -> bytes:
        """Return the data bytes of `count` registers (2 each) or bits (8 to a byte, low first).

        Raises:
            ModbusError: LinkLost, NoReply, BadReply, WrongLength or Refused.
        """
        reply = self._execute(_READS[table](address=offset, count=count, dev_id=unit))
        assert isinstance(reply, _DataReply)
        wanted = (count + 7) // 8 if table.is_bits else 2 * count
        data = reply.payload[1:]
        if len(data) != wanted or reply.payload[0] != wanted:
            raise WrongLength(
                message(
                    "Asked {address} for {wanted} bytes, got {got}",
                    address=f"{table.value}:{offset}",
                    wanted=wanted,
                    got=len(data),
                )
            )
        return data

    def write(self, unit: int, table: Table, offset: int, words: tuple[int, ...]) -> None:
        """Send one frame that sets a coil (0 or 1), a register, or several; it is never repeated.

        Raises:
            ModbusError: LinkLost, NoReply, BadReply or Refused.
        """
        request: ModbusPDU
        if table is Table.COIL:
            request = WriteSingleCoilRequest(address=offset, bits=[bool(words[0])], dev_id=unit)
        elif len(words) == 1:
            request = WriteSingleRegisterRequest(address=offset, registers=list(words), dev_id=unit)
        else:
            request = WriteMultipleRegistersRequest(address=offset, registers=list(words), dev_id=unit)
        reply = self._execute(request)
        if reply.address != offset:
            raise BadReply(
                message(
                    "Wrote {address}, the device confirmed address {other}",
                    address=f"{table.value}:{offset}",
                    other=reply.address,
                )
            )

    def _execute(self, request: ModbusPDU) -> ModbusPDU:
        if self._client.socket is None:
            raise LinkLost(message("There is no connection"))
        self._heard = False
        try:
            reply = self._client.execute(False, request)
        except (ConnectionException, OSError):
            raise LinkLost(message("The device closed the connection")) from None
        except ModbusException:
            if self._heard:
                raise BadReply(message("The device sends bytes that are no reply to the request")) from None
            raise NoReply(message("The device does not answer")) from None
        if reply.function_code & 0x7F != request.function_code:
            raise BadReply(
                message(
                    "Asked for function {wanted}, got {got}",
                    wanted=request.function_code,
                    got=reply.function_code & 0x7F,
                )
            )
        if reply.isError():
            raise Refused(reply.exception_code)
        return reply

    def _on_packet(self, is_sent: bool, data: bytes) -> bytes:
        self._heard = self._heard or not is_sent
        self.on_frame(is_sent, data)
        return data

    @staticmethod
    def _is_closed_by_peer(link: socket.socket) -> bool:
        try:
            return link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
