"""The contact page of a case, and the acts on it: safe contact, numbers, the code word."""

from __future__ import annotations

from datetime import time

from throughcare.casework import contact, reach
from throughcare.casework.contact import Number, Safe
from throughcare.casework.forms_contact import CodeWord, NewNumber, Safety
from throughcare.casework.reach import Reach
from throughcare.kernel.forms import Form
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.forms import values_of
from throughcare.web.parts import Row
from throughcare.web.visit import Ids

HERE = "/cases/{case_id}/contact"
STATES = {
    "suspended": ("Suspended", "orange"),
    "proven": ("Proven", "green"),
    "unproven": ("Not proven yet", "grey"),
    "calls": ("For calls only", "grey"),
    "ended": ("No longer used", "grey"),
}


class ReachPage(Reach):
    """The same, as lines of lists."""

    @property
    def safe_rows(self) -> list[Row]:
        safe = self.safe
        if safe is None or not safe.safe_name:
            return []
        told = (
            ("Safe name", safe.safe_name),
            ("Who may be told", safe.may_be_told or "Nobody"),
            ("Safe times", f"{spoken(safe.safe_from)} to {spoken(safe.safe_until)}"),
            ("Who else sees the phone", safe.phone_shared.label if safe.phone_shared else ""),
            ("Texts", "Never safe" if safe.never_text else "Safe, within these times"),
            ("Another person or place to try", safe.second_contact or "None agreed"),
            ("Recorded", words.instant(safe.created_at)),
        )
        return [Row(key, value) for key, value in told if value]

    @property
    def withheld(self) -> bool:
        """Whether there is something recorded that this reader may not see."""
        return bool(self.safe and self.safe.withheld) or any(number.withheld for number in self.numbers)

    @staticmethod
    def state(number: Number) -> tuple[str, str]:
        return STATES[state_of(number)]


def state_of(number: Number) -> str:
    """Where a number stands, in one word."""
    tests = (
        ("ended", number.until_at is not None),
        ("suspended", number.suspended_at is not None),
        ("calls", number.texts is False),
        ("proven", number.proven_at is not None),
    )
    return next((word for word, holds in tests if holds), "unproven")


def spoken(wall: str) -> str:
    return words.clock(time.fromisoformat(wall)) if wall else ""


def shown(work: Work, ids: Ids, _: None) -> ReachPage:
    return ReachPage(**dict(reach.show(work, ids["case_id"])))


def opens_safety(work: Work, ids: Ids) -> Opening:
    contact.may_reach(work, ids["case_id"])
    now = contact.safe_contact_of(work, ids["case_id"])
    if now is None:
        return Opening()
    standing = {name: getattr(now, name) for name in Safety.model_fields}
    standing |= {"safe_from": time.fromisoformat(now.safe_from), "safe_until": time.fromisoformat(now.safe_until)}
    return Opening(values=values_of(Safety, standing), version=contact.versions_of_safety(work, now.case_id))


def opens_number(work: Work, ids: Ids) -> Opening:
    contact.may_reach(work, ids["case_id"])
    return Opening()


def opens_this(work: Work, ids: Ids) -> Opening:
    row = contact.take_number(work, ids["case_id"], ids["number_id"])
    return Opening(version=row.version, intro=f"The number is {words.phone(row.number)}.")


class Nothing(Form):
    """A button that asks nothing."""


SITE = "/cases/{case_id:uuid}/contact/"
NUMBER = SITE + "numbers/{number_id:uuid}/"
ROUTES: tuple[object, ...] = (
    Look("/cases/{case_id:uuid}/contact", "Safe contact", "cases/contact.html", shown, Reach, tab="Overview"),
    Act(
        SITE + "safe", "How is it safe to reach them?", "Save safe contact", Safety, opens_safety,
        lambda work, ids, form: contact.record_safety(work, ids["case_id"], form), HERE, "Safe contact saved", Safe, "Overview",
    ),
    Act(
        SITE + "numbers/add", "Add a phone number", "Add number", NewNumber, opens_number,
        lambda work, ids, form: contact.add_number(work, ids["case_id"], form), HERE, "Number added", Number, "Overview",
    ),
    Act(
        NUMBER + "code-word", "Agree a code word", "Save code word", CodeWord, opens_this,
        lambda work, ids, form: contact.agree_code_word(work, ids["case_id"], ids["number_id"], form),
        HERE, "Code word saved", Number, "Overview",
    ),
    Act(
        NUMBER + "end", "Stop using this number", "Stop using number", Nothing, opens_this,
        lambda work, ids, _: contact.end_number(work, ids["case_id"], ids["number_id"]), HERE, "Number ended", Number, "Overview",
    ),
    Act(
        NUMBER + "resume", "Use this number again", "Use number again", Nothing, opens_this,
        lambda work, ids, _: contact.resume(work, ids["case_id"], ids["number_id"]), HERE, "Number in use again", Number, "Overview",
    ),
)  # fmt: skip
