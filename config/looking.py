"""What the database itself tells whoever runs the service: said by `throughcare check`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from config.gateways import providers_of
from config.migrate import at_head
from config.settings import Settings
from integrations.spool import FileSpool
from throughcare.checkin import redacting
from throughcare.checkin.took import same
from throughcare.kernel import resealing, verifying
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Desk, Work

LOOKED_BACK = 1_500  # checkpoints: about a day of them


def looked_at(desk: Desk) -> list[str]:
    """Plain sentences; one alone where there is no database to look at yet."""
    try:
        if not at_head(desk.engine):
            return ["The database is not at the newest schema: run `throughcare migrate`."]
        with desk.work(SYSTEM) as work:
            return [*keys(work), *_copies(work), *_journal(work)]
    except DBAPIError:
        return ["The database cannot be reached, so nothing is said of what is in it."]


def keys(work: Work) -> Iterator[str]:
    """What is said of the keys, knowing what is kept on this machine's disk."""
    spool = FileSpool(work.reference[Settings].spool, work.reference[Safe])
    return resealing.advice(work, spool.older())


def in_doubt_with_nobody(desk: Desk, settings: Settings) -> list[str]:
    """A reason not to start: texts that a provider may have whose settings are gone, so that nobody could ask it (R15)."""
    known = providers_of(settings)
    open_ones = (
        select(OUTBOX.c.provider, func.count())
        .where(OUTBOX.c.state.in_((Delivery.SENDING, Delivery.AMBIGUOUS)), OUTBOX.c.provider != "")
        .group_by(OUTBOX.c.provider)
        .order_by(OUTBOX.c.provider)
    )
    with desk.work(SYSTEM) as work:
        rows = work.session.connection().execute(open_ones).all()
    return [
        f"It is not known yet whether {count} texts went by {provider.replace(':', ', account …')}, and only that account can say. "
        "Put its settings back until none is left; those of another provider may stand beside them."
        for provider, count in rows
        if not any(same(provider, name) for name in known)
    ]


def lost_sight_of(desk: Desk, settings: Settings) -> list[str]:
    """The same, where there is a database of this version to look at."""
    try:
        return in_doubt_with_nobody(desk, settings) if at_head(desk.engine) else []
    except DBAPIError:
        return []


def _copies(work: Work) -> list[str]:
    """The words that are still at the provider after all tries, by the provider's ids."""
    left = redacting.left(work)
    ids = ", ".join(copy.sid for copy in left)
    return (
        [f"The provider still has the words of {len(left)} texts: blank or delete them in its console: {ids}."]
        if left
        else []
    )


def _journal(work: Work) -> list[str]:
    """Whether the newest of the journal is as it was written; `throughcare audit verify` goes through all of it."""
    found = verifying.broken(work, newest=LOOKED_BACK)
    return [f"The journal is not as it was written. {found}"] if found else []
