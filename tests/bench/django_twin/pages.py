"""Three of the service's pages as Django would have them: one view, its ORM and a template each, and no rule of access."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import wraps

from django.db.models import F, Q
from django.http import HttpResponseForbidden
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from tests.bench.django_twin.models import Case, CustodyEpisode, Involvement, ServiceClock, Task, WebSession
from tests.bench.django_twin.words import BASES, CUSTODY, SENTENCES, STAGES, errand, rule

SHOWN, SIZE = 200, 25
NAVIGATION = (
    ("My work", "/"), ("Cases", "/cases"), ("Handovers", "/handovers"), ("Check-ins", "/check-ins"), ("Reports", "/reports"),
    ("Services", "/services"),
)  # fmt: skip
TABS = (
    ("Overview", ""), ("Screening", "/screening"), ("Plan", "/plan"), ("Handovers", "/handovers"),
    ("Requirements", "/requirements"), ("Check-ins", "/check-ins"), ("Safeguarding", "/safeguarding"),
    ("Sharing", "/sharing"), ("Timeline", "/timeline"), ("Documents", "/documents"),
)  # fmt: skip


def signed_in(view):
    """Who is at the door, by the token of their cookie."""

    @wraps(view)
    def guarded(request, **ids):
        told = hashlib.sha256(request.COOKIES.get("session", "").encode()).hexdigest()
        seated = WebSession.objects.select_related("membership__worker", "membership__agency", "membership__team")
        now = timezone.now()
        session = seated.filter(token_hash=told, ended_at=None, stage="full", expires_at__gt=now).first()
        if session is None:
            return HttpResponseForbidden()
        request.member = session.membership
        return view(request, **ids)

    return guarded


def page(request, template, section, **context):
    around = {"member": request.member, "navigation": NAVIGATION, "section": section, "today": timezone.localdate()}
    return render(request, template, around | context)


@signed_in
def my_work(request):
    me, now, today = request.member, timezone.now(), timezone.localdate()
    role = Q(role=None) | Q(role=me.role)
    told = ("case__person", "worker")
    ours = Q(worker=me.worker_id) | (Q(worker=None) & role)
    tasks = Task.objects.select_related(*told).filter(status="open", agency=me.agency_id)
    tasks = tasks.filter(Q(worker=me.worker_id) | (Q(worker=None) & role & (Q(team_id=None) | Q(team_id=me.team_id))))
    clocks = ServiceClock.objects.select_related(*told).filter(state__in=["running", "paused"], agency=me.agency_id)
    mine = Q(owner_worker=me.worker_id) | Q(officer=me.worker_id) | Q(co_worker=me.worker_id)
    leaving = Case.objects.select_related("person").filter(
        mine, closed_at=None, release_on__lte=today + timedelta(days=7)
    )
    leaving = leaving.filter(stays__ended_at=None).order_by("release_on")[:SHOWN]
    items = [item_of(task, *errand(task.kind), urgent=task.urgent) for task in tasks.order_by("due_at")[:SHOWN]]
    items += [item_of(clock, *rule(clock.code)) for clock in clocks.filter(ours).order_by("due_at")[:SHOWN]]
    items += [
        {
            "words": "Release",
            "path": f"/cases/{case.id}",
            "due": end_of(case.release_on),
            "person": case.person,
            "kind": "release",
        }
        for case in leaving
    ]
    items.sort(key=lambda item: (not item.get("urgent"), item["due"]))
    late = [item for item in items if item["due"] < now]
    rest = [(item, timezone.localdate(item["due"])) for item in items if item["due"] >= now]
    soon = [item for item, day in rest if today < day <= today + timedelta(days=7)]
    due_today = [item for item, day in rest if day == today]
    buckets = [
        ("overdue", "Overdue", late, "red"), ("today", "Today", due_today, ""), ("soon", "Next seven days", soon, ""),
    ]  # fmt: skip
    return page(request, "mine.html", "My work", buckets=buckets, later=len(rest) - len(soon) - len(due_today))


def item_of(row, words, where, urgent=False):
    target = where.format(case_id=row.case_id, subject_id=row.subject_id, task_id=row.id)
    kind = "task" if isinstance(row, Task) else "clock"
    return {
        "words": words,
        "path": target,
        "due": row.due_at,
        "urgent": urgent,
        "person": row.case.person,
        "kind": kind,
    }


def end_of(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 23, 59, 59))


@signed_in
def cases(request):
    ours = Case.objects.select_related("person", "owner_worker").filter(closed_at=None)
    if request.GET.get("show") != "all":
        ours = ours.filter(owner_team=request.member.team_id)
    found = list(ours.order_by(F("release_on").asc(nulls_last=True), "id")[: SIZE + 1])
    return page(request, "cases.html", "Cases", cases=found[:SIZE], more=len(found) > SIZE, stages=STAGES.items())


@signed_in
def case(request, case_id):
    about = Case.objects.select_related("person", "owner_worker", "owner_team", "owner_agency", "officer", "co_worker")
    found = get_object_or_404(about, id=case_id)
    stays = list(CustodyEpisode.objects.select_related("prison").filter(case=found).order_by("-received_on"))
    live = Q(until_at=None) | Q(until_at__gt=timezone.now())
    involved = Involvement.objects.select_related("agency").filter(live, case=found).order_by("from_at")
    tasks = Task.objects.select_related("worker", "agency").filter(case=found, status="open")
    jobs = [
        (job, *item_of_job(job)) for job in tasks.order_by("-urgent", "due_at", "id")[:50]
    ]  # fmt: skip
    return page(
        request, "case.html", "", case=found, person=found.person, stay=stays[0] if stays else None, jobs=jobs,
        involved=[(row, BASES[row.basis]) for row in involved], tabs=TABS, stage=STAGES[found.stage],
        custody=CUSTODY, sentences=SENTENCES,
    )  # fmt: skip


def item_of_job(job):
    words, where = errand(job.kind)
    return words, where.format(case_id=job.case_id, subject_id=job.subject_id, task_id=job.id)


urlpatterns = [path("", my_work), path("cases", cases), path("cases/<uuid:case_id>", case)]
