"""Screening."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_too",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "alcohol_help",
            sa.Enum("yes", "no", "unsure", name="alcohol_help", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "drugs_help",
            sa.Enum("yes", "no", "unsure", name="drugs_help", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("related_illness", sa.Boolean(), nullable=False),
        sa.Column(
            "children",
            sa.Enum(
                "yes",
                "no",
                "not_said",
                "not_asked",
                name="children",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "pregnant",
            sa.Enum(
                "yes",
                "no",
                "not_said",
                "not_asked",
                name="pregnant",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["by"], ["worker.id"], name=op.f("fk_asked_too_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_asked_too_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_too")),
    )
    with op.batch_alter_table("asked_too", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_too_case_id"), ["case_id"], unique=False)

    op.create_table(
        "clinician_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("alcohol", "drugs", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asks_specialist", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["worker.id"], name=op.f("fk_clinician_view_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_clinician_view_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician_view")),
    )
    with op.batch_alter_table("clinician_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinician_view_case_id"), ["case_id"], unique=False)

    op.create_table(
        "safety_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "clear",
                "healthcare_today",
                "seen",
                name="safetystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["worker.id"], name=op.f("fk_safety_check_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_safety_check_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_check")),
    )
    with op.batch_alter_table("safety_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_check_case_id"), ["case_id"], unique=False)

    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "started",
                "completed",
                "declined",
                "not_able",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum("alcohol", "drugs", "both", name="scope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("substance", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "interview", "paper", "self", "phone", name="mode", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "setting",
            sa.Enum(
                "reception",
                "first_night",
                "wing",
                "healthcare",
                "community",
                name="setting",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("share_agreed", sa.Boolean(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("subscales", sa.JSON(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("band_set", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("threshold_said", sa.String(), nullable=False),
        sa.Column("positive", sa.Boolean(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("not_done_because", sa.String(), nullable=False),
        sa.Column("reoffer_on", sa.Date(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("continues_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["worker.id"], name=op.f("fk_screening_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_screening_case_id")),
        sa.ForeignKeyConstraint(["continues_id"], ["screening.id"], name=op.f("fk_screening_continues_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_screening_case_id_on", ["case_id", "on"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_instrument"), ["instrument"], unique=False)

    op.create_table(
        "screening_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("alcohol", "drugs", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screened_by", sa.Uuid(), nullable=False),
        sa.Column(
            "pathway",
            sa.Enum(
                "not_screened",
                "screen_negative",
                "finish_audit",
                "feedback",
                "brief_intervention",
                "brief_and_extended",
                "substance_team_assessment",
                "specialist_assessment",
                name="pathway",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "computed",
            sa.Enum(
                "not_screened",
                "screen_negative",
                "finish_audit",
                "feedback",
                "brief_intervention",
                "brief_and_extended",
                "substance_team_assessment",
                "specialist_assessment",
                name="computed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("referral_offered", sa.Boolean(), nullable=False),
        sa.Column("healthcare_today", sa.Boolean(), nullable=False),
        sa.Column("override_reason", sa.String(), nullable=False),
        sa.Column("overridden_by", sa.Uuid(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_screening_outcome_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_outcome")),
    )
    with op.batch_alter_table("screening_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_outcome_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_screening_outcome_current",
            ["case_id", "side"],
            unique=True,
            postgresql_where=sa.text("replaced_at IS NULL"),
            sqlite_where=sa.text("replaced_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("screening_outcome", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_screening_outcome_current",
            postgresql_where=sa.text("replaced_at IS NULL"),
            sqlite_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_screening_outcome_case_id"))

    op.drop_table("screening_outcome")
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screening_instrument"))
        batch_op.drop_index("ix_screening_case_id_on")
        batch_op.drop_index(batch_op.f("ix_screening_case_id"))

    op.drop_table("screening")
    with op.batch_alter_table("safety_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_check_case_id"))

    op.drop_table("safety_check")
    with op.batch_alter_table("clinician_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinician_view_case_id"))

    op.drop_table("clinician_view")
    with op.batch_alter_table("asked_too", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_too_case_id"))

    op.drop_table("asked_too")
