"""A server: the journal tells what was put aside, by whom, why and until when."""

import sqlalchemy as sa
from alembic import op

revision = "s0005"
down_revision = "s0004"
branch_labels = None
depends_on = None

_TEXTS = ("alarm_class", "aside_by", "aside_why", "rule", "note")
_NUMBERS = ("until_us", "aside_us", "is_one_shot", "shelvings", "first_out", "is_time_suspect", "condensed")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("journal", sa.Column(name, sa.Text))
    for name in _NUMBERS:
        op.add_column("journal", sa.Column(name, sa.BigInteger))
