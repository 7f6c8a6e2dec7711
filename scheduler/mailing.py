"""Sends what staff are to be told by e-mail: no transaction is open while the mail server is spoken to (R42)."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from throughcare.checkin import alerting
from throughcare.checkin.alerting import Posting
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.ports import Mailer, MailPutOff, MailRefused, MailUnreachable
from throughcare.kernel.work import Desk, Work

log = structlog.get_logger()
EVERY = 5  # seconds
Settle = Callable[[Work, Posting], None]


def tell_staff(desk: Desk, mailer: Mailer) -> None:
    """One round. What cannot be written down, or does not go, goes again in another round."""
    try:
        with desk.work(SYSTEM) as work:
            waiting = alerting.claim(work)
        while waiting and _send(desk, mailer, waiting[0]):
            waiting = waiting[1:]
        for posting in waiting:  # the server does not answer: none of them waits for its time-out
            _write(desk, alerting.not_sent, posting)
    except Exception:
        log.exception("staff could not be told by e-mail")


def _send(desk: Desk, mailer: Mailer, posting: Posting) -> bool:
    """Whether the server answered."""
    try:
        mailer.send(posting.mail)
    except MailRefused as no:
        log.warning("an e-mail to staff was refused", error=str(no), reference=posting.mail.reference)
        _write(desk, alerting.refused, posting)
    except MailPutOff as no:
        log.warning("an e-mail to staff was put off", error=str(no), reference=posting.mail.reference)
        _write(desk, alerting.not_sent, posting)
    except MailUnreachable as no:
        log.warning("the mail server does not answer", error=str(no), reference=posting.mail.reference)
        return False
    else:
        _write(desk, alerting.sent, posting)
    return True


def _write(desk: Desk, settle: Settle, posting: Posting) -> None:
    with desk.work(SYSTEM) as work:
        settle(work, posting)
