"""A copy of a plant folder, to try changes on before the folder itself is touched. Any thread."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FOLDERS: Final = ("displays", "equipment", "symbols")


@contextmanager
def checkable_copy(folder: Path) -> Iterator[Path]:
    """Give a copy of all that has a part in whether the plant can be run; it is gone at the end.

    Raises:
        OSError: the folder can't be read, or there is no room.
    """
    with tempfile.TemporaryDirectory(prefix="clearwell-check-") as scratch:
        copy = Path(scratch) / "plant"
        shutil.copytree(folder, copy, ignore=lambda where, names: _uncheckable(folder, where, names))
        yield copy


def _uncheckable(folder: Path, where: str, names: Sequence[str]) -> set[str]:
    """Return what in a plant folder has no part in whether it can be run."""
    if Path(where) != folder:
        return set()
    return {name for name in names if name not in _FOLDERS and not name.endswith((".toml", ".csv"))}
