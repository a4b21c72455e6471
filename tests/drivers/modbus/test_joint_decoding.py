"""What is decoded together is what each block says alone: same values, qualities, texts and times, whatever the mix."""

import random
from collections.abc import Sequence

import numpy as np
import pytest

from drivers.connection import DriverContext
from drivers.modbus import replies
from drivers.modbus.replies import Read, decoded
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Reply
from plant_models.batch import Batch, merge
from plant_models.tag import DataType, Tag
from tests.fakes.clock import ManualClock
from tests.fakes.small_plant import modbus_device, tag

_TYPES = [
    (DataType.U16, ""), (DataType.I32, ""), (DataType.F32, ""), (DataType.U64, ""), (DataType.F64, ""),
    (DataType.BCD32, ""), (DataType.BOOL, ".3"), (DataType.TEXT, "/5"),
]  # fmt: skip
Row = tuple[tuple[int | str, ...], str]


def mixed_unit(byte_order: str = "CDAB") -> Unit:
    """Registers of every type and bits, far enough apart for many blocks, some of bits that fill no whole byte."""
    numbers = random.Random(7)
    tags: list[tuple[int, Tag]] = []
    for row in range(400):
        kind, suffix = numbers.choice(_TYPES)
        modulus = 1000.0 if kind is DataType.U64 and row % 2 else None
        as_text = kind is DataType.U64 and row % 3 == 0
        one = tag(f"T{row}", "P", f"hr:{9 * row}{suffix}", kind, low=0.0, high=1e5, modulus=modulus, as_text=as_text)
        tags.append((row, one))
    bits = [tag(f"T{row}", "P", f"co:{3700 * (row % 5) + 3 * row}", DataType.BOOL) for row in range(400, 460)]
    tags += enumerate(bits, 400)
    context = DriverContext(scan_s={"fast": 1.0}, sink=_Deaf(), clock=ManualClock(), jitter=lambda: 0.0)
    return Unit(modbus_device("P", 502, byte_order=byte_order), tags, context)


class _Deaf:
    def offer(self, _batch: Batch) -> bool:
        return True


def reads_of(unit: Unit, seed: int) -> list[Read]:
    """Every block of the unit once, with random bytes, at times of its own."""
    numbers = random.Random(seed)
    found = []
    for at, block in enumerate(unit.plans[0].blocks):
        size = -(-block.count // 8) if block.table.is_bits else 2 * block.count
        found.append(Read(unit, block, Reply(numbers.randbytes(size), 1_000 + at, 2_000 + at)))
    return found


def by_row(batches: Sequence[Batch]) -> list[Row]:
    """What each row holds in the end; NaN as a word, so that it equals itself."""
    whole = merge(batches)
    assert whole.values is not None
    assert whole.qualities is not None
    texts = whole.texts or (None,) * len(whole)
    numbers = zip(whole.tags, whole.values, whole.qualities, whole.source_us, whole.received_ns, strict=True)
    rows = [(int(row), str(value), *map(int, rest)) for row, value, *rest in numbers]
    return sorted(zip(rows, map(str, texts), strict=True))


@pytest.mark.parametrize("byte_order", ["ABCD", "CDAB", "BADC", "DCBA"])
def test_blocks_decoded_together_say_what_each_says_alone(byte_order: str) -> None:
    unit = mixed_unit(byte_order)
    assert len(unit.plans[0].blocks) > 20
    for seed in range(3):
        reads = reads_of(unit, seed)
        alone = [read.block.decoder.decode(read.reply) for read in reads]
        together = decoded(reads)
        assert len(together) == 2, "all registers, and all bits"
        assert by_row(together) == by_row(alone)


def test_any_run_of_blocks_is_decoded_right_and_few_decoders_are_kept() -> None:
    unit = mixed_unit()
    reads = reads_of(unit, 1)
    expected = {row[0][0]: row for row in by_row([read.block.decoder.decode(read.reply) for read in reads])}
    numbers = random.Random(3)
    for _ in range(2 * replies.MOST_DECODERS):
        first = numbers.randrange(len(reads))
        for row in by_row(decoded(reads[first : numbers.randint(first + 1, len(reads))])):
            assert row == expected[row[0][0]]
    assert len(reads[0].block.decoders) == replies.MOST_DECODERS


def test_a_block_that_comes_twice_keeps_its_order() -> None:
    unit = mixed_unit()
    (first, *_), (second, *_) = reads_of(unit, 1), reads_of(unit, 2)
    batch = merge(decoded([first, second]))
    alone = [read.block.decoder.decode(read.reply) for read in (first, second)]
    for row in first.block.rows.tolist():
        came = [values[part.tags == row].tolist() for part in alone if (values := part.values) is not None]
        assert batch.values is not None
        np.testing.assert_array_equal(batch.values[batch.tags == row], np.concatenate(came))


def test_a_part_of_a_refused_block_is_decoded_on_its_own() -> None:
    unit = mixed_unit()
    read, *others = reads_of(unit, 1)
    part = read.block.part(0, 1)
    of_part = Read(unit, part, Reply(read.reply.payload[: 2 * part.count], 5, 6))
    batches = decoded([read, of_part, *others[:1]])
    assert [len(batch) for batch in batches] == [len(read), 1, len(others[0])]
