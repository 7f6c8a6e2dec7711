"""The service’s own wording of texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "drafted",
                "agreed",
                "withdrawn",
                name="wordingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("brought_back", sa.Integer(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("holds_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["worker.id"], name=op.f("fk_sms_wording_agreed_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["worker.id"], name=op.f("fk_sms_wording_drafted_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["worker.id"], name=op.f("fk_sms_wording_reviewed_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["worker.id"], name=op.f("fk_sms_wording_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_wording")),
        sa.UniqueConstraint("code", "language", "number", name=op.f("uq_sms_wording_code_language_number")),
    )
    with op.batch_alter_table("sms_wording", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sms_wording_waits",
            ["code", "language"],
            unique=True,
            postgresql_where=sa.text("status = 'drafted'"),
            sqlite_where=sa.text("status = 'drafted'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("sms_wording", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sms_wording_waits",
            postgresql_where=sa.text("status = 'drafted'"),
            sqlite_where=sa.text("status = 'drafted'"),
        )

    op.drop_table("sms_wording")
