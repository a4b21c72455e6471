"""A server: the plant and its hours and days for other programs, as in tables.sqlite."""

from database.migrations.plain_tables import make_tables

revision = "s0003"
down_revision = "s0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_tables()
