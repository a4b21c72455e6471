"""The file of a station and the server behind it, read as one. Any thread.

What the server has received is let go of in the file afterwards, so the file is read first: a frame on its way is found
in one of them or in both, and counts once.
"""

from collections.abc import Iterator, Sequence

from history.chunks.cells import Cells
from history.chunks.samples import Samples
from history.columns import Columns, concatenate
from history.store.archive import Archive, one_of_each


class JoinedArchive(Archive):
    """What is near (the file, and months that were packed before there was a server) and what is far (the server)."""

    def __init__(self, near: Archive, far: Archive) -> None:
        self._near, self._far = near, far

    def newest(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return what isn't packed into hours yet, that of the file up to frame `until_seq`."""
        near = self._near.newest(rows, start_us, end_us, until_seq)
        return concatenate([self._far.newest(rows, start_us, end_us, until_seq), near])

    def packed(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return what is packed into hours; late samples reach only those of the server."""
        near = self._near.packed(rows, start_us, end_us)
        return concatenate([near, self._far.packed(rows, start_us, end_us)])

    def cells(self, row: int, level_us: int, start_us: int, end_us: int) -> Cells:
        """Return the cells of packed hours of a tag that begin in [start, end), in order."""
        near = self._near.cells(row, level_us, start_us, end_us)
        return one_of_each([near, self._far.cells(row, level_us, start_us, end_us)])

    def hour(self, rows: Sequence[int], hour_us: int) -> Iterator[tuple[int, Samples]]:
        """Return rows and their samples of one packed hour, first those that were packed into files."""
        yield from self._near.hour(rows, hour_us)
        yield from self._far.hour(rows, hour_us)
