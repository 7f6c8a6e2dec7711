"""What is being written is sealed, so it is text. What is there stays as it is until a round has sealed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.alter_column("boxes", existing_type=sa.JSON(), type_=sa.Text(), existing_nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM draft")  # what is sealed is no JSON
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.alter_column(
            "boxes", existing_type=sa.Text(), type_=sa.JSON(), existing_nullable=False, postgresql_using="boxes::json"
        )
