"""The same in Django: threads, its ORM and its pool of connections, no middleware."""

from __future__ import annotations

from uuid import uuid4

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from tests.bench.webhooks.work import ANSWER, AT_ONCE, PATH, SIGNATURE, URL, XML, genuine, sealed

told = conninfo_to_dict(URL)
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    LOGGING_CONFIG=None,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": told["dbname"], "HOST": told["host"], "USER": told["user"],
            "OPTIONS": {"pool": {"min_size": AT_ONCE, "max_size": AT_ONCE}},
        }
    },
)  # fmt: skip
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - only once it is set up
from django.db import models  # noqa: E402 - only once it is set up
from django.http import HttpResponse  # noqa: E402 - only once it is set up
from django.urls import path  # noqa: E402 - only once it is set up
from django.utils import timezone  # noqa: E402 - only once it is set up


class Inbound(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    sid = models.TextField(unique=True)
    from_number = models.TextField()
    to_number = models.TextField()
    body = models.TextField()
    media = models.IntegerField(default=0)
    rang = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)
    fate = models.TextField(default="")
    tries = models.IntegerField(default=0)

    class Meta:
        app_label = "bench"
        db_table = "bench_inbound"

    def __str__(self) -> str:
        return self.sid


def text(request):
    fields = request.POST.dict()
    if not genuine(fields, request.headers.get(SIGNATURE, "")):
        return HttpResponse(status=403)
    kept = Inbound(
        sid=fields["MessageSid"], from_number=fields["From"], to_number=fields["To"], body=sealed(fields)["Body"],
        media=int(fields["NumMedia"]),
    )  # fmt: skip
    Inbound.objects.bulk_create([kept], ignore_conflicts=True)
    return HttpResponse(ANSWER, content_type=XML, headers={"Content-Length": len(ANSWER)})


urlpatterns = [path(PATH.removeprefix("/"), text)]
app = get_wsgi_application()
