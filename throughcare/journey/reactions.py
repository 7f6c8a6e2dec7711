"""The pathway on one page: what follows what. Nothing else in the codebase knows the order."""

from __future__ import annotations

from throughcare.casework.clocks import keep_clocks
from throughcare.casework.tasks import close_answered
from throughcare.handover.owning import after_release
from throughcare.journey import after_screening
from throughcare.kernel.work import Reactions

REACTIONS = Reactions(to={**after_screening.REACTIONS}, always=(close_answered, keep_clocks, after_release))
