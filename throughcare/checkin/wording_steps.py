"""The moves of a drafted wording: agreed by somebody else, or withdrawn; either is for good."""

from __future__ import annotations

from throughcare.checkin.wording_events import WordingAgreed, WordingWithdrawn
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.kernel.actors import Role
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment

EDITORS = {Role.MANAGER, Role.ADMIN}
WORDING = Machine(SmsWording, "wording")


@WORDING.step("Agree to these words", frm={WordingStatus.DRAFTED}, to=WordingStatus.AGREED, by=EDITORS)
def agree(row: SmsWording, moment: Moment, number: int) -> Effect:
    """They hold from now on, as the next version."""
    event = WordingAgreed(subject_id=row.id, text=row.code, language=row.language, number=number)
    return Effect(event, {"number": number, "agreed_by": moment.actor.id, "holds_from": moment.now})


@WORDING.step("Withdraw this draft", frm={WordingStatus.DRAFTED}, to=WordingStatus.WITHDRAWN, by=EDITORS)
def withdraw(row: SmsWording, moment: Moment, *, replaced: bool = False) -> Effect:
    """Nobody can agree to them any more; the words are kept."""
    event = WordingWithdrawn(subject_id=row.id, text=row.code, language=row.language, replaced=replaced)
    return Effect(event, {"withdrawn_by": moment.actor.id, "withdrawn_at": moment.now})
