"""A person may be asked on days of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("checkin_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("days", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("checkin_plan", schema=None) as batch_op:
        batch_op.drop_column("days")
