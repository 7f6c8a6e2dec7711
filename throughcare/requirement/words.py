"""The closed sets of requirements: every word that may stand in a report is one of these."""

from __future__ import annotations

from throughcare.kernel.forms import Word


class OrderKind(Word):
    """What the person is subject to. Post-sentence supervision was repealed in 2026 and is kept for old cases."""

    COMMUNITY_ORDER = "community_order", "Community order"
    SUSPENDED_SENTENCE_ORDER = "suspended_sentence_order", "Suspended sentence order"
    LICENCE = "licence", "Licence"
    COMMUNITY_PAYBACK_ORDER = "community_payback_order", "Community payback order"
    DRUG_TREATMENT_AND_TESTING_ORDER = "drug_treatment_and_testing_order", "Drug treatment and testing order"
    POST_SENTENCE_SUPERVISION = "post_sentence_supervision", "Post-sentence supervision (historic)"
    NONE = "none", "No order or licence"


class Ending(Word):
    """Why a requirement is over."""

    COMPLETED = "completed", "Completed"
    EXPIRED = "expired", "Ran to its end"
    REVOKED = "revoked", "Revoked by a court"
    RECALLED = "recalled", "Recalled to custody"
    TRANSFERRED = "transferred", "Passed to another area"
    MISTAKEN = "mistaken", "Recorded by mistake"


class AbsenceStatus(Word):
    """What the supervising agency makes of an absence. Nobody else decides it."""

    UNDECIDED = "undecided", "Not yet decided"
    AWAITING = "awaiting_evidence", "Awaiting evidence"
    ACCEPTABLE = "acceptable", "Acceptable absence"
    UNACCEPTABLE = "unacceptable", "Unacceptable absence"


DECIDED = frozenset({AbsenceStatus.ACCEPTABLE, AbsenceStatus.UNACCEPTABLE})


class Evidence(Word):
    """What was seen."""

    CERTIFICATE = "certificate", "Certificate"
    LETTER = "letter", "Letter or email"
    CARD = "card", "Appointment card"
    PHONE_CALL = "phone_call", "Phone call from whoever can confirm it"
    OTHER = "other", "Something else"


class WarningStatus(Word):
    """How a warning stands."""

    GIVEN = "given", "Given"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EnforcementChoice(Word):
    """What the supervising agency decided to do about an unacceptable absence."""

    REFERRED = "referred", "Referred to an enforcement officer"
    ALTERNATIVE = "alternative", "A step short of court or recall"
    NO_ACTION = "no_action", "No further action"


class SampleType(Word):
    """How a sample was taken."""

    ORAL_FLUID = "oral_fluid", "Oral fluid"
    URINE = "urine", "Urine"
    BREATH = "breath", "Breath"
    TAG = "tag", "Alcohol tag"
    OTHER = "other", "Other"


class SamplePurpose(Word):
    """What a test is for. A clinical one is never an ordered one."""

    SUPERVISION = "supervision", "Supervision, as ordered"
    COURT = "court", "Court, as ordered"
    CLINICAL = "clinical", "Clinical"


class SampleStage(Word):
    """A screening result is for supervision; only a confirmatory one may be used in law."""

    SCREENING = "screening", "Screening"
    CONFIRMATORY = "confirmatory", "Confirmatory"


class SampleStatus(Word):
    """Where a test is."""

    COLLECTED = "collected", "Collected"
    AT_LAB = "at_lab", "At the laboratory"
    RESULT = "result", "Result recorded"


class SampleResult(Word):
    """What a test came to. It triggers nothing."""

    NEGATIVE = "negative", "Negative"
    POSITIVE = "positive", "Positive"
    INVALID = "invalid", "Could not be read"
    NOT_GIVEN = "not_given", "No sample given"


class ContactRoute(Word):
    """Whom the supervising agency rings about a change of risk."""

    WORKER = "worker", "Ring the worker who recorded it"
    AGENCY = "agency", "Ring the agency’s main number"
    OUT_OF_HOURS = "out_of_hours", "Ring the agency’s number out of hours"


class ReportStatus(Word):
    """Where a compliance report is."""

    DUE = "due", "To be written"
    DRAFTED = "drafted", "Drafted"
    COUNTERSIGNED = "countersigned", "Countersigned"
    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"


class Rating(Word):
    """How the person is taking part."""

    WELL = "well", "Taking part well"
    PARTLY = "partly", "Taking part in part"
    LITTLE = "little", "Taking part little"
    NOT_AT_ALL = "not_at_all", "Not taking part"
    TOO_SOON = "too_soon", "Too soon to say"


class TreatmentStage(Word):
    """Where the person is in treatment."""

    NOT_STARTED = "not_started", "Not started"
    ASSESSMENT = "assessment", "Assessment"
    UNDER_WAY = "under_way", "Under way"
    AFTERCARE = "aftercare", "Aftercare"
    COMPLETED = "completed", "Completed"
    LEFT = "left", "Left before the end"


class Recommendation(Word):
    """What the service recommends. Enforcement is never recommended: the supervising agency's view is asked for."""

    CONTINUE = "continue", "Continue"
    VARY = "vary", "Vary"
    EARLY_DISCHARGE = "early_discharge", "Early discharge"
    VIEW_SOUGHT = "enforcement_view_sought", "View on enforcement sought"
