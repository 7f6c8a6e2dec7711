"""Why somebody is waiting for a person, the gravest first: the order of the check-ins inbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists
from sqlmodel import col

from throughcare.casework.rows import Task
from throughcare.casework.tasks import ERRANDS
from throughcare.checkin import errands
from throughcare.checkin.rows import TextReceived
from throughcare.kernel.forms import Word


class Need(Word):
    """Why they wait. In order: a life at stake, what was asked for, what was said, what does not arrive, silence."""

    CRISIS = "crisis", "May be a crisis"
    CALL = "call", "Asked for a call"
    LOW = "low", "Answered 1, or fell"
    READ = "read", "A text to read"
    LATE = "late", "Answered late"
    STOP = "stop", "Wants no texts"
    UNDELIVERED = "undelivered", "Texts do not reach them"
    SILENT = "silent", "Not reached yet"
    OTHER = "other", "Something else"


GRAVEST_FIRST = tuple(Need)
OF = {
    Need.CALL: (errands.CALL_ASKED, errands.RANG),
    Need.LOW: (errands.LOW_SCORE,),
    Need.READ: (errands.READ, errands.SHARED, errands.EARLY, errands.UNSETTLED, errands.FLOOD),
    Need.STOP: (errands.SOFT_STOP, errands.OPTED_OUT),
    Need.UNDELIVERED: (errands.REPAIR, errands.PROVE, errands.UNSENT),
    Need.SILENT: (errands.CALL, errands.SECOND_CONTACT, errands.MANAGER),
}
MAY_BE_A_CRISIS = (
    errands.SHARED.kind,
    errands.EARLY.kind,
    errands.UNSETTLED.kind,
)  # where they are urgent: their words may mean one


def of_one_text() -> list[str]:
    """The kinds of work that one text calls for at once, on several lists: together one line."""
    return [kind for kind, each in ERRANDS.items() if each.answers] + [errands.UNANSWERED.kind]


def line() -> ColumnElement[Any]:
    """Of tasks: what tells the line it is on apart: the text, or the work itself."""
    return case((col(Task.kind).in_(of_one_text()), col(Task.subject_id)), else_=col(Task.id))


def rank_of() -> ColumnElement[int]:
    """Of tasks: the place of their need among all, 0 the gravest."""
    kind = col(Task.kind)
    at_once = [each.kind for each in ERRANDS.values() if each.at_once] + [errands.UNANSWERED.kind]
    late = exists().where(col(TextReceived.id) == col(Task.subject_id), col(TextReceived.late).is_(True))
    found = [
        (kind.in_(at_once), Need.CRISIS),
        (and_(kind.in_(MAY_BE_A_CRISIS), col(Task.urgent).is_(True)), Need.CRISIS),
        (and_(kind == errands.READ.kind, late), Need.LATE),
        *((kind.in_([each.kind for each in some]), need) for need, some in OF.items()),
    ]
    other = GRAVEST_FIRST.index(Need.OTHER)
    return case(*((holds, GRAVEST_FIRST.index(need)) for holds, need in found), else_=other)
