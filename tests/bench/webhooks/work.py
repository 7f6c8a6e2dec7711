"""What every service beside ours does with a text to it: the signature, one row, its commit, and an answer that says nothing."""

from __future__ import annotations

import os

from twilio.request_validator import RequestValidator

from tests.bench.webhooks.calling import PATH, PUBLIC
from tests.fake_twilio.settings import AUTH_TOKEN
from throughcare.web.webhooks.twilio import NOTHING_TO_SAY

URL = os.environ.get("BENCH_DATABASE", "")  # as psycopg takes it
AT_ONCE = 8  # connections to the database, and threads where a service has threads
TABLE = """
    DROP TABLE IF EXISTS bench_inbound;
    CREATE TABLE bench_inbound (
        id bigserial PRIMARY KEY, sid text NOT NULL UNIQUE, from_number text NOT NULL, to_number text NOT NULL,
        body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now()
    )
"""
KEEP = """
    INSERT INTO bench_inbound (sid, from_number, to_number, body)
    VALUES (%(MessageSid)s, %(From)s, %(To)s, %(Body)s) ON CONFLICT DO NOTHING
"""
ANSWER, XML = NOTHING_TO_SAY, "text/xml"
SIGNATURE = "X-Twilio-Signature"
_validator = RequestValidator(AUTH_TOKEN)


def genuine(fields: dict[str, str], signature: str) -> bool:
    """As Twilio's own SDK says."""
    return bool(_validator.validate(PUBLIC + PATH, fields, signature))
