"""The whole path's door for programs: JSON with a bearer token for each role."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from litestar.testing import TestClient
from sqlmodel import select

from config.demonstration.partnership import Partnership
from throughcare.casework import tokens
from throughcare.casework.agencies import Membership
from throughcare.kernel.work import Desk

WHO = {"manager": "prison_manager"}


def tokens_for(desk: Desk, made: Partnership) -> dict[str, str]:
    """A token for every worker but the administrator, who has none."""
    said = {}
    with desk.work(made.actors["admin"]) as work:
        for key, actor in made.actors.items():
            if key != "admin":
                held = select(Membership.id).where(Membership.worker_id == actor.id)
                said[key] = tokens.add(work, work.session.exec(held).one(), "journey")
    return said


class ByApi:
    """`answers` keeps every answer, the newest last."""

    def __init__(self, client: TestClient, held: dict[str, str]) -> None:
        self.client, self.held = client, held
        self.answers: list[dict[str, Any]] = []

    def headers(self, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.held[WHO.get(who, who)]}"}

    def do(self, who: str, path: str, **values: Any) -> None:
        body = {name: plain(value) for name, value in values.items()}
        answer = self.client.post(f"/api{path}", json=body, headers=self.headers(who))
        assert answer.status_code == 200, (who, path, answer.text)
        self.answers.append(answer.json())

    def read(self, who: str, path: str) -> Any:
        answer = self.client.get(f"/api{path}", headers=self.headers(who))
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json()

    def sha256(self, who: str, path: str) -> dict[str, str]:
        return {"sha256": self.read(who, path)["sha256"]}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
