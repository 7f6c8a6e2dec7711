"""Many values go in one statement whose words do not change with how many there are, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event, select

from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.among import among, put
from throughcare.kernel.marking import id_at
from throughcare.kernel.moves import EVENTS


def lines(now, count):
    return [
        {"id": id_at(now), "version": 1, "created_at": now, "at": now, "message_id": uuid4(), "old": "planned",
         "new": f"'{{}}\\, NULL ŵ{n}", "why": "", "mark": ""}
        for n in range(count)
    ]  # fmt: skip


def test_rows_put_together_are_found_again_as_they_were(desk):
    with desk.work(SYSTEM) as work:
        rows = lines(work.now, 3)
        put(work.session.connection(), EVENTS, rows)
        found = work.session.connection().execute(select(EVENTS)).mappings().all()
    assert {row["id"]: dict(row) for row in found} == {row["id"]: row for row in rows}


def test_few_and_many_and_none_are_asked_for_in_the_same_words(desk, clock):
    said = []
    mine = select(EVENTS.c.id).where(among(EVENTS.c.message_id, "wanted"), among(EVENTS.c.new, "words"))
    with desk.work(SYSTEM) as work:
        rows, connection = lines(clock.now() + timedelta(seconds=1), 4), work.session.connection()
        put(connection, EVENTS, rows)
        event.listen(desk.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        for wanted in (rows[:1], rows[1:], []):
            given = {"wanted": [row["message_id"] for row in wanted], "words": [row["new"] for row in rows]}
            assert set(connection.scalars(mine, given)) == {row["id"] for row in wanted}
    assert len(set(said)) == 1
