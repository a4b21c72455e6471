"""History: minutes of 64 tags each, hours whose cells must be worked out anew, and blobs that can't be read."""

import sqlalchemy as sa
from alembic import op

revision = "h0002"
down_revision = "h0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hist_segment",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("hour_us", sa.BigInteger, nullable=False),
        sa.Column("grp", sa.Integer, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("t1_us", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_segment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hist_segment_hour_us_grp", "hist_segment", ["hour_us", "grp"])
    op.create_table(
        "hist_stale",
        sa.Column("hour_us", sa.BigInteger, nullable=False),
        sa.Column("grp", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hour_us", "grp", name="pk_hist_stale"),
    )
    op.create_table(
        "hist_quarantine",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_quarantine"),
    )
