"""The tables of the journal. Import only, any thread; migrations 0002 to 0005 make them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, Table, Text

from database.metadata import METADATA

JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("mono_ns", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("alarm", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("bits", Integer, nullable=False),
    Column("occurrence", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("active_us", BigInteger, nullable=False),
    Column("trip_value", Double),
    Column("acked_by", Text, nullable=False),
    Column("acked_us", BigInteger),
    Column("value", Double),
    Column("limit", Double),
    Column("unit", Text, nullable=False),
    Column("quality", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("alarm_class", Text),
    Column("until_us", BigInteger),
    Column("aside_by", Text),
    Column("aside_us", BigInteger),
    Column("aside_why", Text),
    Column("is_one_shot", Integer),
    Column("shelvings", Integer),
    Column("rule", Text),
    Column("note", Text),
    Column("first_out", Integer),
    Column("is_time_suspect", Integer),
    Column("condensed", Integer),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_journal_alarm", "alarm", "seq"),
    Index("ix_journal_recorded_us", "recorded_us"),
)
"""What happened to alarms: `seq` counts without a gap over all starts, `epoch` counts the starts. Triggers refuse
UPDATE and DELETE."""

BLOCK: Final = Table(
    "journal_block",
    METADATA,
    Column("block", Integer, primary_key=True),
    Column("first_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("facets", LargeBinary, nullable=False),
    Column("words", Text, nullable=False),
)
"""What stands in each full block of 4,096 rows: the earliest and latest time of recording, how often each combination
of event, priority, area and kind, and every text. Worked out of the journal, which alone counts."""
