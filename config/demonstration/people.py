"""Sixty people who do not exist: names put together from lists, numbers from Ofcom's drama ranges, and what befalls each."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

GIVEN = {
    "male": (
        "Alder",
        "Brannoc",
        "Corin",
        "Dorran",
        "Emrick",
        "Fenn",
        "Garrow",
        "Hollis",
        "Ivor",
        "Jarrah",
        "Kester",
        "Lorne",
    ),
    "female": (
        "Ashlin",
        "Bryony",
        "Cerys",
        "Delphie",
        "Elowen",
        "Fern",
        "Greer",
        "Hesper",
        "Ilse",
        "Junia",
        "Kerensa",
        "Linnet",
    ),
}
FAMILY = (
    "Ashcombe", "Birchell", "Calloway-Dunn", "Dunmore", "Elderfield", "Farrowby", "Gorsedale", "Hatherley", "Inglebrook", "Jessamy",
    "Kirkholme", "Larkrise", "Merrowby", "Netherfold", "Orchardson", "Penhallam", "Quillfeather", "Rushmere", "Saltmarsh", "Thornbury-Vale",
)  # fmt: skip
LETTERS = "ABCDEFGHJK"

PRISONS = {  # prison -> officer, treatment worker, manager, provider's agency, provider worker, probation, healthcare
    "fallow": ("officer", "treatment", "prison_manager", "harbour", "provider", "probation", "healthcare"),
    "marsh": (
        "marsh_officer",
        "marsh_treatment",
        "marsh_manager",
        "northgate",
        "northgate",
        "probation",
        "marsh_healthcare",
    ),
    "glen": ("glen_officer", "glen_treatment", "glen_manager", "strand", "strand", "glen_probation", "glen_healthcare"),
}


@dataclass(frozen=True)
class Fate:
    """What befalls one person. Days are counted from today; `release` is the day they leave, past or to come."""

    number: int
    given: str
    family: str
    sex: str
    birth_year: int
    prison: str
    received: int
    release: int | None
    drink: str = "low"  # low, increasing, higher, dependent
    drugs: str = "none"  # none, problem, dependent
    screening: str = "done"  # done, none, declined, not_able, partial
    brief: str = "given"  # given, offered, declined, none
    plan: str = "agreed"  # none, draft, submitted, agreed
    handover: str = (
        "active"  # none, draft, sent, received, asked, waiting, accepted, declined, recalled, expired, active, returned,
        # discarded, completed, taken_back
    )
    texts: str = "answers"  # none, answers, silent, low, stop, undelivered, unproven, calls
    order: str = "none"  # none, atr, drr, licence, cpo, dtto
    absence: str = ""  # of the second appointment: "", untold, told, awaiting, acceptable, unacceptable, warned
    report: str = ""  # how far it got: "", drafted, countersigned, sent, acknowledged, corrected
    sharing: str = ""  # beyond a yes: "", refused, withdrawn
    left: bool = False  # whether their officer has left
    welsh: bool = False
    recalled: bool = False
    allocated: bool = True
    child: str = ""  # "", "2", "4", "pregnant"

    @property
    def phone(self) -> str:
        """A number from Ofcom's drama range, one each."""
        return f"07700 900{100 + self.number:03d}"

    @property
    def staff(self) -> tuple[str, ...]:
        officer, *others = PRISONS[self.prison]
        return ("leaver" if self.left else officer, *others)

    @property
    def prison_number(self) -> str:
        if self.prison == "glen":
            return f"{70_000 + self.number}"
        return f"{LETTERS[self.number % 10]}{1000 + 37 * self.number % 9000:04d}{LETTERS[self.number % 7]}{LETTERS[self.number % 9]}"


