"""What people send us: rings, choices by text, and one answer to a number that nobody has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

PURPOSES = ("safety", "reply", "proof", "reminder", "checkin")
KINDS = (
    *("score", "call", "stop", "soft_stop", "start", "hours", "pause"),
    *("code_word", "wrong_number", "missed", "unclear"),
)
MORE_KINDS = (*KINDS[:7], "hour", "language", "rang", *KINDS[7:])


def _words(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _check(table: str, column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, _words(column, words))


def upgrade() -> None:
    _check("outbox", "purpose", (*PURPOSES, "neutral"))
    _check("text_received", "kind", MORE_KINDS)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)
    for table, column in (
        ("inbound_text", sa.Column("rang", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("text_received", sa.Column("media", sa.Integer(), nullable=False, server_default="0")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(column)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column.name, server_default=None)
    op.create_table(
        "checkin_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column(
            "what",
            sa.Enum("hour", "language", "pause", name="choice", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_checkin_choice_case_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["checkin_plan.id"], name=op.f("fk_checkin_choice_plan_id")),
        sa.ForeignKeyConstraint(["text_id"], ["text_received.id"], name=op.f("fk_checkin_choice_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_choice")),
        sa.UniqueConstraint("text_id", name=op.f("uq_checkin_choice_text_id")),
    )
    with op.batch_alter_table("checkin_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkin_choice_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkin_choice_plan_id"), ["plan_id"], unique=False)


def downgrade() -> None:
    """Rows of the new kinds have no place in the old tables: answers to nobody's number, choices and rings go."""
    op.drop_table("checkin_choice")
    with op.batch_alter_table("text_received", schema=None) as batch_op:
        batch_op.drop_column("media")
    with op.batch_alter_table("inbound_text", schema=None) as batch_op:
        batch_op.drop_column("rang")
    op.execute("DELETE FROM outbox WHERE case_id IS NULL")
    op.execute("DELETE FROM text_received WHERE kind IN ('hour', 'language', 'rang')")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Uuid(), nullable=False)
    _check("text_received", "kind", KINDS)
    _check("outbox", "purpose", PURPOSES)
