"""Those who did not agree to sharing, those who took it back, and a worker who left."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from uuid import UUID

from config.demonstration.people import Fate
from config.demonstration.playing import Stage
from throughcare.casework import consents, workers
from throughcare.casework.forms_contact import Purpose, SharingAnswer, Withdrawal
from throughcare.casework.people import ConsentState
from throughcare.kernel.work import Work

Part = Generator[datetime, None, None]


def asked_to_share(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """What they said of another provider, and what they took back."""
    officer, _, _, provider, worker, *_ = fate.staff
    if fate.sharing == "refused":
        yield stage.when(fate.received + 14, 14, 5)
        said = SharingAnswer(agency_id=stage.agency(provider), purpose=Purpose.REFERRAL, answer=ConsentState.REFUSED)
        stage.do(officer, consents.answer_sharing, case_id, said)
    if fate.sharing == "withdrawn":
        yield stage.when(-3, 14, 5)
        stage.do(worker if fate.handover == "active" else officer, taken_back, case_id, stage.agency(provider))


def taken_back(work: Work, case_id: UUID, agency_id: UUID) -> None:
    """They no longer agree."""
    given = consents.current(work, case_id, Purpose.REFERRAL, agency_id)
    if given is not None:
        consents.withdraw(work, case_id, given.id, Withdrawal())


def officer_leaves(stage: Stage) -> Part:
    """One officer has left, and nobody has taken their cases yet."""
    yield stage.when(-4, 17)
    stage.do("admin", workers.disable, stage.partnership.actors["leaver"].id)
