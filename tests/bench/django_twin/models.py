"""The same tables as Django's ORM reads them: unmanaged, with the relations that its pages follow."""

from __future__ import annotations

from django.db import models


class Unmanaged(models.Model):
    id = models.UUIDField(primary_key=True)

    class Meta:
        abstract = True


class Agency(Unmanaged):
    name = models.TextField()
    kind = models.TextField()

    class Meta:
        managed, db_table, app_label = False, "agency", "django_twin"


class Team(Unmanaged):
    name = models.TextField()
    agency = models.ForeignKey(Agency, models.DO_NOTHING)

    class Meta:
        managed, db_table, app_label = False, "team", "django_twin"


class Worker(Unmanaged):
    name = models.TextField()
    email = models.TextField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table, app_label = False, "worker", "django_twin"


class Membership(Unmanaged):
    worker = models.ForeignKey(Worker, models.DO_NOTHING)
    agency = models.ForeignKey(Agency, models.DO_NOTHING)
    team = models.ForeignKey(Team, models.DO_NOTHING, null=True)
    role = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        managed, db_table, app_label = False, "membership", "django_twin"


class WebSession(Unmanaged):
    token_hash = models.TextField()
    membership = models.ForeignKey(Membership, models.DO_NOTHING)
    stage = models.TextField()
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table, app_label = False, "web_session", "django_twin"


class Case(Unmanaged):
    reference = models.TextField()
    owner_agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    owner_team = models.ForeignKey(Team, models.DO_NOTHING, related_name="+", null=True)
    owner_worker = models.ForeignKey(Worker, models.DO_NOTHING, related_name="+", null=True)
    officer = models.ForeignKey(Worker, models.DO_NOTHING, related_name="+", null=True)
    co_worker = models.ForeignKey(Worker, models.DO_NOTHING, related_name="+", null=True)
    stage = models.TextField()
    release_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table, app_label = False, "case", "django_twin"


class Person(Unmanaged):
    case = models.OneToOneField(Case, models.DO_NOTHING, related_name="person")
    given = models.TextField()
    family = models.TextField()
    known_as = models.TextField()
    birth_date = models.DateField()
    sex = models.TextField()
    gender = models.TextField()
    prison_number = models.TextField(null=True)
    crn = models.TextField(null=True)
    pnc = models.TextField(null=True)
    nhs_number = models.TextField(null=True)
    chi = models.TextField(null=True)
    postcode = models.TextField()
    language = models.TextField()
    other_languages = models.TextField()
    interpreter = models.BooleanField()
    communication_needs = models.TextField()
    deceased_on = models.DateField(null=True)

    class Meta:
        managed, db_table, app_label = False, "person", "django_twin"


class CustodyEpisode(Unmanaged):
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="stays")
    prison = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    received_on = models.DateField()
    custody_status = models.TextField()
    sentence_type = models.TextField()
    sentence_release_date = models.DateField(null=True)
    suggested_release_date = models.DateField(null=True)
    confirmed_release_date = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table, app_label = False, "custody_episode", "django_twin"


class Involvement(Unmanaged):
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="involvements")
    agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    basis = models.TextField()
    because = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table, app_label = False, "involvement", "django_twin"


class Task(Unmanaged):
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="tasks")
    agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    worker = models.ForeignKey(Worker, models.DO_NOTHING, related_name="+", null=True)
    kind = models.TextField()
    subject_id = models.UUIDField()
    team_id = models.UUIDField(null=True)
    role = models.TextField(null=True)
    due_at = models.DateTimeField()
    urgent = models.BooleanField()
    status = models.TextField()

    class Meta:
        managed, db_table, app_label = False, "task", "django_twin"


class ServiceClock(Unmanaged):
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="clocks")
    agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    worker = models.ForeignKey(Worker, models.DO_NOTHING, related_name="+", null=True)
    code = models.TextField()
    subject_id = models.UUIDField()
    role = models.TextField(null=True)
    due_at = models.DateTimeField()
    state = models.TextField()

    class Meta:
        managed, db_table, app_label = False, "service_clock", "django_twin"
