"""The sharing page of a case, and what the person says about it: sharing with an agency, texts, withdrawing."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from sqlmodel import col, select

from throughcare.casework import access, consents, sharing
from throughcare.casework.agencies import Agency
from throughcare.casework.consents import Agreement
from throughcare.casework.contacting import Contacting
from throughcare.casework.forms_contact import Purpose, Route, SharingAnswer, TextsAnswer, Withdrawal
from throughcare.casework.overview import person_of
from throughcare.casework.people import Consent, ConsentState
from throughcare.casework.sharing import Reading, Sharing
from throughcare.kernel.actors import acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine
from throughcare.kernel.refusals import NotFound, NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.forms import values_of
from throughcare.web.pages.overview import because
from throughcare.web.visit import Ids

HERE = "/cases/{case_id}/sharing"


class Earlier(Form):
    """The place to go on from in the list of readings."""

    before: Annotated[OptionalLine, Ask("Before")] = ""
    listed_before: Annotated[OptionalLine, Ask("Lists before")] = ""


class SharingPage(Sharing):
    """The same, as lines of tables."""

    @property
    def agreed(self) -> list[tuple[Agreement, str, str]]:
        """Each answer with what it is about and what it says."""
        return [(row, title(row), told(row)) for row in self.consents]

    @property
    def involved_rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                row.agency,
                f"{row.basis.label}: {because(row.because)}" if row.basis else "",
                words.day(row.from_at),
                words.day(row.until_at, "Now"),
            )
            for row in self.involved
        ]

    @property
    def earlier(self) -> str:
        """Where the readings before these are listed, or blank."""
        return f"/cases/{self.case_id}/sharing?{urlencode({'before': self.before})}" if self.before else ""

    @property
    def listed_rows(self) -> list[tuple[str, str, str, str]]:
        return [listed_row(row) for row in self.listed]

    @property
    def listed_earlier(self) -> str:
        """Where the readings of lists before these are, or blank."""
        earlier = urlencode({"listed_before": self.listed_before})
        return f"/cases/{self.case_id}/sharing?{earlier}" if self.listed_before else ""

    @property
    def reading_rows(self) -> list[tuple[str, str, str, str]]:
        return [reading_row(row) for row in self.readings or ()]


def title(row: Agreement) -> str:
    """What an answer is about."""
    purpose = Purpose(row.purpose).label if row.purpose in set(Purpose) else row.purpose
    return f"{purpose}: {row.agency}" if row.agency else purpose


def told(row: Agreement) -> str:
    """When and how it was said, what it covers, and until when."""
    said = f"{row.state.label if row.state else ''} {words.instant(row.given_at)}"
    route = Route(row.route).label.lower() if row.route in set(Route) else row.route
    covers = words.listed([category.label.lower() for category in row.categories])
    until = f"Until {words.day(row.expires_on)}" if row.expires_on else ""
    ended = f"Ended {words.instant(row.ended_at)}" if row.ended_at else ""
    notice = f"Notice {row.notice_version}, {row.language.label}" if row.notice_version and row.language else ""
    return ". ".join(filter(None, (f"{said}, {route}", covers.capitalize(), notice, until, ended, row.note)))


def reading_row(row: Reading) -> tuple[str, str, str, str]:
    who = ", ".join(filter(None, (row.worker, row.role, row.agency)))
    when = f"{words.instant(row.last_at)}{f' ({row.times} times that day)' if row.times > 1 else ''}"
    what = words.listed([words.lower_first(each.label) for each in row.categories if each is not Category.RECORD])
    bases = words.listed([words.lower_first(basis.label) for basis in row.bases])
    return who, when, words.sentence_case(what) or "That the case exists", words.sentence_case(bases)


PAGES = {  # the view a list is shown by -> what the reader was looking at
    "CaseLine": "The cases list",
    "CaseHeading": "My work, or another list of work",
    "Summary": "The handovers list",
    "HandoverLine": "The handovers list",
    "Known": "A look for records of the same person",
    "ToMend": "The list of numbers to mend",
}


def listed_row(row: Reading) -> tuple[str, str, str, str]:
    """One line of a list that they were on."""
    who, when, what, basis = reading_row(row)
    return who, when, f"{PAGES.get(row.page, 'A list')}: {words.lower_first(what)}", basis


def shown(work: Work, ids: Ids, asked: Earlier) -> SharingPage:
    asked = asked or Earlier()
    return SharingPage(**dict(sharing.show(work, ids["case_id"], asked.before, asked.listed_before)))


def may(work: Work, ids: Ids) -> None:
    access.find_case(work, ids["case_id"])
    refuse_if(not acts_among(work.actor, consents.RECORDERS), NotPermitted)


def opens_sharing(work: Work, ids: Ids) -> Opening:
    may(work, ids)
    rows = work.session.exec(select(Agency).where(col(Agency.closed_on).is_(None)).order_by(col(Agency.name)))
    agencies = [(row, consents.consentable(work, row)) for row in rows]
    offered = {category for _, some in agencies for category in some}
    return Opening(
        choices={
            "agencies": [
                Choice(str(row.id), f"{row.name} ({row.kind.label.lower()})") for row, some in agencies if some
            ],
            "categories": [Choice(one.value, one.label) for one in Category if one in offered],
        }
    )


def opens_texts(work: Work, ids: Ids) -> Opening:
    """The notice to read out, in the person's language."""
    may(work, ids)
    notice, language = work.reference[Contacting], person_of(work, ids["case_id"]).language
    return Opening(
        values=values_of(TextsAnswer, {"language": language}),
        intro=f"Read this out to them, in {language.label}:",
        inset=notice.texts[language],
    )


def opens_withdrawal(work: Work, ids: Ids) -> Opening:
    may(work, ids)
    row = access.find(work, Consent, ids["consent_id"])
    refuse_if(row.case_id != ids["case_id"], NotFound)
    refuse_if(row.state is not ConsentState.GIVEN or row.ended_at, consents.AlreadyEnded)
    return Opening(version=row.version, intro="What rests on this consent is no longer shared, from now.")


ROUTES: tuple[object, ...] = (
    Look(
        "/cases/{case_id:uuid}/sharing", "Sharing", "cases/sharing.html", shown, Sharing, query=Earlier, tab="Sharing"
    ),
    Act(
        "/cases/{case_id:uuid}/sharing/consent", "Record what they say about sharing", "Save answer", SharingAnswer,
        opens_sharing, lambda work, ids, form: consents.answer_sharing(work, ids["case_id"], form), HERE,
        said="Answer saved", answers=Agreement, tab="Sharing",
    ),
    Act(
        "/cases/{case_id:uuid}/sharing/texts", "Record what they say about texts", "Save answer", TextsAnswer,
        opens_texts, lambda work, ids, form: consents.answer_texts(work, ids["case_id"], form), HERE,
        said="Answer saved", answers=Agreement, tab="Sharing",
    ),
    Act(
        "/cases/{case_id:uuid}/sharing/{consent_id:uuid}/withdraw", "Record that they withdraw this consent",
        "Withdraw consent", Withdrawal, opens_withdrawal,
        lambda work, ids, form: consents.withdraw(work, ids["case_id"], ids["consent_id"], form), HERE,
        said="Consent withdrawn", answers=Agreement, tab="Sharing", warns=True,
    ),
)  # fmt: skip
