"""How people are found and held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_name_word_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_word")),
    )
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.create_index("ix_name_word", ["word", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_word_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_co_worker_id"), ["co_worker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index(
            "ix_case_open",
            ["release_on", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_case_open_team",
            ["owner_team_id", "release_on", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    with op.batch_alter_table("custody_episode", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "status",
                sa.Enum(
                    "held",
                    "released",
                    "died",
                    name="episodestatus",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=False,
                server_default="held",
            )
        )
        batch_op.create_index(
            "ix_custody_episode_due",
            ["confirmed_release_date"],
            unique=False,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_column("why_ended")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_folded"))
        batch_op.create_index(batch_op.f("ix_person_birth_date"), ["birth_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_postcode"), ["postcode"], unique=False)
        batch_op.drop_column("folded")

    with op.batch_alter_table("phone_number", schema=None) as batch_op:
        batch_op.add_column(sa.Column("texts", sa.Boolean(), nullable=False, server_default=sa.true()))
