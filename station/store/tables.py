"""The tables of the audit. Import only, any thread; migrations 0001 and 0005 make them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, ForeignKeyConstraint, Index, Integer, Table, Text

from database.metadata import METADATA

EPOCH: Final = Table(
    "epoch",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("started_at_us", BigInteger, nullable=False),
    Column("started_mono_ns", BigInteger, nullable=False),
    Column("process", Integer, nullable=False),
)
"""One row for each start of the station."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("mono_ns", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("value_seen", Double),
    Column("value_old", Double),
    Column("value_new", Double),
    Column("unit", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("readback", Double),
    Column("message", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    ForeignKeyConstraint(["station", "epoch"], ["epoch.station", "epoch.epoch"]),
    Index(None, "command_id"),
    Index("ix_audit_epoch_seq", "epoch", "seq"),
    Index("ix_audit_at_us", "at_us"),
)
"""What was done, by whom, chained by `station.chain`. Triggers refuse UPDATE and DELETE."""
