"""History: a tag has a series for numbers and one for texts, with a unit; what changes of it; steps of the clock."""

import sqlalchemy as sa
from alembic import op

revision = "h0003"
down_revision = "h0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hist_tag") as tag:
        tag.add_column(sa.Column("kind", sa.Text, nullable=False, server_default="number"))
        tag.add_column(sa.Column("unit", sa.Text))
        tag.drop_constraint("uq_hist_tag_name", type_="unique")
        tag.create_unique_constraint("uq_hist_tag_name_kind", ["name", "kind"])
    op.create_table(
        "hist_tag_change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tag", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hist_tag_change"),
        sa.ForeignKeyConstraint(["tag"], ["hist_tag.id"], name="fk_hist_tag_change_tag"),
    )
    op.create_table(
        "clock_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("before_us", sa.BigInteger, nullable=False),
        sa.Column("after_us", sa.BigInteger, nullable=False),
        sa.Column("mono_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_event"),
    )
