"""Replies that follow each other quickly, decoded together: most of what a block costs, a scan then costs once.

Owned by one worker thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from drivers.modbus.decoder import Decoder
from drivers.modbus.scan_plan import ReadBlock
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Reply
from plant_models.batch import Batch

MOST_DECODERS: Final = 64
"""Of a scan class. Rows of blocks beyond that, on a line without a rhythm, are decoded block by block."""


@dataclass(frozen=True, slots=True)
class Read:
    """A block of a unit, and what came for it."""

    unit: Unit
    block: ReadBlock
    reply: Reply

    def __len__(self) -> int:
        return len(self.block.rows)


def decoded(reads: Sequence[Read]) -> list[Batch]:
    """Return the samples of reads in order; their units see them."""
    if len(reads) == 1:
        (read,) = reads
        batch = read.block.decoder.decode(read.reply)
        read.unit.see(batch)
        return [batch]
    batches: list[Batch] = []
    for _, group in groupby(reads, key=_decoders_of):
        together = list(group)
        for batch in _batches(together):
            together[0].unit.see(batch)
            batches.append(batch)
    return batches


def _decoders_of(read: Read) -> int:
    return id(read.block.decoders)


def _batches(reads: Sequence[Read]) -> Iterator[Batch]:
    """Give the samples of blocks that share their decoders."""
    blocks = tuple([read.block for read in reads])
    decoders = reads[0].block.decoders
    if len(blocks) > 1 and blocks not in decoders and len(decoders) < MOST_DECODERS:
        decoders[blocks] = Decoder([block.part_to_decode for block in blocks], reads[0].unit.device)
    if blocks in decoders:
        yield decoders[blocks].decode(*[read.reply for read in reads])
    else:
        yield from (read.block.decoder.decode(read.reply) for read in reads)
