"""How the texts are going, for whoever runs the service; and what is done about those that could not be handled."""

from __future__ import annotations

from prometheus_client import REGISTRY

from throughcare.casework.workers import administrators_only
from throughcare.checkin import operations
from throughcare.checkin.operations import GiveUp, Operations, OperationsQuery, TryAgain
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids

HERE = "/admin/texts"
ONE = "/admin/texts/{message_id:uuid}"


def shown(work: Work, _: Ids, asked: OperationsQuery) -> Operations:
    told = operations.operations(work, asked or OperationsQuery())
    return told.model_copy(update={"spool_waiting": kept("waiting"), "spool_aside": kept("put_aside")})


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
