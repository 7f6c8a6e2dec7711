"""The custody page of a case, and the acts on it: dates, release, a move, a recall, a death."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from throughcare.casework import access, custody, dates, stays, whereabouts
from throughcare.casework.dates import Dates
from throughcare.casework.forms_custody import (
    Came,
    Confirmation,
    Death,
    Recall,
    Release,
    Sentence,
    Transfer,
    WasReleased,
)
from throughcare.casework.release_day import KEEPERS, NotInCustody, open_stay
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.stays import Custody
from throughcare.casework.views import heading
from throughcare.casework.views_people import Stay
from throughcare.kernel.actors import acts_among
from throughcare.kernel.forms import Choice, Form
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Done, Look, Opening
from throughcare.web.forms import values_of
from throughcare.web.pages.custody_words import LINKS, CustodyPage
from throughcare.web.visit import Ids

HERE = "/cases/{case_id}/custody"


def shown(work: Work, ids: Ids, _: None) -> CustodyPage:
    return CustodyPage(**dict(stays.show(work, ids["case_id"])))


def named(work: Work, ids: Ids) -> str:
    """The person's name as this reader may know it, or the case's reference."""
    told = heading(work, ids["case_id"])
    return words.name(told.given, told.family) or told.reference


def opening(
    form: type[Form],
    move: str,
    title: str = "",
    standing: Callable[[Work, CustodyEpisode], dict[str, Any]] | None = None,
) -> Callable[[Work, Ids], Opening]:
    """What an act on the open stay opens with. It is refused as its verb would refuse it."""

    def opens(work: Work, ids: Ids) -> Opening:
        stay = held(work, ids, move)
        values = values_of(form, standing(work, stay)) if standing else {}
        prisons = [Choice(str(prison.id), prison.name) for prison in custody.prisons(work)]
        return Opening(
            values=values,
            choices={"prisons": prisons},
            version=stay.version,
            title=title.format(name=named(work, ids)) if title else "",
        )

    return opens


def held(work: Work, ids: Ids, move: str) -> CustodyEpisode:
    """The open stay, where this reader may make this move on it."""
    case = access.find_case(work, ids["case_id"])
    stay = open_stay(work, case.id)
    allowed = custody.RELEASERS if move == "release" else custody.RECALLERS if move == "death" else KEEPERS
    refuse_if(not acts_among(work.actor, allowed), NotPermitted)
    if stay is None:
        raise NotInCustody
    return stay


def sentence_now(_: Work, stay: CustodyEpisode) -> dict[str, Any]:
    return {name: getattr(stay, name) for name in Sentence.model_fields if name != "source"}


def date_now(_: Work, stay: CustodyEpisode) -> dict[str, Any]:
    return {"confirmed_release_date": stay.confirmed_release_date or stay.suggested_release_date}


def today(name: str) -> Callable[[Work, CustodyEpisode], dict[str, Any]]:
    return lambda work, _: {name: work.today}


def opens_recall(work: Work, ids: Ids) -> Opening:
    access.find_case(work, ids["case_id"])
    refuse_if(not acts_among(work.actor, custody.RECALLERS), NotPermitted)
    refuse_if(open_stay(work, ids["case_id"]), custody.AlreadyInCustody)
    prisons = [Choice(str(prison.id), prison.name) for prison in custody.prisons(work)]
    return Opening(
        values=values_of(Recall, {"received_on": work.today}) | own_prison(work), choices={"prisons": prisons}
    )


def own_prison(work: Work) -> dict[str, list[str]]:
    return {"prison_id": [str(work.actor.agency_id)]}


def opens_death(work: Work, ids: Ids) -> Opening:
    access.find_case(work, ids["case_id"])
    refuse_if(not acts_among(work.actor, custody.RECALLERS), NotPermitted)
    return Opening(intro="Every deadline stops, and nothing more is sent to them.")


def opens_community(work: Work, ids: Ids) -> Opening:
    access.find_case(work, ids["case_id"])
    refuse_if(not acts_among(work.actor, custody.RELEASERS), NotPermitted)
    refuse_if(not whereabouts.away(whereabouts.last_stay(work, ids["case_id"])), whereabouts.NotAway)
    intro = "Check-ins and the deadlines that count from a release begin on this day."
    return Opening(values=values_of(Came, {"on": work.today}), intro=intro)


class Recalled(BaseModel):
    """The new stay."""

    stay_id: str


def act(
    path: str, title: str, button: str, form: type[Form], opens: Callable[[Work, Ids], Opening], do: Any, **more: Any
) -> Act[Any]:
    """An act on the custody page."""
    after = more.pop("after", HERE)
    return Act(f"/cases/{{case_id:uuid}}/custody/{path}", title, button, form, opens, do, after, tab="Overview", **more)


ROUTES: tuple[object, ...] = (
    Look("/cases/{case_id:uuid}/custody", "Custody and release", "cases/custody.html", shown, Custody, tab="Overview"),
    act(
        "dates", LINKS["dates"], "Save sentence", Sentence, opening(Sentence, "dates", standing=sentence_now),
        lambda work, ids, form: dates.record_sentence(work, ids["case_id"], form),
        said="Sentence saved and the suggested date worked out", answers=Dates,
    ),
    act(
        "confirm", LINKS["confirm"], "Confirm release date", Confirmation,
        opening(Confirmation, "confirm", standing=date_now),
        lambda work, ids, form: dates.confirm(work, ids["case_id"], form),
        said="Release date confirmed", answers=Dates,
    ),
    act(
        "release", LINKS["release"], "Record release", Release,
        opening(Release, "release", standing=today("released_on")),
        lambda work, ids, form: custody.release(work, ids["case_id"], form),
        said="Release recorded", answers=Stay,
    ),
    act(
        "was-released", "Was this person released?", "Save answer", WasReleased,
        opening(WasReleased, "release", "Was {name} released?", today("released_on")),
        lambda work, ids, form: custody.answer(work, ids["case_id"], form),
        said="Answer saved", answers=Stay,
    ),
    act(
        "transfer", LINKS["transfer"], "Record move", Transfer, opening(Transfer, "transfer", standing=today("moved_on")),
        lambda work, ids, form: custody.transfer(work, ids["case_id"], form),
        said="Move recorded. The case is now with the other prison", answers=Done, after="/cases",
    ),
    act(
        "community", LINKS["community"], "Save", Came, opens_community,
        lambda work, ids, form: whereabouts.came(work, ids["case_id"], form, custody.RELEASERS),
        said="Saved. Check-ins begin", answers=Stay,
    ),
    act(
        "recall", LINKS["recall"], "Record recall", Recall, opens_recall,
        lambda work, ids, form: Recalled(stay_id=str(custody.recall(work, ids["case_id"], form))),
        said="Recall recorded", answers=Recalled, after="/cases/{case_id}",
    ),
    act(
        "death", LINKS["death"], "Record death", Death, opens_death,
        lambda work, ids, form: custody.record_death(work, ids["case_id"], form),
        said="Death recorded", answers=Done, warns=True,
    ),
)  # fmt: skip
