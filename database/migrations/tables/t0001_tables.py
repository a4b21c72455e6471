"""tables.sqlite: the plant and its hours and days for other programs."""

from database.migrations.plain_tables import make_tables

revision = "t0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_tables()
