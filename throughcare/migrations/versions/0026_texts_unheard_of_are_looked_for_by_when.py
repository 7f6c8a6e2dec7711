"""Texts unheard of are looked for by when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_outbox_unresolved", ["state", "lease_until"]
BEFORE = sa.text("state IN ('sending', 'ambiguous')")
NOW = sa.text("state IN ('claimed', 'sending', 'ambiguous', 'accepted', 'sent')")


def upgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", COLUMNS, postgresql_where=NOW, sqlite_where=NOW)


def downgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", COLUMNS, postgresql_where=BEFORE, sqlite_where=BEFORE)
