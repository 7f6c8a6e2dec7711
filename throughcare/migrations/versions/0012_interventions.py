"""Brief interventions and specialist referrals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brief_intervention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("alcohol", "drugs", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "offered",
                "given",
                "followed_up",
                "declined",
                "withdrawn",
                name="briefstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("delivered_by", sa.Uuid(), nullable=True),
        sa.Column("trained", sa.Boolean(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("elements", sa.JSON(), nullable=False),
        sa.Column("readiness", sa.Integer(), nullable=True),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("leaflet", sa.Boolean(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up_note", sa.String(), nullable=False),
        sa.Column("declined_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_brief_intervention_case_id")),
        sa.ForeignKeyConstraint(["delivered_by"], ["worker.id"], name=op.f("fk_brief_intervention_delivered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_intervention")),
    )
    with op.batch_alter_table("brief_intervention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brief_intervention_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_brief_intervention_outcome_id"), ["outcome_id"], unique=False)

    op.create_table(
        "first_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["worker.id"], name=op.f("fk_first_contact_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_first_contact_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_contact")),
    )
    with op.batch_alter_table("first_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_contact_case_id"), ["case_id"], unique=False)

    op.create_table(
        "specialist_referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("alcohol", "drugs", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "on_offer",
                "referred",
                "accepted",
                "seen",
                "concluded",
                "declined",
                name="referralstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("today", sa.Boolean(), nullable=False),
        sa.Column("to_service", sa.String(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("referred_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("appointment_on", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("seen_by", sa.String(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column(
            "assessed",
            sa.Enum(
                "treatment",
                "continued",
                "not_needed",
                "not_wanted",
                "moved_on",
                name="assessed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "declined_by",
            sa.Enum("person", "service", name="declinedby", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("declined_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_specialist_referral_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist_referral")),
    )
    with op.batch_alter_table("specialist_referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_specialist_referral_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_specialist_referral_outcome_id"), ["outcome_id"], unique=False)

    op.create_table(
        "extended_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("intervention_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["worker.id"], name=op.f("fk_extended_session_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extended_session_case_id")),
        sa.ForeignKeyConstraint(
            ["intervention_id"], ["brief_intervention.id"], name=op.f("fk_extended_session_intervention_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extended_session")),
    )
    with op.batch_alter_table("extended_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extended_session_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extended_session_intervention_id"), ["intervention_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("extended_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extended_session_intervention_id"))
        batch_op.drop_index(batch_op.f("ix_extended_session_case_id"))

    op.drop_table("extended_session")
    with op.batch_alter_table("specialist_referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_specialist_referral_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_specialist_referral_case_id"))

    op.drop_table("specialist_referral")
    with op.batch_alter_table("first_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_first_contact_case_id"))

    op.drop_table("first_contact")
    with op.batch_alter_table("brief_intervention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brief_intervention_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_brief_intervention_case_id"))

    op.drop_table("brief_intervention")
