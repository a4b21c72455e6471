"""The memory of a virtual Modbus PLC: four tables of words, fed from its variables. Loop thread only.

Each table reaches from 0 to its last mapped register; registers between that nobody mapped read 0. A value that a
client writes in part is completed from the image. Of a register that holds bits, only the writable ones that differ
from the image count as written.
"""

import math
from collections.abc import Sequence

from plant_models.simulation.address_map import MapEntry, Register
from plant_models.simulation.encoder import decode, encode
from plant_models.simulation.plc import Plc


class AddressRefusedError(ValueError):
    """The client asked for registers that aren't there, or that it may not write."""


class ValueRefusedError(ValueError):
    """The client wrote something that is no number."""


class RegisterImage:
    """The registers of `plc` as `entries` map them."""

    def __init__(self, plc: Plc, entries: Sequence[MapEntry]) -> None:
        self._plc = plc
        self._byte_order = plc.config.byte_order
        self._entries = [(entry, entry.register) for entry in entries if entry.register]
        self._tables: dict[str, list[int]] = {table: [] for table in ("hr", "ir", "co", "di")}
        self._by_place: dict[tuple[str, int], list[tuple[MapEntry, Register]]] = {}
        for entry, register in self._entries:
            words = self._tables[register.table]
            words.extend([0] * (register.offset + register.words - len(words)))
            for i in range(register.words):
                self._by_place.setdefault((register.table, register.offset + i), []).append((entry, register))
        self._shown: dict[str, float] = {}

    def refresh(self) -> None:
        """Bring every register up to date with the PLC."""
        for entry, register in self._entries:
            value = self._plc.read(entry.variable)
            if self._shown.get(entry.address) != value:  # NaN differs from itself and is written again
                self._shown[entry.address] = value
                self._put(entry, register, value * entry.scale)

    def read(self, table: str, offset: int, count: int) -> list[int]:
        """Return `count` words (or bits) from `offset`.

        Raises:
            AddressRefusedError: they don't all lie in the table.
        """
        words = self._tables[table]
        if offset + count > len(words):
            raise AddressRefusedError(f"{table}:{offset}-{offset + count - 1} ends beyond {len(words) - 1}")
        return words[offset : offset + count]

    def write(self, table: str, offset: int, words: Sequence[int]) -> None:
        """Hand what a client wrote to the PLC, all of it or nothing.

        Raises:
            AddressRefusedError: a register isn't mapped or is read-only.
            ValueRefusedError: a value is NaN, infinite, or the "no value" of its type.
        """
        memory = {offset + i: word for i, word in enumerate(words)}
        touched: list[tuple[MapEntry, Register]] = []
        for place in memory:
            writable = [each for each in self._by_place.get((table, place), []) if each[0].is_writable]
            if not writable:
                raise AddressRefusedError(f"{table}:{place} can't be written")
            touched.extend(each for each in writable if each not in touched)
        written = [(entry, self._decode(register, memory, entry)) for entry, register in touched]
        if not all(math.isfinite(value) for _, value in written):
            raise ValueRefusedError("not a number")
        for entry, value in written:
            if entry.register and (entry.register.bit is None or self._shown.get(entry.address) != value):
                self._plc.write(entry.variable, value / entry.scale)
        self.refresh()

    def _decode(self, register: Register, memory: dict[int, int], entry: MapEntry) -> float:
        table = self._tables[register.table]
        words = [memory.get(i, table[i]) for i in range(register.offset, register.offset + register.words)]
        if entry.type == "bool":
            return float(words[0] >> (register.bit or 0) & 1)
        return decode(words, entry.type, self._byte_order)

    def _put(self, entry: MapEntry, register: Register, value: float) -> None:
        words = self._tables[register.table]
        if entry.type != "bool":
            words[register.offset : register.offset + register.words] = encode(value, entry.type, self._byte_order)
            return
        mask = 1 << (register.bit or 0)
        is_set = not math.isnan(value) and value != 0
        words[register.offset] = words[register.offset] & ~mask | (mask if is_set else 0)
