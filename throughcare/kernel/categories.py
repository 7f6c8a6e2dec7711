"""What columns tell their readers. Pure: disclosure decides by these words and nothing else."""

from __future__ import annotations

from throughcare.kernel.forms import Word


class Category(Word):
    """What a column tells its reader: the rows of the information-sharing matrix (DOMAIN G.2), and three more.

    Disclosure decides by category, never by column name. RECORD, CUSTODY and PLAN are ours: decision 0002 says why.
    """

    RECORD = "record", "Record keeping"  # ids, instants, statuses, who and which agency
    IDENTITY = "identity", "Identity"
    CUSTODY = "custody", "Custody and release dates"
    PLAN = "plan", "Release plan"
    ATTENDANCE = "attendance", "Attendance"
    ENGAGEMENT = "engagement", "Engagement and compliance"
    DRUG_TEST = "drug_test", "Drug test results"
    SCREENING = "screening", "Screening scores"
    CLINICAL = "clinical", "Clinical notes"
    MEDICATION = "medication", "Medication"
    RISK = "risk", "Risk to self or others"
    CHILD = "child", "Concern for a child"
    SMS = "sms", "What was said by text"
    CONTACT = "contact", "Contact details"
    HOUSING = "housing", "Housing"
