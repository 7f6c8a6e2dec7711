"""The closed sets of words that release planning uses."""

from __future__ import annotations

from throughcare.kernel.forms import Word


class PlanStatus(Word):
    """Where a release plan is."""

    DRAFT = "draft", "Being written"
    SUBMITTED = "submitted", "Put forward for agreement"
    RETURNED = "returned", "Returned to its author"
    AGREED = "agreed"
    REOPENED = "reopened", "Opened again"


class Severity(Word):
    """How much a need weighs (DOMAIN C.1). "None" says the pathway was looked at and nothing is needed."""

    NONE = "none", "No need"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    IMMEDIATE = "immediate"


class Side(Word):
    """Who has to meet it: before release, after it, or both."""

    PRISON = "prison", "In prison"
    COMMUNITY = "community", "In the community"
    BOTH = "both", "Both"


class NeedStatus(Word):
    """What has come of a need. It is met only when the outcome is reached, not when it was tried."""

    OPEN = "open"
    DONE = "done", "Met"
    NOT_WANTED = "not_wanted", "Not wanted by the person"
    UNRESOLVED = "unresolved", "Unresolved at release"


class NeedSource(Word):
    """How the need came to light."""

    BCST = "bcst", "Basic custody screening"
    ASSESSMENT = "assessment"
    SELF = "self", "The person said so"


class Known(Word):
    """An answer that nobody guesses at."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known", "Not known yet"


class Naloxone(Word):
    """Where take-home naloxone stands (DOMAIN B.4)."""

    NOT_OFFERED = "not_offered", "Not offered yet"
    OFFERED = "offered", "Offered, no answer yet"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Bridging(Word):
    """A prescription that covers the days from release to the first clinic."""

    NOT_ARRANGED = "not_arranged", "Not arranged"
    NOT_NEEDED = "not_needed", "Not needed"
    ISSUED = "issued", "Issued, pharmacy not yet confirmed"
    CONFIRMED = "confirmed", "Issued, and the pharmacy has accepted the person"


class Agreement(Word):
    """What the person said of their plan."""

    YES = "yes", "Yes, they agree"
    NO = "no", "No, they do not agree"
    NOT_PRESENT = "not_present", "They were not present"
