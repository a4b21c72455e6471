"""A server: a tag has a series for numbers and one for texts, with a unit; and what changes of it."""

import sqlalchemy as sa
from alembic import op

revision = "s0004"
down_revision = "s0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hist_tag", sa.Column("kind", sa.Text, nullable=False, server_default="number"))
    op.add_column("hist_tag", sa.Column("unit", sa.Text))
    op.drop_constraint("uq_hist_tag_name", "hist_tag", type_="unique")
    op.create_unique_constraint("uq_hist_tag_name_kind", "hist_tag", ["name", "kind"])
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
