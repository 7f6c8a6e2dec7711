"""The same in Flask: threads, with a pool of connections."""

from __future__ import annotations

from flask import Flask, Response, request
from psycopg_pool import ConnectionPool

from tests.bench.webhooks.work import ANSWER, AT_ONCE, KEEP, PATH, SIGNATURE, URL, XML, genuine, sealed

app = Flask(__name__)
pool = ConnectionPool(URL, min_size=AT_ONCE, max_size=AT_ONCE, open=True)


@app.post(PATH)
def text() -> Response:
    fields = request.form.to_dict()
    if not genuine(fields, request.headers.get(SIGNATURE, "")):
        return Response(status=403)
    with pool.connection() as connection:
        connection.execute(KEEP, sealed(fields))
    return Response(ANSWER, mimetype=XML)
