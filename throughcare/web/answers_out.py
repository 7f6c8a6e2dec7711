"""Acts and looks as JSON: the same verbs, the same access rules, the same refusals, as problem documents."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, JSONBody
from pydantic import BaseModel

from throughcare.kernel.refusals import LookFirst
from throughcare.web import sent
from throughcare.web.acts import Act, Done, Look
from throughcare.web.forms import read
from throughcare.web.visit import Visit

IF_MATCH = "The version that was read: needed, here or as `version`, where a GET of the same address gives one"
KEY = "Whatever the program calls this one act: sent again, it is not done again"


def look_answer(look: Look) -> HTTPRouteHandler:
    """GET /api + path: the view."""

    def answer(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> BaseModel:
        query = {name: request.query_params.getall(name) for name in request.query_params}
        asked = read(look.query, query)[0] or look.query() if look.query else None
        with visit.desk.work(visit.actor, reading=True) as work:
            return look.do(work, visit.ids, asked)

    answer.__annotations__ |= {
        "request": Request[Any, Any, Any],
        "visit": NamedDependency[Visit],
        "return": look.answers,
    }
    return get(_api(look.path), sync_to_thread=True, name=f"api:get:{look.path}", operation_id=_name("get", look.path))(
        answer
    )


def act_answer(act: Act[Any]) -> HTTPRouteHandler:
    """POST /api + path: the act, and the view of what it made.

    Where the form has a version, the one that was read comes with it, as `version` or If-Match. An Idempotency-Key sent
    again does nothing again.
    """

    def answer(visit: NamedDependency[Visit], data: Any, matching: str | None, key: str | None) -> BaseModel:
        return _done(act, visit, data, _version(matching or ""), key or "")

    form: Any = act.form
    kind: Any = sent.with_version(form)
    body = JSONBody[kind]
    answer.__annotations__ |= {
        "visit": NamedDependency[Visit],
        "data": body,
        "matching": Annotated[str | None, HeaderParameter(name="If-Match", description=IF_MATCH)],
        "key": Annotated[str | None, HeaderParameter(name="Idempotency-Key", description=KEY)],
        "return": act.answers,
    }
    answer.__defaults__ = (None, None)
    return post(
        _api(act.path),
        status_code=200,
        sync_to_thread=True,
        name=f"api:post:{act.path}",
        operation_id=_name("post", act.path),
    )(answer)


def _done(act: Act[Any], visit: Visit, data: Any, version: str, key: str) -> BaseModel:
    form = sent.plain(act.form, data)
    with visit.desk.work(visit.actor) as work:
        if sent.done_before(work, act, visit, key):
            return Done()
        opening = act.opens(work, visit.ids)
        sent.refuse_unless_current(opening, form, version or str(data.version or ""))
        sent.refuse_unoffered(act, opening, form)
        try:
            made = act.do(work, visit.ids, form)
        except LookFirst as first:
            made = first.shown
    return made if isinstance(made, act.answers) else Done()


def act_opening(act: Act[Any]) -> HTTPRouteHandler:
    """GET /api + path of an act: what its form opens with, and the version to send back."""

    def answer(visit: NamedDependency[Visit]) -> sent.Stands:
        with visit.desk.work(visit.actor) as work:
            return sent.stands(act.opens(work, visit.ids))

    answer.__annotations__ |= {"visit": NamedDependency[Visit], "return": sent.Stands}
    return get(_api(act.path), sync_to_thread=True, name=f"api:get:{act.path}", operation_id=_name("get", act.path))(
        answer
    )


def _version(matching: str) -> str:
    """3 for 3, "3" or W/"3"."""
    return matching.strip().removeprefix("W/").strip('"')


def _api(path: str) -> str:
    return "/api" + (path if path != "/" else "/my-work")


def _name(verb: str, path: str) -> str:
    return "_".join(
        [verb, *(part.strip("{}").replace(":uuid", "").replace("-", "_") for part in path.split("/") if part)]
    )
