"""The audit: epochs, the chained rows, and what keeps rows from being changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "epoch",
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("started_at_us", sa.BigInteger, nullable=False),
        sa.Column("started_mono_ns", sa.BigInteger, nullable=False),
        sa.Column("process", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("station", "epoch", name="pk_epoch"),
    )
    op.create_table(
        "audit",
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("mono_ns", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("value_seen", sa.Double),
        sa.Column("value_old", sa.Double),
        sa.Column("value_new", sa.Double),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("command_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("readback", sa.Double),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("station", "epoch", "seq", name="pk_audit"),
        sa.ForeignKeyConstraint(["station", "epoch"], ["epoch.station", "epoch.epoch"], name="fk_audit_station_epoch"),
    )
    op.create_index("ix_audit_command_id", "audit", ["command_id"])
    if op.get_bind().dialect.name == "sqlite":
        for table in ("audit", "epoch"):
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the {table} table is append-only'); END"
                )
