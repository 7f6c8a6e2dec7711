"""Acts and looks as JSON: the same verbs, the same access rules, the same refusals, as problem documents."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from pydantic import BaseModel

from throughcare.web.acts import Act, Done, Look
from throughcare.web.forms import read
from throughcare.web.visit import Visit


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
    """POST /api + path: the act, and the view of what it made."""

    def answer(visit: NamedDependency[Visit], data: Any) -> BaseModel:
        with visit.desk.work(visit.actor) as work:
            act.opens(work, visit.ids)
            made = act.do(work, visit.ids, data)
        return made if isinstance(made, act.answers) else Done()

    form: Any = act.form
    body = JSONBody[form]
    answer.__annotations__ |= {"visit": NamedDependency[Visit], "data": body, "return": act.answers}
    return post(
        _api(act.path),
        status_code=200,
        sync_to_thread=True,
        name=f"api:post:{act.path}",
        operation_id=_name("post", act.path),
    )(answer)


def _api(path: str) -> str:
    return "/api" + (path if path != "/" else "/my-work")


def _name(verb: str, path: str) -> str:
    return "_".join(
        [verb, *(part.strip("{}").replace(":uuid", "").replace("-", "_") for part in path.split("/") if part)]
    )
