"""What the program remembers for one person between runs: theme and window size. GUI thread, at start and end only.

A small JSON file. It holds no plant data, so a broken or missing one is simply replaced.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

import structlog

_LOG: Final = structlog.get_logger(__name__)
_THEMES: Final = ("light", "dark")
_SIDES: Final = range(640, 16_385)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The values; the defaults are those of a first start."""

    theme: str = "light"
    width: int = 1920
    height: int = 1080
    is_full_screen: bool = False


class Preferences:
    """Loads and saves `Remembered` at a path that the program names."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Remembered:
        """Return what was saved, the default for whatever is missing or makes no sense."""
        try:
            data = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return Remembered()
        return _sensible(data) if isinstance(data, dict) else Remembered()

    def save(self, remembered: Remembered) -> None:
        """Replace the file; a full disk is logged, it must not keep the window from closing."""
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(asdict(remembered), indent=1) + "\n", "utf-8")
            new.replace(self._path)
        except OSError as error:
            _LOG.warning("preferences not saved", path=str(self._path), error=str(error))


def _sensible(data: dict[str, Any]) -> Remembered:
    default = Remembered()
    theme, width, height = data.get("theme"), data.get("width"), data.get("height")
    return Remembered(
        theme=theme if theme in _THEMES else default.theme,
        width=width if _is_side(width) else default.width,
        height=height if _is_side(height) else default.height,
        is_full_screen=data.get("is_full_screen") is True,
    )


def _is_side(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and value in _SIDES
