"""History: whose it is, the ids of tags, and the frames."""

import sqlalchemy as sa
from alembic import op

revision = "h0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hist_source",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_source"),
        sa.UniqueConstraint("node", name="uq_hist_source_node"),
    )
    op.create_table(
        "hist_tag",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_tag"),
        sa.UniqueConstraint("name", name="uq_hist_tag_name"),
    )
    op.create_table(
        "hist_frame",
        sa.Column("src", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("t1_us", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("codec", sa.SmallInteger, nullable=False),
        sa.Column("crc", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("src", "seq", name="pk_hist_frame"),
        sa.ForeignKeyConstraint(["src"], ["hist_source.id"], name="fk_hist_frame_src"),
    )
    op.create_index("ix_hist_frame_t0_us", "hist_frame", ["t0_us"])
