"""A reader of chunks that was written from docs/reference/history-format.md alone, with `struct` and zstd."""

import struct
import zlib
from typing import Any

import numpy as np
import pytest
import zstandard

from history.chunks.cells import CELL
from history.chunks.chunk import ROWS, read_chunk, write_chunk
from history.chunks.filling import fill
from history.chunks.samples import Samples
from tests.history.chunks.blobs import STRANGE, T0_US, chunk_of, from_bits, samples

RANDOM = np.random.default_rng(5)


class Page:
    """Reads one blob from its first byte to its last."""

    def __init__(self, blob: bytes) -> None:
        kind, version, crc = struct.unpack("<BBI", blob[:6])
        assert crc == zlib.crc32(blob[:2] + blob[6:])
        assert chr(kind) == "C"
        self.version = version
        self.rest = blob[6:]

    def next(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        part, self.rest = self.rest[:size], self.rest[size:]
        return struct.unpack("<" + layout, part)

    def block(self, length: int) -> bytes:
        (word,) = self.next("I")
        part, self.rest = self.rest[: word >> 1], self.rest[word >> 1 :]
        plain = zstandard.decompress(part) if word & 1 else part
        assert len(plain) == length
        return plain

    def integers(self, n: int) -> list[int]:
        form, base = self.next("Bq")
        is_steps, width = form >= 0x80, form & 0x7F
        first = self.next("q")[0] if is_steps else 0
        numbers = self.numbers(n - 1 if is_steps else n, width)
        if not is_steps:
            return [wrapped(base + number) for number in numbers]
        found = [first]
        for number in numbers:
            found.append(wrapped(found[-1] + base + number))
        return found

    def numbers(self, m: int, width: int) -> list[int]:
        if width == 0:
            return [0] * m
        plain = self.block((m * width + 7) // 8)
        if width < 8:
            return [plain[i * width // 8] >> i * width % 8 & 2**width - 1 for i in range(m)]
        return [sum(plain[plane * m + i] << 8 * plane for plane in range(width // 8)) for i in range(m)]

    def times(self, n: int) -> list[int]:
        form, unit, t0 = self.next("BIq")
        if form == 0:
            return [t0 + unit * k for k in self.integers(n)]
        (step,) = self.next("q")
        lines, beside = self.integers(n), self.integers(n)
        return [t0 + unit * (step * a + b) for a, b in zip(lines, beside, strict=True)]

    def values(self, n: int) -> list[int]:
        """Return the bits of n values."""
        (form,) = self.next("B")
        if form == 0:
            return list(self.next("Q")) * n
        if form in (1, 2):
            return self.decimals(n, form == 2)
        if form == 3:
            (count,) = self.next("I")
            words = [double_of(o) for o in self.integers(count)]
            return [words[code] for code in self.integers(n)]
        if form == 4:
            return [bits_of(single_of(o)) for o in self.integers(n)]
        if form == 5:
            return [double_of(o) for o in self.integers(n)]
        plain = self.block(8 * n)
        if form == 7:
            return list(struct.unpack(f"<{n}Q", plain))
        found, last = [], 0
        for i in range(n):
            last ^= sum(plain[plane * n + i] << 8 * plane for plane in range(8))
            found.append(last)
        return found

    def decimals(self, n: int, is_single: bool) -> list[int]:
        places, exceptions = self.next("BI")
        values = [m / 10**places for m in self.integers(n)]
        if is_single:
            values = [struct.unpack("<f", struct.pack("<f", value))[0] for value in values]
        bits = [bits_of(value) for value in values]
        if exceptions:
            for row, exact in zip(self.integers(exceptions), self.integers(exceptions), strict=True):
                bits[row] = exact % 2**64
        return bits

    def qualities(self, n: int) -> list[int]:
        (form,) = self.next("B")
        if form == 0:
            return list(self.next("H")) * n
        if form == 2:
            return self.integers(n)
        (runs,) = self.next("I")
        lengths, codes = self.integers(runs), self.integers(runs)
        return [code for length, code in zip(lengths, codes, strict=True) for _ in range(length)]

    def texts(self, n: int) -> list[str | None]:
        count, size = self.next("II")
        words, at = [], 0
        if count:
            lengths = self.integers(count)
            plain = self.block(size)
            for length in lengths:
                words.append(plain[at : at + length].decode("utf-8", "surrogatepass"))
                at += length
        return [None if code == -1 else words[code] for code in self.integers(n)]


def wrapped(number: int) -> int:
    return (number + 2**63) % 2**64 - 2**63


def bits_of(value: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", value))[0])


def double_of(number: int) -> int:
    return (number ^ (number >> 63 & 0x7FFF_FFFF_FFFF_FFFF)) % 2**64


def single_of(number: int) -> float:
    bits = (number ^ (number >> 31 & 0x7FFF_FFFF)) % 2**32
    return float(struct.unpack("<f", struct.pack("<I", bits))[0])


N = 400
TIMES = {
    "on a grid": np.arange(N) * 1_000_000,
    "near a grid": np.arange(N) * 1_000_000 + RANDOM.integers(0, 3, N) * 1_000,
    "at any time": np.sort(RANDOM.choice(3_600_000_000, N, replace=False)),
}
VALUES = {
    "constant": np.full(N, 2.5),
    "decimals": np.round(RANDOM.normal(size=N), 2),
    "decimals and exceptions": np.where(np.arange(N) % 50, np.arange(N) / 10, from_bits([0x7FF0DEADBEEF0001])),
    "REAL decimals": np.round(RANDOM.normal(size=N), 2).astype(np.float32),
    "dictionary": np.pi * RANDOM.integers(-9, 9, N),
    "float32": RANDOM.normal(size=N).astype(np.float32),
    "doubles": RANDOM.normal(1, 1e-6, N),
    "changes": np.bitwise_xor.accumulate(1 << RANDOM.integers(0, 8, (N, 8)), axis=0)
    .astype(np.uint8)
    .view(np.float64)[:, 0],
    "plain": RANDOM.normal(size=N // 3)[RANDOM.integers(0, N // 3, N)],
    "strange": from_bits([*STRANGE.values()] * 36 + [0] * 4),
}
QUALITIES = {
    "good": [0] * N,
    "runs": [0] * 100 + [0x8005] * 50 + [0] * 250,
    "any": RANDOM.integers(0, 2**16, N).tolist(),
}


def check(found: Samples) -> None:
    chunk = chunk_of(found, tag=4_000_000_000)
    page = Page(write_chunk(chunk))
    tag, n, flags = page.next("IIB")
    assert (tag, n, flags) == (4_000_000_000, len(found), found.texts is not None)
    assert page.version == 1
    header = page.next("qIIdqdqdddqH")
    for name, number in zip(CELL.names or (), header, strict=True):
        assert number == pytest.approx(chunk.header[name][0], nan_ok=True), name
    assert page.times(n) == found.times_us.tolist()
    assert page.values(n) == found.values.view(np.uint64).tolist()
    assert page.qualities(n) == found.qualities.tolist()
    if found.texts is not None:
        assert page.texts(n) == found.texts.tolist()
    assert page.rest == b""


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_values_of_every_form(values: np.ndarray) -> None:
    check(samples(T0_US + TIMES["on a grid"], values))


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("qualities", QUALITIES.values(), ids=QUALITIES)
def test_times_and_qualities_of_every_form(times: np.ndarray, qualities: list[int]) -> None:
    check(samples(T0_US + times, np.arange(N), qualities))


def test_texts_and_a_single_sample() -> None:
    check(samples(T0_US + TIMES["on a grid"], np.zeros(N), 0, [None, "läuft", "", "\ud800"] * 100))
    check(samples([T0_US], [-0.0], 0x8005, ["only"]))
    check(samples([T0_US], [1.0], 0, [None]))


@pytest.mark.parametrize("is_sloped", [False, True])
def test_an_hour_that_was_thinned(is_sloped: bool) -> None:
    few = samples(T0_US + np.array([0, 5, 1_000_007, 60_000_000]), [1.5, 2.5, 9.25, -3.0])
    counts = np.array([0, 3, 20, 0])
    chunk = chunk_of(fill(few, counts, is_sloped=is_sloped, most=ROWS))
    page = Page(write_chunk(chunk))
    _, n, flags = page.next("IIB")
    assert (page.version, n, flags) == (2, 4, 6 if is_sloped else 2)
    page.next("qIIdqdqdddqH")
    times, values = page.times(n), struct.unpack("<4d", struct.pack("<4Q", *page.values(n)))
    page.qualities(n)
    found = []
    for row, k in enumerate(page.integers(n)):
        found.append((times[row], values[row]))
        for j in range(1, k + 1):
            at = times[row] + (times[row + 1] - times[row]) * j // (k + 1)
            share = (at - times[row]) / (times[row + 1] - times[row]) if is_sloped else 0.0
            found.append((at, values[row] + (values[row + 1] - values[row]) * share))
    assert page.rest == b""
    shown = read_chunk(write_chunk(chunk)).samples
    assert shown.times_us.tolist() == [at for at, _ in found]
    assert shown.values.tolist() == pytest.approx([value for _, value in found], rel=1e-12)
