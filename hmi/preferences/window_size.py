"""The size of the window, remembered per plant in its data folder. GUI thread, at start and end only."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

import structlog

from hmi.preferences.small_file import read_small, write_small

_LOG: Final = structlog.get_logger(__name__)
_SIDES: Final = range(640, 16_385)


@dataclass(frozen=True, slots=True)
class WindowSize:
    """The values; the defaults are those of a first start."""

    width: int = 1920
    height: int = 1080
    is_full_screen: bool = False


def load_window_size(path: Path) -> WindowSize:
    """Return what was saved, the default for whatever is missing or makes no sense."""
    return _sensible(read_small(path))


def save_window_size(path: Path, size: WindowSize) -> None:
    """Replace the file; a full disk is logged, it must not keep the window from closing."""
    try:
        write_small(path, asdict(size))
    except OSError as error:
        _LOG.warning("window size not saved", path=str(path), error=str(error))


def _sensible(data: dict[str, Any]) -> WindowSize:
    default = WindowSize()
    width, height = data.get("width"), data.get("height")
    return WindowSize(
        width=width if _is_side(width) else default.width,
        height=height if _is_side(height) else default.height,
        is_full_screen=data.get("is_full_screen") is True,
    )


def _is_side(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and value in _SIDES
