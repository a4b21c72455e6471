"""pymodbus's own servers as foreign devices, each with an asyncio loop in a thread."""

import asyncio
import threading
from collections.abc import Callable

from pymodbus import FramerType, ModbusDeviceIdentification
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

Server = ModbusSerialServer | ModbusTcpServer

VENDOR = "Pumps Ltd"
BITS = 64


class PymodbusPeer:
    """A context manager around a server; `make` makes it within the loop. `registers` are those of units 1 and 2."""

    def __init__(self, make: Callable[[list[SimDevice]], Server], registers: list[int]) -> None:
        self._make = make
        self._registers = registers
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._run, name="pymodbus-peer", daemon=True)

    @classmethod
    def on_serial_port(cls, port: str, registers: list[int]) -> "PymodbusPeer":
        return cls(
            lambda units: ModbusSerialServer(units, port=port, baudrate=115_200, identity=identity(VENDOR)), registers
        )

    @classmethod
    def rtu_over_tcp(cls, port: int, registers: list[int]) -> "PymodbusPeer":
        where = ("127.0.0.1", port)
        return cls(
            lambda units: ModbusTcpServer(units, address=where, framer=FramerType.RTU, identity=identity(VENDOR)),
            registers,
        )

    @classmethod
    def tcp(cls, port: int, registers: list[int], vendor: str = VENDOR) -> "PymodbusPeer":
        where = ("127.0.0.1", port)
        return cls(lambda units: ModbusTcpServer(units, address=where, identity=identity(vendor)), registers)

    def __enter__(self) -> "PymodbusPeer":
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(20)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        registers = SimData(0, values=list(self._registers), datatype=DataType.REGISTERS)
        bits = SimData(0, values=[False] * BITS, datatype=DataType.BITS)
        units = [SimDevice(unit, simdata=([bits], [bits], [registers], [registers])) for unit in (1, 2)]
        self._server = self._make(units)
        await self._server.serve_forever(background=True)
        self._ready.set()
        await self._server.serving


def identity(vendor: str) -> ModbusDeviceIdentification:
    return ModbusDeviceIdentification(
        info_name={"VendorName": vendor, "ProductCode": "P-7", "MajorMinorRevision": "2.11"}
    )
