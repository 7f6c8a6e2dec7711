"""The pages that say no, or that something went wrong, in plain words and with what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.web.frame import Frame
from throughcare.web.templating import render

TITLES = {
    400: "We could not read what was sent",
    401: "Sign in to see this page",
    403: "You do not have permission to do this",
    404: "Page not found",
    409: "This has changed since you opened it",
    413: "What you sent is too large",
    422: "Something needs to be put right",
    429: "Too many attempts",
    500: "Sorry, there is a problem with the service",
    503: "Sorry, the service is not available",
}
NEXT: dict[int, tuple[str, ...]] = {
    400: ("Go back to the page you came from and send it again.",),
    401: ("Sign in, then open the page again.",),
    403: ("If you need to do this for your work, ask your manager which role you should have.",),
    404: (
        "If you typed the web address, check it is right.",
        "If you followed a link to a person’s case, it may not be one that you work on.",
    ),
    409: (
        "Nothing you entered has been saved over it.",
        "Compare the two, then make your change again if it is still needed.",
    ),
    413: ("Nothing has been saved. Go back and send less text, or a smaller file.",),
    422: ("Go back to the page you came from and check what you entered.",),
    429: ("Wait a few minutes, then try again.",),
    500: ("Nothing you entered on other pages has been lost. Try again in a few minutes.",),
    503: ("Try again in a few minutes.",),
}


FIRST = "Something else comes first"
NOT_NOW = "This cannot be done as things stand"
NOTHING_DONE = "Nothing has been changed. Go back to see how things stand now."
CONFLICT = 409


def trouble(
    frame: Frame,
    status: int,
    *,
    said: str = "",
    reference: str = "",
    back: str = "",
    first: tuple[str, str] | None = None,
) -> str:
    """The page for a status; `said` is the refusal's own sentence, `reference` the id that finds a fault in the log.

    `first` is what must be done before it, in words, and its page.
    """
    if first:
        return render("errors/error.html", frame=frame, title=FIRST, paragraphs=[said], back=back, first=first)
    title, then = _title_and_next(status, conflict=bool(said))
    paragraphs = [said] if said and said.rstrip(".") != title else []
    paragraphs += then
    if reference:
        paragraphs.append(
            f"If it goes on, tell the people who support this service. Give them this reference: {reference}."
        )
    return render("errors/error.html", frame=frame, title=title, paragraphs=paragraphs, back=back, first=None)


def _title_and_next(status: int, *, conflict: bool) -> tuple[str, tuple[str, ...]]:
    """Of a conflict with a sentence of its own there are no two versions to compare: what was wanted is not open now."""
    if status == CONFLICT and conflict:
        return NOT_NOW, (NOTHING_DONE,)
    known = status if status in TITLES else (500 if status >= 500 else 400)  # noqa: PLR2004 - whose fault it is
    return TITLES[known], NEXT[known]


def stale(frame: Frame, said: str, versions: Sequence[tuple[str, str, str]], reload: str = "") -> str:
    """The 409 page: each row of `versions` is what it is, how it is stored now, and what the person entered."""
    paragraphs = [*([said] if said else []), *NEXT[409]]
    return render(
        "errors/stale.html",
        frame=frame,
        title=TITLES[409],
        paragraphs=paragraphs,
        versions=versions,
        reload=reload,
        first=None,
    )
