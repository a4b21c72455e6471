"""The journal is cut by when its rows were written, which no device decides: an index for that instead of the other."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_journal_at_us", "journal")
    op.create_index("ix_journal_recorded_us", "journal", ["recorded_us"])
