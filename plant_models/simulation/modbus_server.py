"""A Modbus TCP server for one virtual PLC. Own and small, since it has to freeze, slow down and die on command.

Framing from the MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 3.1. Loop thread only.
"""

import asyncio
import struct
from typing import Final

from plant_models.simulation.front import Front
from plant_models.simulation.modbus_pdu import answer
from plant_models.simulation.plc_config import PlcConfig
from plant_models.simulation.register_image import RegisterImage

_HEADER: Final = struct.Struct(">HHHB")
_MAX_LENGTH: Final = 254  # unit id and PDU of at most 253 bytes


class ModbusServer:
    """Serves `image` to the unit of its PLC; other units get no answer, as from a device that isn't a gateway."""

    def __init__(self, config: PlcConfig, image: RegisterImage) -> None:
        self.image = image
        self._unit_id = config.unit_id
        self.front = Front(config.name, self._serve, config.port)

    async def start(self) -> None:
        await self.front.open()

    async def stop(self) -> None:
        await self.front.close()

    async def refresh(self) -> None:
        """Bring the registers up to date with the PLC in its cycle."""
        self.image.refresh()

    async def show(self) -> None:
        """Bring them up to date now."""
        self.image.refresh()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            transaction, protocol, length, unit = _HEADER.unpack(await reader.readexactly(_HEADER.size))
            if protocol != 0 or not 2 <= length <= _MAX_LENGTH:
                return  # no Modbus frame; the stream can't be trusted any more
            request = await reader.readexactly(length - 1)
            await self.front.hold()
            if reader.at_eof() or unit != self._unit_id:
                continue
            response = answer(self.image, request)
            writer.write(_HEADER.pack(transaction, 0, len(response) + 1, unit) + response)
            await writer.drain()
