"""The border around reading a blob: whatever its bytes lead to, one kind of error comes out. Any thread."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from history.chunks.envelope import NAMES, Kind
from history.chunks.errors import CorruptBlobError, NewerBlobError


@contextmanager
def reading(kind: Kind) -> Iterator[None]:
    """Name the kind of blob in every complaint about it.

    Raises:
        CorruptBlobError: the bytes can't be read as such a blob.
    """
    try:
        yield
    except NewerBlobError:
        raise
    except (ValueError, IndexError, OverflowError, MemoryError, struct.error) as error:
        raise CorruptBlobError(f"{NAMES[kind]} can't be read: {error}") from error
