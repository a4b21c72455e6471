"""The journal is cut by when its rows were written, which no device decides: an index for that instead of the other.

Older versions kept no checkpoint beside the journal. Rows of theirs get one here: later a missing one is damage.
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from database.head import Head, Position

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_journal_at_us", "journal")
    op.create_index("ix_journal_recorded_us", "journal", ["recorded_us"])
    connection = op.get_bind()
    newest = connection.execute(text("SELECT epoch, seq, hash FROM journal ORDER BY seq DESC LIMIT 1")).first()
    folder = Path(connection.execute(text("PRAGMA database_list")).scalars(2).first() or ".").parent
    if newest is not None and not (folder / "journal.head").exists():
        Head(folder / "journal.head").write(Position("", *newest))
