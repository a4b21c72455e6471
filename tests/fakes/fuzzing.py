"""One fuzzed exchange after the other through the client's own reply handling and the decoder."""

from random import Random

from drivers.modbus.client import ModbusClient
from drivers.modbus.decoder import Decoder, Part
from drivers.modbus.errors import ModbusError
from drivers.modbus.points import point_of
from drivers.modbus.transport import client_of
from drivers.modbus.wire import Reply
from plant_models.address import Table
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from tests.fakes.fuzzed_link import FuzzedLink, proves_read, proves_write, right_reply, spoilt
from tests.fakes.small_plant import modbus_device, tag

UNITS = (1, 7, 247)
_DEVICE = modbus_device("P", 502)
_KINDS = {
    Table.HOLDING: (("u16", ""), ("f32", ""), ("i64", ""), ("bcd32", ""), ("text", "/4"), ("bool", ".3")),
    Table.INPUT: (("i16", ""), ("f64", ""), ("u32", ""), ("bcd16", "")),
    Table.COIL: (("bool", ""),),
    Table.DISCRETE: (("bool", ""),),
}


def fuzzed_client(link: FuzzedLink) -> ModbusClient:
    """Return a client that reaches a fuzzed link."""
    return client_of(
        [modbus_device(f"U{unit}", link.port, unit_id=unit, timeout_s=0.2) for unit in UNITS], SystemClock()
    )


class Fuzz:
    """Counts what was believed and what was refused; any exception but a ModbusError breaks out."""

    def __init__(self, link: FuzzedLink, client: ModbusClient, source: Random) -> None:
        self._link = link
        self._client = client
        self._source = source
        self.believed = 0
        self.refused = 0
        link.answer = self._answer

    def once(self) -> None:
        """Make one request, and hold what the client makes of the answer against the bytes that were sent."""
        self._client.close()
        self._client.open()
        try:
            if self._source.random() < 0.7:
                self._read()
            else:
                self._write()
        except ModbusError:
            self.refused += 1

    def _answer(self, request: bytes) -> bytes:
        return spoilt(right_reply(request, self._source), self._source)

    def _read(self) -> None:
        table = self._source.choice(list(Table))
        count = self._source.randint(4, 125) * (16 if table.is_bits else 1)
        offset = self._source.randrange(60_000)
        data = self._client.read(self._source.choice(UNITS), table, offset, count)
        assert proves_read(self._link.requests[0], self._link.sent, data), (self._link.requests, self._link.sent)
        self.believed += 1
        kind, suffix = self._source.choice(_KINDS[table])
        point = point_of(0, tag("T", "P", f"{table.value}:{offset}{suffix}", DataType(kind)), _DEVICE)
        assert len(Decoder([Part([point], offset, count)], _DEVICE).decode(Reply(data, 1, 2))) == 1

    def _write(self) -> None:
        unit, offset = self._source.choice(UNITS), self._source.randrange(60_000)
        match self._source.randrange(4):
            case 0:
                self._client.write(unit, Table.COIL, offset, (self._source.randrange(2),))
            case 1:
                self._client.write(unit, Table.HOLDING, offset, (self._source.randrange(65536),))
            case 2:
                self._client.write(unit, Table.HOLDING, offset, (1, 2, 3, 4))
            case _:
                self._client.mask_write(unit, offset, 0xFFF7, 0x0008)
        assert proves_write(self._link.requests[0], self._link.sent), (self._link.requests, self._link.sent)
        self.believed += 1
