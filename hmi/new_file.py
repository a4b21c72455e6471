"""Files that appear whole or not at all, and replace nobody's. Blocks on the disk: beside the GUI thread."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give the path to write to; what stands there when the block ends is put into its place, after an error nothing.

    Raises:
        OSError: the file can't be written, or there is one already: nothing is replaced.
    """
    with path.open("x"):
        pass  # taken from here on: nobody else's file of this name can be replaced
    beside = path.with_name(f".{path.name}.part")
    try:
        yield beside
        os.replace(beside, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        beside.unlink(missing_ok=True)
