"""A setting that every connection of an engine gets, new ones too, until it is taken back."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


def spoil(engine: Engine, spoilt: str, mended: str) -> Callable[[], None]:
    """Give connections `PRAGMA spoilt` from now on; what is returned gives them `PRAGMA mended`."""
    settings = [spoilt]

    def set_pragma(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA {settings[-1]}").close()

    event.listen(engine, "checkout", set_pragma)
    return lambda: settings.append(mended)