CUSTODY: tuple[dict[str, Any], ...] = (  # received, release, and what is different
    {"received": -1, "release": None, "screening": "none", "plan": "none", "handover": "none", "allocated": False},
    {"received": -2, "release": 160, "screening": "none", "plan": "none", "handover": "none"},
    {"received": -9, "release": 120, "screening": "none", "plan": "none", "handover": "none"},
    {"received": -3, "release": 40, "screening": "declined", "plan": "draft", "handover": "none"},
    {"received": -3, "release": 200, "screening": "not_able", "plan": "none", "handover": "none"},
    {"received": -4, "release": 90, "screening": "partial", "plan": "none", "handover": "none"},
    {"received": -6, "release": 150, "drink": "increasing", "brief": "offered", "plan": "none", "handover": "none"},
    {"received": -12, "release": 130, "drink": "increasing", "brief": "declined", "plan": "none", "handover": "none"},
    {"received": -20, "release": 100, "drink": "higher", "plan": "none", "handover": "none"},
    {"received": -24, "release": 170, "drink": "dependent", "plan": "none", "handover": "none"},
    {"received": -30, "release": 70, "drugs": "dependent", "plan": "draft", "handover": "none"},
    {"received": -40, "release": 60, "drugs": "problem", "drink": "higher", "plan": "draft", "handover": "draft", "child": "2"},
    {"received": -60, "release": 35, "drink": "dependent", "plan": "submitted", "handover": "sent", "order": "atr"},
    {"received": -70, "release": 26, "drugs": "dependent", "plan": "submitted", "handover": "received", "order": "drr"},
    {"received": -65, "release": 24, "drink": "higher", "plan": "submitted", "handover": "asked"},
    {"received": -75, "release": 21, "drugs": "problem", "plan": "agreed", "handover": "waiting"},
    {"received": -80, "release": 19, "drink": "dependent", "plan": "agreed", "handover": "declined"},
    {"received": -85, "release": 17, "drink": "increasing", "plan": "agreed", "handover": "recalled"},
    {"received": -90, "release": 15, "drugs": "dependent", "plan": "submitted", "handover": "expired"},
    {"received": -95, "release": 12, "drink": "dependent", "plan": "agreed", "handover": "accepted", "order": "licence"},
    {"received": -99, "release": 6, "drugs": "dependent", "drink": "higher", "handover": "accepted", "child": "pregnant"},
    {"received": -110, "release": 4, "drink": "dependent", "handover": "accepted", "order": "licence"},
    {"received": -100, "release": 2, "drink": "higher", "plan": "submitted", "handover": "accepted"},
    {"received": -130, "release": 0, "drugs": "dependent", "handover": "accepted", "texts": "answers"},
    {"received": -28, "release": 95, "drink": "higher", "plan": "none", "handover": "none", "left": True},
    {"received": -50, "release": 31, "drink": "increasing", "plan": "draft", "handover": "discarded"},
    {"received": -38, "release": 55, "drugs": "problem", "plan": "draft", "handover": "none", "sharing": "refused"},
)  # fmt: skip
INSIDE = 11  # of those, the ones with no handover yet
RELEASED: tuple[dict[str, Any], ...] = (
    {"release": -1, "texts": "answers", "drink": "dependent", "handover": "accepted"},
    {"release": -2, "texts": "unproven", "drugs": "dependent", "handover": "accepted"},
    {"release": -3, "texts": "low", "drink": "dependent", "handover": "accepted", "child": "4"},
    {"release": -4, "texts": "silent", "drugs": "dependent", "handover": "active"},
    {"release": -6, "texts": "answers", "drink": "higher", "welsh": True, "order": "licence"},
    {"release": -8, "texts": "stop", "drugs": "problem", "order": "drr"},
    {"release": -10, "texts": "undelivered", "drink": "dependent", "order": "atr", "absence": "told"},
    {"release": -13, "texts": "calls", "drugs": "dependent", "order": "licence", "absence": "untold"},
    {"release": -16, "texts": "answers", "drink": "higher", "handover": "returned"},
    {
        "release": -20,
        "texts": "answers",
        "drink": "dependent",
        "order": "atr",
        "absence": "warned",
        "report": "drafted",
    },
    {"release": -23, "texts": "silent", "drugs": "dependent", "handover": "accepted"},
    {
        "release": -28,
        "texts": "answers",
        "drugs": "problem",
        "order": "drr",
        "absence": "acceptable",
        "report": "countersigned",
    },
    {"release": -35, "texts": "answers", "drink": "increasing", "recalled": True},
    {"release": -42, "texts": "none", "drink": "higher"},
    {
        "release": -49,
        "texts": "answers",
        "drugs": "dependent",
        "welsh": True,
        "order": "licence",
        "absence": "unacceptable",
        "report": "sent",
    },
    {
        "release": -60,
        "texts": "answers",
        "drink": "dependent",
        "order": "atr",
        "absence": "acceptable",
        "report": "corrected",
    },
    {"release": -75, "texts": "answers", "drugs": "problem", "recalled": True},
    {"release": -84, "texts": "answers", "drink": "higher"},
    {"release": -65, "texts": "answers", "drink": "increasing", "handover": "completed"},
    {"release": -38, "texts": "answers", "drugs": "problem", "handover": "taken_back"},
    {"release": -44, "texts": "answers", "drink": "higher", "sharing": "withdrawn"},
    {
        "release": -33,
        "drink": "higher",
        "order": "cpo",
        "prison": "glen",
        "absence": "awaiting",
        "report": "acknowledged",
    },
    {"release": -18, "drugs": "dependent", "order": "dtto", "prison": "glen", "absence": "told"},
)


def sixty(seed: int = 1) -> list[Fate]:
    """The same sixty every time: each fate above, and enough like those early in their stay to make up the number."""
    chance = Random(seed)  # noqa: S311 - a caseload, not a secret
    shapes = [*CUSTODY, *({"received": s["release"] - 110, **s} for s in RELEASED)]
    more = [{**dict(chance.choice(CUSTODY[:INSIDE])), "again": True} for _ in range(60 - len(shapes))]
    return [_fate(chance, number, dict(shape)) for number, shape in enumerate([*shapes, *more])]


def _fate(chance: Random, number: int, shape: dict[str, Any]) -> Fate:
    sex = "female" if shape.get("child") == "pregnant" or number % 5 == 3 else "male"  # noqa: PLR2004 - one in five
    again = shape.pop("again", False)
    prison = shape.pop("prison", "fallow" if not again and number % 4 else ("marsh", "glen")[number % 2])
    if shape.get("left") or shape.get("order") in {"atr", "drr"} or shape.get("welsh"):
        prison = "fallow"
    if prison == "glen" and shape.get("order", "none") not in {"none", "dtto"}:
        shape["order"] = "cpo"
    given = GIVEN[sex][number % 12]
    family = FAMILY[(number * 7 + number // 20) % 20]
    return Fate(number, given, family, sex, chance.randrange(1962, 2004), prison, **shape)
