"""How the texts are going, for whoever runs the service; and what is done about those that could not be handled."""

from __future__ import annotations

from prometheus_client import REGISTRY

from throughcare.casework.workers import administrators_only
from throughcare.checkin import operations
from throughcare.checkin.operations import GiveUp, Operations, OperationsQuery, TryAgain
from throughcare.checkin.wording import Wording
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids

HERE = "/admin/texts"
ONE = "/admin/texts/{message_id:uuid}"


ROUNDS = {  # what each does, for whoever runs the service and has not read how
    "plan_texts": "Check-ins are planned",
    "send_texts": "Texts are sent",
    "remind": "Appointments are reminded of",
    "settle_inbound": "Texts to us are read",
    "keep_asking": "What cannot wait goes to the next on call",
    "climb_ladders": "Silence is followed",
    "escalate_unanswered": "What nobody answered goes to the managers",
    "confirm_old_texts": "Texts without a receipt are called unconfirmed",
    "resume_check_ins": "Pauses end",
    "ask_about_pauses": "Long pauses are asked about",
    "watch_loads": "Workers with too many calls are looked for",
    "ask_if_released": "Releases that nobody recorded are asked about",
    "expire_handovers": "Handovers that nobody answered expire",
    "remind_handovers": "Handovers that wait are reminded of",
    "keep_stages": "Cases move on with their dates",
    "begin_supervision": "Supervision begins",
    "end_requirements": "Orders that have run their time end",
    "end_report_periods": "Compliance reports fall due",
    "sweep_sessions": "Old sign-ins and drafts are forgotten",
    "seal_journal": "The journal is sealed",
    "seal_anew": "Words are sealed with the newest key",
    "blank_old": "Words that are kept no longer are deleted",
    "tell_of_left_copies": "Copies that the provider keeps are told of",
}


class OperationsShown(Operations):
    """The same, in words. `called`: what workers call each text."""

    called: dict[str, str]

    def says(self, name: str) -> str:
        """What a round does."""
        return ROUNDS.get(name, name.replace("_", " ").capitalize())


def shown(work: Work, _: Ids, asked: OperationsQuery) -> OperationsShown:
    told = operations.operations(work, asked or OperationsQuery())
    spool = {"spool_waiting": kept("waiting"), "spool_aside": kept("put_aside")}
    called = {text.code: text.name for text in work.reference[Wording].templates.values()}
    return OperationsShown(**dict(told) | spool, called=called)


def kept(kind: str) -> int:
    """How many calls are on the disk of the machine that answers, as it last looked."""
    return int(REGISTRY.get_sample_value("throughcare_spool", {"kind": kind}) or 0)


def opens(work: Work, _: Ids) -> Opening:
    administrators_only(work)
    return Opening()


ROUTES = (
    Look(HERE, "Texts", "admin/texts.html", shown, Operations, query=OperationsQuery, section="Admin"),
    Act(f"{ONE}/again", "Try this text again", "Try again", TryAgain, opens,
        lambda work, ids, _: operations.try_again(work, ids["message_id"]), HERE, said="The text is in the queue again",
        section="Admin"),
    Act(f"{ONE}/give-up", "Give this text up", "Give up", GiveUp, opens,
        lambda work, ids, form: operations.give_up(work, ids["message_id"], form), HERE, said="The text was given up",
        section="Admin", warns=True),
    Act("/admin/texts-to-us/{text_id:uuid}/again", "Work this text again", "Work again", TryAgain, opens,
        lambda work, ids, _: operations.work_again(work, ids["text_id"]), HERE,
        said="The text is worked again within seconds", section="Admin"),
)  # fmt: skip
