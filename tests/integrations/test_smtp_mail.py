"""E-mail to staff by SMTP, against a server on this machine (R42, T22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integrations.smtp_mail import SmtpMail, SmtpServer
from tests.support.smtp import mail_server
from throughcare.kernel.ports import Mail, MailPutOff, MailRefused, MailUnreachable

MAIL = Mail("officer@example.org", "Something waits", "Sign in.\n", "8d3b", datetime(2026, 11, 20, 10, tzinfo=UTC))


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


def mailer(server, **more):
    return SmtpMail(replace(SmtpServer("127.0.0.1", server.port, "alerts@example.org", "none", seconds=5), **more))


def test_it_is_handed_over_with_an_id_that_is_the_same_each_time(server):
    for _ in range(2):
        mailer(server).send(MAIL)
    first, second = server.taken
    assert (first["To"], first["Subject"]) == ("officer@example.org", "Something waits")
    assert first["Message-ID"] == second["Message-ID"] == "<8d3b@example.org>"
    assert first["Date"] == "Fri, 20 Nov 2026 10:00:00 +0000"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().split() == ["Sign", "in."]


@pytest.mark.parametrize(("mood", "fault"), [("no such", MailRefused), ("later", MailPutOff), ("breaks", MailPutOff)])
def test_what_the_server_says_is_told_apart_and_names_nobody(server, mood, fault):
    server.mood = mood
    with pytest.raises(fault) as told:
        mailer(server).send(MAIL)
    assert "officer" not in str(told.value)


def test_nothing_is_said_in_the_clear_where_the_server_knows_no_tls(server):
    with pytest.raises(MailUnreachable):
        mailer(server, security="starttls").send(MAIL)
    assert (server.taken, server.calls) == ([], 1)


@pytest.mark.parametrize("mood", ["silent", "drips"])
def test_a_server_that_says_nothing_or_never_has_done_holds_nobody_up(server, mood):
    server.mood = mood  # it would go on for ever
    with pytest.raises(MailUnreachable):
        mailer(server, seconds=0.3).send(MAIL)
    assert server.taken == []


def test_a_server_that_is_not_there_is_known_at_once(server):
    with pytest.raises(MailUnreachable):
        mailer(server, port=1).send(MAIL)


def test_an_address_that_would_add_a_line_is_never_sent(server):
    with pytest.raises(MailRefused):
        mailer(server).send(replace(MAIL, to="a@example.org\r\nBcc: b@example.org"))
    assert server.taken == []


def test_the_password_is_not_shown():
    assert "secret" not in repr(SmtpServer("h", 1, "a@example.org", password="secret"))
