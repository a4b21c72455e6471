"""A server: the tables of history and of its months, and what receives the frames of stations."""

import sqlalchemy as sa
from alembic import op

revision = "s0001"
down_revision = None
branch_labels = None
depends_on = None

BLOBS = ("hist_frame", "hist_segment", "hist_chunk", "hist_rollup")
BY_MONTH = "RANGE (t0_us)"


def upgrade() -> None:
    _sources()
    _samples()
    _months()
    for table in BLOBS:  # packed already: PostgreSQL shall not try again
        op.execute(f"ALTER TABLE {table} ALTER COLUMN body SET STORAGE EXTERNAL")


def _sources() -> None:
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
        "hist_received",
        sa.Column("src", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("src", name="pk_hist_received"),
        sa.ForeignKeyConstraint(["src"], ["hist_source.id"], name="fk_hist_received_src"),
    )
    op.create_table(
        "hist_alias",
        sa.Column("src", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("local", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("tag", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("src", "local", name="pk_hist_alias"),
        sa.ForeignKeyConstraint(["src"], ["hist_source.id"], name="fk_hist_alias_src"),
        sa.ForeignKeyConstraint(["tag"], ["hist_tag.id"], name="fk_hist_alias_tag"),
    )
    op.create_table(
        "hist_recorder",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_recorder"),
    )


def _samples() -> None:
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
    op.create_table(
        "hist_segment",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("hour_us", sa.BigInteger, nullable=False),
        sa.Column("grp", sa.Integer, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("t1_us", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_segment"),
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


def _months() -> None:
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
        postgresql_partition_by=BY_MONTH,
    )
    op.create_table(
        "hist_rollup",
        sa.Column("tag", sa.Integer, nullable=False),
        sa.Column("level_us", sa.BigInteger, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("t1_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tag", "level_us", "t0_us", name="pk_hist_rollup"),
        postgresql_partition_by=BY_MONTH,
    )
