"""What safeguarding puts on somebody's list, and what its words tell."""

from __future__ import annotations

from throughcare.casework.tasks import errand
from throughcare.kernel.categories import Category

REFER = errand(
    Category.CHILD, "child_refer", "Refer to children’s services now", "/cases/{case_id}/safeguarding/concerns/{subject_id}/refer",
    {"safeguarding.referred"},
)  # fmt: skip
CONSULT = errand(
    Category.CHILD,
    "child_consult",
    "Consult the front door about a child",
    "/cases/{case_id}/safeguarding",
    {"safeguarding.consulted"},
)
TELL_FAMILY = errand(
    Category.CHILD,
    "child_tell_family",
    "Tell the family the outcome of a consultation",
    "/cases/{case_id}/safeguarding",
    by_hand=True,
)
BOOK = errand(
    Category.CLINICAL,
    "pregnancy_book",
    "Book a pregnant person in by the next working day",
    "/cases/{case_id}/safeguarding",
    {"safeguarding.pregnancy_booked"},
)
