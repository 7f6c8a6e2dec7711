"""The whole path's door for programs: JSON with a bearer token for each role."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from httpx import Client
from sqlmodel import select

from config.demonstration.partnership import Partnership
from config.gateways import SIMULATED_ACCOUNT, SIMULATED_NUMBER
from integrations import form_body
from integrations.twilio_signature import sign
from throughcare.casework import tokens
from throughcare.casework.agencies import Membership
from throughcare.casework.keyring import Keyring
from throughcare.kernel.work import Desk

VERSION_NEEDED = 428
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

    def __init__(self, client: Client, desk: Desk, held: dict[str, str], public: str) -> None:
        self.client, self.desk, self.held, self.public = client, desk, held, public
        self.answers: list[dict[str, Any]] = []

    def headers(self, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.held[WHO.get(who, who)]}"}

    def do(self, who: str, path: str, **values: Any) -> None:
        body = {name: plain(value) for name, value in values.items()}
        answer = self.client.post(f"/api{path}", json=body, headers=self.headers(who))
        if answer.status_code == VERSION_NEEDED:
            read = {"if-match": str(self.read(who, path)["version"])}
            answer = self.client.post(f"/api{path}", json=body, headers=self.headers(who) | read)
        assert answer.status_code == 200, (who, path, answer.text)
        self.answers.append(answer.json())

    def read(self, who: str, path: str) -> Any:
        answer = self.client.get(f"/api{path}", headers=self.headers(who))
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json()

    def texts_back(self, number: str, words: str) -> None:
        """As Twilio tells of it: a signed call to the address that the service has in public."""
        told = {"MessageSid": f"SM{uuid4().hex}", "From": number, "To": SIMULATED_NUMBER, "Body": words}
        told |= {"AccountSid": SIMULATED_ACCOUNT, "NumMedia": "0"}
        path, token = "/webhooks/twilio/messages", self.desk.reference[Keyring].mark("simulator", SIMULATED_ACCOUNT)
        signature = sign(self.public.rstrip("/") + path, told, token)
        headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8", "x-twilio-signature": signature}
        assert self.client.post(path, content=form_body.encode(told.items()), headers=headers).status_code == 200

    def sha256(self, who: str, path: str) -> dict[str, str]:
        return {"sha256": self.read(who, path)["sha256"]}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
