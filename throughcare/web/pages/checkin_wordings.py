"""Every text the service sends, as it looks on a locked phone; and changing one: drafted, reviewed, agreed, brought back."""

from __future__ import annotations

from throughcare.casework.people import Language
from throughcare.checkin import wording_book, wording_changes, wording_page
from throughcare.checkin.wording import Template
from throughcare.checkin.wording_forms import AgreeWording, BringBack, DraftWording, ReviewWording, WithdrawWording
from throughcare.checkin.wording_page import Drafting, TextPage
from throughcare.checkin.wording_refusals import MayNotStand
from throughcare.checkin.wording_rows import SmsWording
from throughcare.checkin.wordings import WordingQuery, Wordings, wordings
from throughcare.kernel.refusals import LookFirst, refuse_if
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids
from throughcare.web.words import lower_first

TEXTS = "/check-ins/texts"
TEXT = f"{TEXTS}/{{text_id:uuid}}"
WORDS = f"{TEXT}/words/{{wording_id:uuid}}"
BACK = f"{TEXTS}/{{text_id}}"
REPLACES = "Words for this text wait to be agreed, and are shown below. To ask for agreement to others withdraws them."
WRITES, DECIDES = "checkins/wording_draft.html", "checkins/wording_decide.html"


def opens_drafting(work: Work, ids: Ids) -> Opening:
    wording_changes.refuse_unless_changing(work)
    template = wording_changes.template_of(work, ids["text_id"])
    waits = wording_changes.waiting(work, template)
    stands = wording_book.read(work).templates[template.code, template.language]
    return Opening(
        values={"text": [waits.text if waits else stands.text]},
        version=wording_changes.edition(work, template),
        title=titled(template, "New words"),
        inset=REPLACES if waits else "",
        shown=wording_page.drafting(work, ids["text_id"]),
    )


def look(work: Work, ids: Ids, form: DraftWording) -> None:
    """What these words come to, and what stops them; nothing is kept."""
    seen = wording_page.drafting(work, ids["text_id"], form.text)
    refuse_if(seen.faults, MayNotStand("\n".join(seen.faults), shown=seen))
    raise LookFirst(seen)


def drafts(work: Work, ids: Ids, form: DraftWording) -> None:
    """Refused with how they look, so that whoever wrote them sees what is meant."""
    try:
        wording_changes.draft(work, ids["text_id"], form)
    except MayNotStand as no:
        raise MayNotStand(no.said, shown=wording_page.drafting(work, ids["text_id"], form.text)) from no


def titled(template: Template, title: str) -> str:
    """The title of a form about one text, which it names."""
    return f"{title}: {lower_first(template.name)}, in {Language(template.language).label}"


def decides(work: Work, ids: Ids, row: SmsWording, title: str) -> Opening:
    template = wording_changes.template_of(work, ids["text_id"])
    shown = wording_page.deciding(work, ids["text_id"], row.text)
    return Opening(version=row.version, title=titled(template, title), shown=shown)


def opens_agreeing(work: Work, ids: Ids) -> Opening:
    return decides(work, ids, wording_changes.to_agree(work, ids["text_id"], ids["wording_id"]), "Agree to new words")


def opens_withdrawing(work: Work, ids: Ids) -> Opening:
    return decides(work, ids, wording_changes.to_decide(work, ids["text_id"], ids["wording_id"]), "Withdraw a draft")


def opens_reviewing(work: Work, ids: Ids) -> Opening:
    return decides(work, ids, wording_changes.to_review(work, ids["text_id"], ids["wording_id"]), "Review")


def opens_bringing_back(work: Work, ids: Ids) -> Opening:
    template, words, _ = wording_changes.to_bring_back(work, ids["text_id"], ids["wording_id"])
    shown = wording_page.deciding(work, ids["text_id"], words)
    title = titled(template, "Bring back earlier words")
    return Opening(version=wording_changes.edition(work, template), title=title, shown=shown)


ROUTES = (
    Look(
        TEXTS, "Texts we send", "checkins/wordings.html",
        lambda work, _, asked: wordings(work, asked or WordingQuery()), Wordings, query=WordingQuery, section="Check-ins",
    ),
    Look(
        TEXT, lambda view: view.text.name, "checkins/wording.html",
        lambda work, ids, _: wording_page.page(work, ids["text_id"]), TextPage, section="Check-ins",
    ),
    Act(f"{TEXT}/draft", "New words", "Ask for agreement", DraftWording, opens_drafting, drafts, BACK,
        said="The new words wait for somebody else to agree to them.", section="Check-ins", template=WRITES),
    Act(f"{TEXT}/draft/look", "New words", "Ask for agreement", DraftWording, opens_drafting, look, BACK,
        answers=Drafting, section="Check-ins", template=WRITES),
    Act(f"{WORDS}/agree", "Agree to new words", "Agree to these words", AgreeWording, opens_agreeing,
        lambda work, ids, form: wording_changes.agree(work, ids["text_id"], ids["wording_id"], form), BACK,
        said="The new words are used from now on.", section="Check-ins", template=DECIDES),
    Act(f"{WORDS}/withdraw", "Withdraw a draft", "Withdraw this draft", WithdrawWording, opens_withdrawing,
        lambda work, ids, form: wording_changes.withdraw(work, ids["text_id"], ids["wording_id"], form), BACK,
        said="The draft is withdrawn.", section="Check-ins", template=DECIDES, warns=True),
    Act(f"{WORDS}/review", "Review the Welsh", "Say that it is right", ReviewWording, opens_reviewing,
        lambda work, ids, form: wording_changes.review(work, ids["text_id"], ids["wording_id"], form), BACK,
        said="The Welsh is reviewed.", section="Check-ins", template=DECIDES),
    Act(f"{WORDS}/bring-back", "Bring back earlier words", "Bring these words back", BringBack, opens_bringing_back,
        lambda work, ids, form: wording_changes.bring_back(work, ids["text_id"], ids["wording_id"], form) and None, BACK,
        said="The earlier words wait for somebody else to agree to them.", section="Check-ins", template=DECIDES),
)  # fmt: skip
