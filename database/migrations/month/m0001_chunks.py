"""A month of history: hours of tags, and roll-up cells."""

import sqlalchemy as sa
from alembic import op

revision = "m0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hist_chunk",
        sa.Column("tag", sa.Integer, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("n_good", sa.Integer, nullable=False),
        sa.Column("min", sa.Double),
        sa.Column("t_min_us", sa.BigInteger, nullable=False),
        sa.Column("max", sa.Double),
        sa.Column("t_max_us", sa.BigInteger, nullable=False),
        sa.Column("first", sa.Double),
        sa.Column("last", sa.Double),
        sa.Column("integral", sa.Double, nullable=False),
        sa.Column("good_us", sa.BigInteger, nullable=False),
        sa.Column("worst", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tag", "t0_us", name="pk_hist_chunk"),
    )
    op.create_table(
        "hist_rollup",
        sa.Column("tag", sa.Integer, nullable=False),
        sa.Column("level_us", sa.BigInteger, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("t1_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tag", "level_us", "t0_us", name="pk_hist_rollup"),
    )
