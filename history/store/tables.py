"""The tables of history. Import only, any thread; migration h0001 makes them in a file of their own."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table, Text

from database.metadata import METADATA
from database.migrate import HISTORY

_INFO: Final[dict[str, Any]] = {"branch": HISTORY}

SOURCE: Final = Table(
    "hist_source",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("node", Text, nullable=False, unique=True),
    info=_INFO,
)
"""Which station recorded; a frame that is forwarded keeps its (source, seq), so that it arrives exactly once."""

TAG: Final = Table(
    "hist_tag",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    info=_INFO,
)
"""The id of a tag in all blobs; it stays with the name for ever, also when the plant's order of tags changes."""

FRAME: Final = Table(
    "hist_frame",
    METADATA,
    Column("src", Integer, ForeignKey(SOURCE.c.id), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("t0_us", BigInteger, nullable=False),
    Column("t1_us", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("codec", SmallInteger, nullable=False),
    Column("crc", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "t0_us"),
    info=_INFO,
)
"""The changed samples of a second: `n` of them from `t0_us` to `t1_us` (within one hour UTC), written at `at_us`."""
