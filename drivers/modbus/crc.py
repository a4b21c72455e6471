"""The CRC-16 that ends a frame on a serial line (MODBUS over Serial Line V1.02, section 6.2.2). Pure, any thread."""

from typing import Final

_POLYNOMIAL: Final = 0xA001


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ _POLYNOMIAL if byte & 1 else byte >> 1
    return byte


_TABLE: Final = tuple(_entry(byte) for byte in range(256))


def crc16(data: bytes) -> bytes:
    """Return the two bytes that follow `data` on the line, low one first."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc.to_bytes(2, "little")
