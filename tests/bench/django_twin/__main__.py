"""`python -m tests.bench.django_twin URL`: a line of JSON in, [path, token] pairs; a line out, seconds and the last page."""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from sqlalchemy import make_url

HERE = Path(__file__).parent


def set_up(url: str) -> WSGIHandler:
    """Django as its own documentation has it in production: connections kept, templates cached."""
    told = make_url(url)
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": told.database, "USER": told.username,
        "HOST": told.query["host"], "CONN_MAX_AGE": None,
    }  # fmt: skip
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}
    settings.configure(
        SECRET_KEY="twin" * 12, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="tests.bench.django_twin.pages", USE_TZ=True,
        TIME_ZONE="Europe/London", DATABASES={"default": database}, TEMPLATES=[engine],
        USE_I18N=False, DEBUG_PROPAGATE_EXCEPTIONS=True, INSTALLED_APPS=["tests.bench.django_twin"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )  # fmt: skip
    django.setup()
    return WSGIHandler()


def get(handler: WSGIHandler, path: str, token: str) -> tuple[float, str]:
    """One page, timed from the call to its last byte."""
    before, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": before, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1:8000", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "HTTP_COOKIE": f"session={token}",
    }  # fmt: skip
    answered: list[str] = []
    began = time.perf_counter()
    response = handler(environ, lambda status, _headers: answered.append(status))
    body = b"".join(response)
    response.close()
    seconds = time.perf_counter() - began
    assert answered == ["200 OK"], (answered, path)
    return seconds, body.decode()


def main() -> None:
    handler = set_up(sys.argv[1])
    gc.freeze()
    print("ready", flush=True)  # noqa: T201 - what the starter waits for
    for line in sys.stdin:
        timed = [get(handler, path, token) for path, token in json.loads(line)]
        print(json.dumps([[seconds for seconds, _ in timed], timed[-1][1]]), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
