"""What a reply calls for: who must know, what we answer, which check-in it belongs to, what probation is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from throughcare.checkin.ladders import Asked
from throughcare.checkin.plans import ReplyLimits
from throughcare.checkin.replies import Kind, Reply
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.forms import Word

LOWEST_SCORE = 1
FALL = 2  # points, since the last score
HOUR = timedelta(hours=1)


class Reason(Word):
    """Why a reply goes to the named worker now (R41)."""

    CRISIS = "crisis", "Words that may mean a crisis"
    CALL = "call", "Asked for a call"
    SCORE_ONE = "score_one", "Answered 1, the worst"
    FALL = "fall", "Fell by 2 or more since the last answer"


def reasons(reply: Reply, previous: int | None) -> tuple[Reason, ...]:
    """Everything in this reply that a worker must act on now; `previous` is the person's last score, if they gave one."""
    scored = reply.kind in {Kind.SCORE, Kind.CALL} and reply.value is not None
    value = reply.value if scored else None
    found = (
        (Reason.CRISIS, reply.crisis),
        (Reason.CALL, reply.kind is Kind.CALL),
        (Reason.SCORE_ONE, value == LOWEST_SCORE),
        (Reason.FALL, value is not None and previous is not None and previous - value >= FALL),
    )
    return tuple(reason for reason, holds in found if holds)


HOUR_AGAIN = "hour_again"
PROOF_BY_CALL = "proof_by_call"
BARE = frozenset(
    {
        *(Kind.SCORE, Kind.STOP, Kind.START, Kind.HOURS, Kind.PAUSE),
        *(Kind.HOUR, Kind.LANGUAGE, Kind.CODE_WORD, Kind.RANG),
    }
)
_ANSWERS: Mapping[Kind, str] = {
    Kind.STOP: "stop_confirmation",
    Kind.SOFT_STOP: "soft_stop_reply",
    Kind.START: "start_confirmation",
    Kind.HOURS: "hours_reply",
    Kind.PAUSE: "pause_reply",
    Kind.HOUR: "hour_set",
    Kind.LANGUAGE: "language_set",
    Kind.CODE_WORD: "proof_thanks",
    Kind.WRONG_NUMBER: "wrong_number_reply",
}


def answer_to(
    reply: Reply, previous: int | None, *, asked_again: bool, proving: bool = False, tries_over: bool = False
) -> str | None:
    """The code of the template we answer with at once, or None to leave it to a person.

    `asked_again`: this prompt has had its one gentle second asking (R40). `proving`: the number is not proven yet, so
    anything but the code word is asked for it again, until the `tries_over`: then it is a call that is said to come (R35).
    A crisis is answered before anything else (R42).
    """
    why = reasons(reply, previous)
    if reply.kind is Kind.STOP:
        return _ANSWERS[Kind.STOP]
    if Reason.CRISIS in why or Reason.CALL in why:
        return "crisis_reply" if Reason.CRISIS in why else "call_reply"
    if reply.kind is Kind.RANG:
        return None  # they have no credit, or a stranger has the phone: nobody is texted for ringing
    if reply.kind is Kind.HOUR and reply.value is None:
        return HOUR_AGAIN
    if reply.kind in _ANSWERS:
        return _ANSWERS[reply.kind]
    return _answer_to_words(reply, asked_again=asked_again, proving=proving, tries_over=tries_over, low=bool(why))


def _answer_to_words(reply: Reply, *, asked_again: bool, proving: bool, tries_over: bool, low: bool) -> str | None:
    if proving and tries_over:
        return PROOF_BY_CALL
    if reply.kind is Kind.SCORE and not proving:
        return "low_score_reply" if low else None
    again = "proof_again" if proving else "ask_again"
    return None if asked_again else again


def for_a_person(reply: Reply) -> bool:
    """Must a person read this text within the service's hours? Everything but a bare keyword or score (R41)."""
    return reply.kind not in BARE or reply.confidence < 1.0 or reply.crisis


@dataclass(frozen=True)
class Prompt:
    """A check-in that may be answered: `sent_at` when the provider took it, `sender` our number it went from."""

    id: str
    sender: str
    sent_at: datetime


@dataclass(frozen=True)
class Match:
    """The check-in a reply belongs to; `late` when its time was over."""

    id: str
    late: bool


def belongs_to(received_at: datetime, sender: str, prompts: Sequence[Prompt], limits: ReplyLimits) -> Match | None:
    """The latest check-in sent from `sender` before this reply came (R22); None when there was none."""
    asked = [prompt for prompt in prompts if prompt.sender == sender and prompt.sent_at <= received_at]
    if not asked:
        return None
    latest = max(asked, key=lambda prompt: prompt.sent_at)
    return Match(latest.id, received_at - latest.sent_at > limits.open_for)


def may_answer(now: datetime, inbound: Sequence[datetime], answers: Sequence[datetime], limits: ReplyLimits) -> bool:
    """May we answer this number by ourselves, or are two machines talking to each other (R26)?

    `inbound` and `answers` are the instants of what came from, and was answered to, the number. A crisis is asked about
    by `lines_again`: ask only for the rest.
    """
    came = sum(now - instant <= timedelta(minutes=5) for instant in inbound)
    went = sum(now - instant <= HOUR for instant in answers)
    return came <= limits.most_inbound and went < limits.most_answers


def lines_again(now: datetime, said: Sequence[datetime], limits: ReplyLimits) -> bool:
    """May the lines of help go to a person now, who had them at these instants (R26, R42)? Never a question of the alarm."""
    ago = [now - instant for instant in said if instant <= now]
    return sum(each <= HOUR for each in ago) < limits.crisis_answers or min(ago, default=HOUR) >= limits.crisis_again


@dataclass(frozen=True)
class Reported:
    """The three separate facts that probation may have of a check-in (R48), and how they are put."""

    sent: bool
    delivered: bool
    answered: bool
    says: str


def reported(asked: Asked) -> Reported:
    """What may be said of one check-in. Opting out is a choice; what is not proven is never held against anybody (R30)."""
    answered = asked.answered_at is not None
    delivered = answered or asked.state is Delivery.DELIVERED
    sent = delivered or asked.accepted_at is not None or asked.state in {Delivery.ACCEPTED, Delivery.SENT}
    return Reported(sent, delivered, answered, _says(asked, sent=sent, delivered=delivered, answered=answered))


def _says(asked: Asked, *, sent: bool, delivered: bool, answered: bool) -> str:
    if answered:
        return "Sent, delivered and answered"
    if asked.stopped_at:
        return "Chose not to use texts"
    if delivered:
        return "Sent and delivered, no answer by text"
    return "Sent, not proven to have been delivered" if sent else "Not proven to have been sent"
