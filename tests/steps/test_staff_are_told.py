"""A crisis reaches whoever is not looking at a screen, though no text can be sent: once, with nobody's data (R42, R45, T22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from config.check import advice, faults
from config.gateways import mailer_of
from config.settings import MailSettings
from scheduler.dispatch import Dispatcher
from scheduler.mailing import tell_staff
from tests.support.on_call import CRISIS, alarms, hear, on_call, tick
from tests.support.smtp import mail_server
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted, texts
from throughcare.casework import workers, worklist
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import alerting, errands, outages, taking
from throughcare.checkin.alerting import Alerting
from throughcare.checkin.on_call import Stage
from throughcare.checkin.on_call_rows import StaffAlert
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.ports import MailPutOff, MailRefused, MailUnreachable
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk


class Postbag:
    """Keeps what it is handed; `fault` is what it raises instead."""

    def __init__(self):
        self.mails, self.fault, self.tries, self.full = [], None, 0, ""

    def send(self, mail):
        self.tries += 1
        if self.fault:
            raise self.fault
        if mail.to == self.full:
            raise MailPutOff("SMTP 452")
        self.mails.append(mail)

    @property
    def to(self):
        return sorted(mail.to for mail in self.mails)


@pytest.fixture
def desk(engine, clock, reference):
    """The same desk, with e-mail to staff switched on."""
    on = replace(reference[Alerting], on=True, address="https://here.example.org/")
    return Desk(engine, clock, REACTIONS, Reference({**reference.held, Alerting: on}))


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


@pytest.fixture
def post():
    return Postbag()


def rows(desk):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(StaffAlert).order_by(col(StaffAlert.created_at), col(StaffAlert.key))))


def on_list_of(desk, actor):
    with desk.work(actor) as work:
        mine = worklist.my_work(work, WorkQuery())
    return [item.words for item in (*mine.overdue, *mine.today, *mine.soon)]


def test_a_crisis_is_answered_at_once_and_the_answer_has_left_within_ten_seconds_t22(desk, world, case_id):
    begun = desk.clock.at
    hear(desk, CRISIS)
    (answer,) = [text for text in texts(desk, case_id) if text.template == "crisis_reply"]
    assert (answer.state, answer.not_before, answer.priority) == (Delivery.PLANNED, begun, 0)
    gateway = gateway_of(desk)
    forward(desk.clock, seconds=Dispatcher(desk, gateway).idle)  # as long as a sender with nothing to do sleeps
    dispatch(desk, gateway)
    (sent,) = [text for text in texts(desk, case_id) if text.template == "crisis_reply"]
    assert [sms.to for sms in gateway.texts] == [NUMBER]
    assert sent.accepted_at - begun <= timedelta(seconds=10)


def test_with_the_provider_down_staff_are_told_by_e_mail_and_on_their_page_t22(desk, world, case_id, post):
    on_call(desk, world.other_officer, world.officer)
    gateway = gateway_of(desk, down=True)
    with desk.work(SYSTEM) as work:
        outages.note(work, work.now)
    hear(desk, CRISIS)
    dispatch(desk, gateway, rounds=3)
    assert gateway.texts == []
    tell_staff(desk, post)
    assert post.to == ["other_officer@example.org"]
    assert errands.CRISIS.words in on_list_of(desk, world.other_officer)
    forward(desk.clock, minutes=15)
    tick(desk)
    tell_staff(desk, post)
    assert post.to == ["officer@example.org", "other_officer@example.org"]


def test_the_e_mail_says_only_that_something_waits_and_where(desk, world, case_id, post):
    hear(desk, CRISIS)
    tell_staff(desk, post)
    (mail,) = post.mails
    assert mail.subject == "Something urgent waits for you in throughcare"
    assert "https://here.example.org/" in mail.text
    for secret in ("Rowan", "Ashdown", "TC-", NUMBER, "07700", "end it", "crisis", str(case_id)):
        assert secret not in mail.subject + mail.text


def test_one_worker_gets_one_e_mail_in_so_many_minutes_and_it_says_how_many_r45(desk, world, case_id, post):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    tell_staff(desk, post)
    for number in range(3):
        forward(desk.clock, seconds=30)
        hear(desk, CRISIS, f"+44770090077{number}")
        hear(desk, CRISIS)  # one more of the first, which is one thing
        tell_staff(desk, post)
    assert len(post.mails) == 1
    desk.clock.at = post.mails[0].at + desk.reference[Alerting].every
    tell_staff(desk, post)
    tell_staff(desk, post)
    assert len(post.mails) == 2
    assert "3 urgent things wait" in post.mails[1].text


def test_a_round_to_everybody_on_duty_is_e_mailed_to_their_managers_too_r42(desk, world, case_id):
    hear(desk, CRISIS)
    for _ in range(3):  # the named worker, the managers, everybody, everybody again
        forward(desk.clock, minutes=31)
        tick(desk)
    (alarm,) = alarms(desk)
    assert (alarm.stage, alarm.turn) == (Stage.DUTY, 4)
    last = {row.worker_id for row in rows(desk) if f":{alarm.turn}:" in row.key}
    assert last >= {world.officer.id, world.other_officer.id, world.prison_manager.id}
    assert not last & {world.probation.id, world.provider_manager.id}


def test_nobody_is_told_once_somebody_is_dealing_with_it(desk, world, case_id, post):
    hear(desk, CRISIS)
    with desk.work(world.officer) as work:
        taking.take(work, alarms(desk)[0].subject_id)
    tell_staff(desk, post)
    assert post.mails == []
    assert rows(desk)[0].let_go_at


def test_nor_is_anybody_who_has_left_and_the_next_is(desk, world, case_id, post):
    hear(desk, CRISIS)
    with desk.work(world.admin) as work:
        workers.disable(work, world.officer.id)
    tell_staff(desk, post)
    assert post.mails == []
    forward(desk.clock, minutes=15)
    tick(desk)
    tell_staff(desk, post)
    assert post.to == ["prison_manager@example.org"]


def test_a_mail_server_that_is_down_is_tried_again_and_each_is_told_once(desk, world, case_id, post):
    desk.clock.forward(timedelta(hours=11, minutes=30))  # a Friday night: the managers'
    hear(desk, CRISIS)
    post.fault = MailUnreachable("down")
    for _ in range(3):
        tell_staff(desk, post)
    assert post.tries == 1
    post.fault = None
    forward(desk.clock, minutes=1)
    tell_staff(desk, post)
    tell_staff(desk, post)
    assert post.to == ["prison_manager@example.org"]


def test_a_server_that_does_not_answer_is_asked_once_a_round(desk, world, case_id, post):
    desk.clock.forward(timedelta(hours=11, minutes=30))
    hear(desk, CRISIS)
    forward(desk.clock, minutes=15)
    tick(desk)  # now it is everybody's on duty
    post.fault = MailUnreachable("down")
    tell_staff(desk, post)
    assert (post.tries, len(rows(desk)) > 1) == (1, True)
    assert {row.sent_at for row in rows(desk)} == {None}


def test_a_mailbox_that_is_full_holds_nobody_elses_e_mail_up_r10(desk, world, case_id, post):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    post.full = "other_officer@example.org"
    forward(desk.clock, minutes=15)
    tick(desk)
    for _ in range(2):
        tell_staff(desk, post)
    assert post.to == ["prison_manager@example.org"]
    assert [row.sent_at is None for row in rows(desk)] == [True, False]
    post.full = ""
    forward(desk.clock, minutes=1)
    tell_staff(desk, post)
    assert "other_officer@example.org" in post.to


def test_a_mailbox_that_is_not_there_is_let_go(desk, world, case_id, post):
    hear(desk, CRISIS)
    post.fault = MailRefused("550")
    tell_staff(desk, post)
    forward(desk.clock, minutes=14)
    tell_staff(desk, post)
    assert post.tries == 1


def test_killed_between_sending_and_writing_it_down_it_goes_again_and_is_known_for_the_same(desk, world, case_id, post):
    hear(desk, CRISIS)
    with desk.work(SYSTEM) as work:
        (posting,) = alerting.claim(work)
    post.send(posting.mail)  # and here it dies
    tell_staff(desk, post)
    assert len(post.mails) == 1
    forward(desk.clock, seconds=alerting.LEASE.total_seconds())
    tell_staff(desk, post)
    first, second = post.mails
    assert first.reference == second.reference
    tell_staff(desk, post)
    assert len(post.mails) == 2


def test_two_senders_at_once_send_one(desk, world, case_id):
    hear(desk, CRISIS)
    with desk.work(SYSTEM) as work:
        first = alerting.claim(work)
    with desk.work(SYSTEM) as work:
        second = alerting.claim(work)
    assert (len(first), second) == (1, [])


def test_without_a_mail_server_nothing_is_written(desk, world, case_id):
    off = Desk(
        desk.engine, desk.clock, desk.reactions,
        Reference({**desk.reference.held, Alerting: replace(desk.reference[Alerting], on=False)}),
    )  # fmt: skip
    hear(off, CRISIS)
    assert rows(off) == []


def test_it_reaches_a_real_server_through_the_settings(desk, world, case_id, settings):
    hear(desk, CRISIS)
    with mail_server() as server:
        mail = MailSettings(host="127.0.0.1", port=server.port, security="none", sender="alerts@example.org")
        tell_staff(desk, mailer_of(settings.model_copy(update={"mail": mail})))
        assert [mail["To"] for mail in server.taken] == ["officer@example.org"]


def test_the_settings_are_checked(settings, reference, clock):
    assert mailer_of(settings) is None
    assert any("MAIL__HOST" in said for said in advice(settings, reference, clock.at.date()))
    wrong = settings.model_copy(update={"mail": MailSettings(host="mail.example.org", security="none", username="us")})
    told = " ".join(faults(wrong))
    assert all(name in told for name in ("MAIL__SENDER", "MAIL__SECURITY", "MAIL__PASSWORD"))
