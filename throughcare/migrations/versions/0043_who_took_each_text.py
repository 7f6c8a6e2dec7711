"""Who took each text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("provider", sa.String(), server_default="", nullable=False))
    # Until now there was one provider, and it alone can say what became of these.
    op.execute("UPDATE outbox SET provider = 'twilio' WHERE sending_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("provider")
