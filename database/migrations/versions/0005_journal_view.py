"""The journal and the audit are read as one: what stands in each block of rows, and the way to a row of the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_block",
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.Column("last_us", sa.BigInteger, nullable=False),
        sa.Column("facets", sa.LargeBinary, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("block", name="pk_journal_block"),
    )
    op.create_index("ix_audit_epoch_seq", "audit", ["epoch", "seq"])
    op.create_index("ix_audit_at_us", "audit", ["at_us"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_block_no_{verb.lower()} BEFORE {verb} ON journal_block "
                f"BEGIN SELECT RAISE(ABORT, 'the journal_block table is append-only'); END"
            )
