"""The tables of history. Import only, any thread.

The newest samples and whose they are stand in one file (branch HISTORY), everything of a month that is packed in a file
of that month (branch MONTH): no transaction spans two of them. A server (branch SERVER) has all of them and what it
needs to receive the frames of stations.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from database.metadata import METADATA
from database.migrate import HISTORY, MONTH, SERVER

_INFO: Final[dict[str, Any]] = {"branches": (HISTORY, SERVER)}

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
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="number"),
    Column("unit", Text),
    UniqueConstraint("name", "kind"),
    info=_INFO,
)
"""The id of a tag in all blobs; it stays with the name for ever, also when the plant's order of tags changes.

`kind` is "number" or "text": a tag that changes its type has an id for each. `unit` is the newest, none if it was
never told."""

TAG_CHANGE: Final = Table(
    "hist_tag_change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("tag", Integer, ForeignKey(TAG.c.id), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    info=_INFO,
)
"""What became different of a tag, "unit" or "kind", noticed at a start: what was recorded earlier is as it was."""

CLOCK_EVENT: Final = Table(
    "clock_event",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("before_us", BigInteger, nullable=False),
    Column("after_us", BigInteger, nullable=False),
    Column("mono_ns", BigInteger, nullable=False),
    info={"branches": (HISTORY,)},
)
"""A step of the station's wall clock: what it would have said and what it said, when the monotonic clock said that."""

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

SEGMENT: Final = Table(
    "hist_segment",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("hour_us", BigInteger, nullable=False),
    Column("grp", Integer, nullable=False),
    Column("t0_us", BigInteger, nullable=False),
    Column("t1_us", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "hour_us", "grp"),
    sqlite_autoincrement=True,
    info=_INFO,
)
"""What a minute brought of 64 tags (ids 64 × `grp` and on) in the hour from `hour_us`, until that hour is packed.

Of equal times the greater id counts."""

STALE: Final = Table(
    "hist_stale",
    METADATA,
    Column("hour_us", BigInteger, primary_key=True),
    Column("grp", Integer, primary_key=True),
    info=_INFO,
)
"""Packed hours whose cells must be worked out anew, because a neighbouring hour has changed."""

QUARANTINE: Final = Table(
    "hist_quarantine",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("t0_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info=_INFO,
)
"""Blobs that can't be read, as they were found; where they were, history says "no data"."""

_MONTH: Final[dict[str, Any]] = {"branches": (MONTH, SERVER)}
_SERVER: Final[dict[str, Any]] = {"branches": (SERVER,)}
_BY_MONTH: Final = "RANGE (t0_us)"

CHUNK: Final = Table(
    "hist_chunk",
    METADATA,
    Column("tag", Integer, primary_key=True),
    Column("t0_us", BigInteger, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("n_good", Integer, nullable=False),
    Column("min", Double),
    Column("t_min_us", BigInteger, nullable=False),
    Column("max", Double),
    Column("t_max_us", BigInteger, nullable=False),
    Column("first", Double),
    Column("last", Double),
    Column("integral", Double, nullable=False),
    Column("good_us", BigInteger, nullable=False),
    Column("worst", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    postgresql_partition_by=_BY_MONTH,
    info=_MONTH,
)
"""An hour of a tag: what its samples come to, as numbers, and the samples themselves."""

ROLLUP: Final = Table(
    "hist_rollup",
    METADATA,
    Column("tag", Integer, primary_key=True),
    Column("level_us", BigInteger, primary_key=True),
    Column("t0_us", BigInteger, primary_key=True),
    Column("t1_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    postgresql_partition_by=_BY_MONTH,
    info=_MONTH,
)
"""Cells of a tag, `level_us` wide, over [t0, t1): minutes of an hour or of a day, hours of a day or of the month."""

RECEIVED: Final = Table(
    "hist_received",
    METADATA,
    Column("src", Integer, ForeignKey(SOURCE.c.id), primary_key=True, autoincrement=False),
    Column("last_seq", BigInteger, nullable=False),
    info=_SERVER,
)
"""The newest frame that a server has from a source; it changes in the transaction that brings the frames."""

ALIAS: Final = Table(
    "hist_alias",
    METADATA,
    Column("src", Integer, ForeignKey(SOURCE.c.id), primary_key=True, autoincrement=False),
    Column("local", Integer, primary_key=True, autoincrement=False),
    Column("tag", Integer, ForeignKey(TAG.c.id), nullable=False),
    info=_SERVER,
)
"""Which tag of the server an id in the frames of a source means."""

RECORDER: Final = Table(
    "hist_recorder",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("node", Text, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    info=_SERVER,
)
"""Who writes: one row, id 1. Whoever takes over makes the epoch greater by one; every transaction asks for it first."""

FORWARDED: Final = Table(
    "hist_forwarded",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    info=_SERVER,
)
"""Up to which row a server has journal and audit of a station; it changes in the transaction that brings them."""
