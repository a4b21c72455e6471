"""The checkpoint of the audit: a small file beside the database that names its newest row.

It lets `verify` notice that rows were cut off the end, which the chain alone can't. It is not signed: whoever may
write both files can rewrite the chain and the checkpoint together, and rows that were committed in the instant before
a crash may stand after the checkpoint. Written by whichever thread appends, under the audit's lock.
"""

import os
from dataclasses import asdict
from pathlib import Path

import orjson

from station.chain import Position


def write_head(path: Path, position: Position) -> None:
    """Replace the checkpoint; after a crash there is the old one or the new one, never half of one.

    Raises:
        OSError: the folder can't be written.
    """
    draft = path.with_suffix(".new")
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(orjson.dumps(asdict(position)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_head(path: Path) -> Position | None:
    """Return the checkpoint, None if there is none.

    Raises:
        ValueError: the file is not a checkpoint.
        OSError: it can't be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = orjson.loads(content)
        return Position(str(found["station"]), int(found["epoch"]), int(found["seq"]), str(found["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a checkpoint of the audit") from error
