"""Which id each tag has, once more beside the file that says so: packed months mean nothing without it.

A station whose `history.sqlite` was lost would otherwise give its tags numbers anew, and show the past of one tag as
that of another. Recorder thread, when it opens its file.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import orjson
import structlog
from sqlalchemy import func, select

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from history.store.kinds import NUMBER
from history.store.tables import CHUNK

TAGS_NAME: Final = "tags.json"
UNKNOWN: Final = 1 << 20
"""Ids begin here if a month can't be asked which it has: no plant has had as many tags."""
Key = tuple[str, str]
"""Name and kind."""
_log: Final = structlog.get_logger()


def ids_for(names: Iterable[Key], known: Mapping[Key, int], folder: Path) -> dict[Key, int]:
    """Return an id for each series that isn't among the `known` ones: that of before, or one never given."""
    new = [name for name in names if name not in known]
    if not new:
        return {}
    kept = _kept(folder)
    taken = set(known.values())
    found = {name: kept[name] for name in new if kept.get(name, 0) and kept[name] not in taken}
    last = max([0, *taken, *kept.values(), *(() if kept else (_greatest(folder),))])
    for name in new:
        if name not in found:
            last += 1
            found[name] = last
    return found


def keep_ids(folder: Path, known: Mapping[Key, int]) -> None:
    """Put the ids beside the file, if they aren't there. What can't be written now is at the next start."""
    kept = _kept(folder)
    if all(kept.get(name) == number for name, number in known.items()):
        return
    changed = sorted(name for name, number in known.items() if kept.get(name, number) != number)
    if changed:
        _log.error("history: ids of tags differ from those that packed months were written with", tags=changed[:10])
    draft = folder / f"{TAGS_NAME}.new"
    try:
        with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(orjson.dumps({_written(key): number for key, number in {**kept, **known}.items()}))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / TAGS_NAME)
    except OSError as error:
        _log.warning("history: ids of tags can't be kept", error=error.strerror)


def _written(key: Key) -> str:
    """Return how a series stands in the file; no name of a tag has a space."""
    name, kind = key
    return name if kind == NUMBER else f"{name} {kind}"


def _read(text: str) -> Key:
    name, _, kind = text.partition(" ")
    return name, kind or NUMBER


def _kept(folder: Path) -> dict[Key, int]:
    """Return the ids that were kept; none if the file isn't there, can't be read or gives an id twice."""
    try:
        found = orjson.loads((folder / TAGS_NAME).read_bytes())
        kept = {_read(name): int(number) for name, number in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    is_sound = len(set(kept.values())) == len(kept) and all(0 < number < 2**31 for number in kept.values())
    return kept if is_sound else {}


def _greatest(folder: Path) -> int:
    """Return the greatest id in any month, 0 without months."""
    greatest = 0
    for path in folder.glob("history-*.sqlite"):
        try:
            engine = open_read_only(path, is_large=True)
            try:
                with clear_errors(path), engine.connect() as connection:
                    greatest = max(greatest, connection.execute(select(func.max(CHUNK.c.tag))).scalar() or 0)
            finally:
                engine.dispose()
        except DatabaseError:
            greatest = max(greatest, UNKNOWN)
    return greatest
