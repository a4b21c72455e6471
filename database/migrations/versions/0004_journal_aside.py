"""The journal tells what was put aside, by whom, why and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = ("alarm_class", "aside_by", "aside_why", "rule", "note")
_TIMES = ("until_us", "aside_us")
_NUMBERS = ("is_one_shot", "shelvings", "first_out", "is_time_suspect", "condensed")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("journal", sa.Column(name, sa.Text))
    for name in _TIMES:
        op.add_column("journal", sa.Column(name, sa.BigInteger))
    for name in _NUMBERS:
        op.add_column("journal", sa.Column(name, sa.Integer))
