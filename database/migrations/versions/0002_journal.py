"""The journal of the alarms: one chained row for each event, and what keeps rows from being changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("recorded_us", sa.BigInteger, nullable=False),
        sa.Column("mono_ns", sa.BigInteger, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("alarm", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("from_state", sa.Text, nullable=False),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("bits", sa.Integer, nullable=False),
        sa.Column("occurrence", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("active_us", sa.BigInteger, nullable=False),
        sa.Column("trip_value", sa.Double),
        sa.Column("acked_by", sa.Text, nullable=False),
        sa.Column("acked_us", sa.BigInteger),
        sa.Column("value", sa.Double),
        sa.Column("limit", sa.Double),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quality", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_alarm", "journal", ["alarm", "seq"])
    op.create_index("ix_journal_at_us", "journal", ["at_us"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
                f"BEGIN SELECT RAISE(ABORT, 'the journal table is append-only'); END"
            )
