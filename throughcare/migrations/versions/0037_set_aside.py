"""A text that cannot be handled is set aside."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NAME = "ck_outbox_delivery"
BEFORE = "planned claimed sending accepted sent delivered undelivered failed ambiguous suppressed expired cancelled unconfirmed"


def upgrade() -> None:
    _only(f"{BEFORE} quarantined")


def downgrade() -> None:
    op.execute("UPDATE outbox SET state = 'cancelled' WHERE state = 'quarantined'")
    _only(BEFORE)


def _only(words: str) -> None:
    listed = ", ".join(f"'{word}'" for word in words.split())
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), f"state IN ({listed})")
