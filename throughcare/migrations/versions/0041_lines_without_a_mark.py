"""Lines without a mark and e-mails sent are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_unmarked",
            ["id"],
            unique=False,
            postgresql_where=sa.text("mark = ''"),
            sqlite_where=sa.text("mark = ''"),
        )

    with op.batch_alter_table("message_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_event_unmarked",
            ["id"],
            unique=False,
            postgresql_where=sa.text("mark = ''"),
            sqlite_where=sa.text("mark = ''"),
        )

    with op.batch_alter_table("staff_alert", schema=None) as batch_op:
        batch_op.create_index("ix_staff_alert_sent", ["sent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("staff_alert", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_alert_sent")

    with op.batch_alter_table("message_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_event_unmarked", postgresql_where=sa.text("mark = ''"), sqlite_where=sa.text("mark = ''")
        )

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_unmarked", postgresql_where=sa.text("mark = ''"), sqlite_where=sa.text("mark = ''")
        )
