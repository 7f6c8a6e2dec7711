"""What every service beside ours does with a text to it: the signature, the words sealed, one row, its commit, and an answer that says nothing.

The row is ours: the same columns, and the same indexes to keep.
"""

from __future__ import annotations

import os

from twilio.request_validator import RequestValidator

from tests.bench.webhooks.calling import PATH, PUBLIC
from tests.fake_twilio.settings import AUTH_TOKEN
from throughcare.kernel.sealing import Safe
from throughcare.web.webhooks.twilio import NOTHING_TO_SAY

URL = os.environ.get("BENCH_DATABASE", "")  # as psycopg takes it
AT_ONCE = 8  # connections to the database, and threads where a service has threads
SEALING_KEY = "a key of the bench alone and long enough for one"
TABLE = """
    DROP TABLE IF EXISTS bench_inbound;
    CREATE TABLE bench_inbound (LIKE inbound_text INCLUDING ALL);
    ALTER TABLE bench_inbound ALTER id SET DEFAULT gen_random_uuid(), ALTER version SET DEFAULT 1,
        ALTER created_at SET DEFAULT now(), ALTER received_at SET DEFAULT now(), ALTER rang SET DEFAULT false,
        ALTER fate SET DEFAULT '', ALTER tries SET DEFAULT 0
"""
KEEP = """
    INSERT INTO bench_inbound (sid, from_number, to_number, body, media)
    VALUES (%(MessageSid)s, %(From)s, %(To)s, %(Body)s, %(NumMedia)s::integer) ON CONFLICT DO NOTHING
"""
ANSWER, XML = NOTHING_TO_SAY, "text/xml"
SIGNATURE = "X-Twilio-Signature"
_validator = RequestValidator(AUTH_TOKEN)
_safe = Safe([SEALING_KEY])


def genuine(fields: dict[str, str], signature: str) -> bool:
    """As Twilio's own SDK says."""
    return bool(_validator.validate(PUBLIC + PATH, fields, signature))


def sealed(fields: dict[str, str]) -> dict[str, str]:
    """The same, with words that a copy of the database does not give."""
    return fields | {"Body": _safe.seal(fields["Body"], "bench_inbound.body")}
