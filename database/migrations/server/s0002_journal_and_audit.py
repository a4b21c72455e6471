"""A server: journal and audit of its stations, and how far they have come."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "s0002"
down_revision = "s0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hist_forwarded",
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("node", "feed", name="pk_hist_forwarded"),
    )
    _journal()
    _audit()


def _place(table: str) -> tuple[sa.Column[Any] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("node", "epoch", "seq", name=f"pk_{table}"),
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _journal() -> None:
    op.create_table(
        "journal",
        *_place("journal"),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("recorded_us", sa.BigInteger, nullable=False),
        sa.Column("mono_ns", sa.BigInteger, nullable=False),
        *_texts("event", "alarm", "tag", "kind"),
        sa.Column("priority", sa.BigInteger, nullable=False),
        *_texts("from_state", "to_state"),
        sa.Column("bits", sa.BigInteger, nullable=False),
        sa.Column("occurrence", sa.BigInteger, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("active_us", sa.BigInteger, nullable=False),
        sa.Column("trip_value", sa.Double),
        *_texts("acked_by"),
        sa.Column("acked_us", sa.BigInteger),
        sa.Column("value", sa.Double),
        sa.Column("limit", sa.Double),
        *_texts("unit"),
        sa.Column("quality", sa.BigInteger, nullable=False),
        *_texts("text", "area", "user", "seat", "roles", "comment", "config", "prev_hash", "hash"),
    )
    op.create_index("ix_journal_at_us", "journal", ["at_us"])


def _audit() -> None:
    op.create_table(
        "audit",
        *_place("audit"),
        *_texts("station"),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("mono_ns", sa.BigInteger, nullable=False),
        *_texts("kind", "user", "seat", "roles", "tag", "title"),
        sa.Column("value_seen", sa.Double),
        sa.Column("value_old", sa.Double),
        sa.Column("value_new", sa.Double),
        *_texts("unit", "reason", "command_id", "state"),
        sa.Column("readback", sa.Double),
        *_texts("message", "prev_hash", "hash"),
    )
    op.create_index("ix_audit_at_us", "audit", ["at_us"])
