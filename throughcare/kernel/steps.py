"""A step is the only way a status changes: guard, effect, event and refusal in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import inspect

from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.forms import Word
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.rows import Row
from throughcare.kernel.work import Moment, Work

R = TypeVar("R", bound=Row)
P = ParamSpec("P")


@dataclass(frozen=True)
class Effect:
    """What a step does to its row, and the event that says so."""

    event: Event
    set: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Step(Generic[R, P]):
    """One edge bundle of a state machine. Its effect is a pure function of the row and the moment.

    `frm` are the statuses it leaves from, `to` where it goes.
    """

    machine: Machine[R]
    name: str
    label: str
    frm: frozenset[Word]
    to: Word
    by: frozenset[Role]
    effect: Callable[Concatenate[R, Moment, P], Effect]

    def open_to(self, row: R, role: Role) -> bool:
        """Whether to show the button. The same test guards the press."""
        return self.machine.status_of(row) in self.frm and role in self.by

    def __call__(self, row: R, work: Work, *args: P.args, **kwargs: P.kwargs) -> None:
        refuse_if(work.actor.role not in self.by, NotPermitted)
        if self.machine.status_of(row) not in self.frm:
            raise WrongState(self.machine.sentence(row, work.actor.role))
        effect = self.effect(row, work.moment, *args, **kwargs)
        if inspect(row, raiseerr=True).modified:
            raise AssertionError(f"{self.name}: an effect describes; it does not do")
        for name, value in effect.set.items():
            setattr(row, name, value)
        setattr(row, self.machine.column, self.to)
        work.session.add(row)
        work.session.flush()
        work.record(effect.event)


@dataclass(frozen=True)
class Machine(Generic[R]):
    """All the steps of one kind of row: the registry draws the diagram, the buttons and the test of status x step."""

    row: type[R]
    noun: str
    column: str = "status"
    steps: list[Step[R, Any]] = field(default_factory=list)

    def status_of(self, row: R) -> Word:
        status: Word = getattr(row, self.column)
        return status

    def open_to(self, row: R, role: Role) -> list[Step[R, Any]]:
        """The moves this role may make from here, in the order they are written."""
        return [step for step in self.steps if step.open_to(row, role)]

    def sentence(self, row: R, role: Role) -> str:
        """Why a move is refused, naming the moves that are allowed."""
        status = self.status_of(row).label.lower()
        moves = ", ".join(step.label.lower() for step in self.open_to(row, role))
        return f"This {self.noun} is {status}. " + (
            f"You can: {moves}." if moves else "Nothing more can be done with it from here."
        )

    def step(
        self, label: str, *, frm: set[Any], to: Word, by: set[Role]
    ) -> Callable[[Callable[Concatenate[R, Moment, P], Effect]], Step[R, P]]:
        """Declare a step. The label is the button's words."""

        def wrap(effect: Callable[Concatenate[R, Moment, P], Effect]) -> Step[R, P]:
            step = Step(self, effect.__name__, label, frozenset(frm), to, frozenset(by), effect)
            self.steps.append(step)
            return step

        return wrap
