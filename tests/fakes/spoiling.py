"""Ways in which a SQLite file is damaged. Nobody may have it open."""

from collections.abc import Callable
from pathlib import Path

PAGE = 4096


def garble_header(path: Path) -> None:
    """Overwrite the first bytes."""
    _overwrite(path, 0, b"\0" * 100)


def garble_foreign(path: Path) -> None:
    """Change the mark that says whose file it is."""
    _overwrite(path, 68, b"ELSE")


def garble_pages(path: Path) -> None:
    """Overwrite all pages but the first."""
    _overwrite(path, PAGE, b"\xa5" * (path.stat().st_size - PAGE))


def empty(path: Path) -> None:
    """Leave a file of no bytes."""
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    """Leave the first page and a half."""
    path.write_bytes(path.read_bytes()[: PAGE + PAGE // 2])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "header": garble_header,
    "pages": garble_pages,
    "empty": empty,
    "cut short": cut_short,
}


def _overwrite(path: Path, at: int, what: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(what)
