"""The base of every table, and the label every column must wear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Dialect, Enum, TypeDecorator
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.sealing import Sealed, SealedObject

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, in and out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base's signature
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base's signature
        return value and value.replace(tzinfo=value.tzinfo or UTC)


def column(category: Category, *, summary: bool = False, **kwargs: Any) -> Any:
    """A column that says what it tells its reader; `summary` marks what the matrix's S (flag only) may show."""
    info = {"category": category, "summary": summary}
    return Field(sa_column_kwargs={"info": info, **kwargs.pop("sa_column_kwargs", {})}, **kwargs)


def sealed(category: Category, about: str, **kwargs: Any) -> Any:
    """Words that a copy of the database does not give. `about` names the table and column, which the seal is bound to."""
    return column(category, sa_type=Sealed(about), **kwargs)


def sealed_object(category: Category, about: str, **kwargs: Any) -> Any:
    """The same, of a JSON object, which is put anew to be changed."""
    return column(category, sa_type=SealedObject(about), **kwargs)


def when(category: Category = Category.RECORD, **kwargs: Any) -> Any:
    """An instant."""
    return column(category, sa_type=Instant, **kwargs)


def one_of(kinds: type[Word], category: Category = Category.RECORD, *, named: str = "", **kwargs: Any) -> Any:
    """A closed set of words, stored as the words themselves and checked by the database.

    `named` tells the checks apart where one table has two columns of the same kind.
    """
    words = Enum(
        kinds,
        name=named or kinds.__name__.lower(),
        values_callable=lambda kind: [word.value for word in kind],
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    return column(category, sa_type=words, **kwargs)


def structure(category: Category, **kwargs: Any) -> Any:
    """A JSON object whose in-place edits are saved."""
    return column(category, sa_type=MutableDict.as_mutable(JSON()), default_factory=dict, **kwargs)


def several(category: Category, **kwargs: Any) -> Any:
    """A JSON list whose in-place edits are saved."""
    return column(category, sa_type=MutableList.as_mutable(JSON()), default_factory=list, **kwargs)


class Row(SQLModel):
    """Rows stay indoors: what leaves the service is a view built by disclosure."""

    model_config = {"defer_build": True}  # a table checks nothing, so it needs no checker
    id: UUID = column(Category.RECORD, default_factory=uuid4, primary_key=True)
    version: int = column(Category.RECORD, default=1)
    created_at: datetime = when(default=None, nullable=False)  # set by work.add

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}

    def model_dump(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is a row; show it through casework.access")

    model_dump_json = model_dump


def plain(kind: type[Row], **given: Any) -> dict[str, Any]:
    """A new row as a statement takes it: making an object of each of many would cost most of the time."""
    fixed, made = _defaults(kind)
    return fixed | {name: make() for name, make in made.items()} | given


@cache
def _defaults(kind: type[Row]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What a column holds when nothing is said of it, and what is made for each row anew."""
    fields = {name: field for name, field in kind.model_fields.items() if not field.is_required()}
    made: Any = {name: field.default_factory for name, field in fields.items() if field.default_factory}
    return {name: field.default for name, field in fields.items() if name not in made}, made


class CaseRow(Row):
    """A row that belongs to one person's case, and so is read only by those with standing."""

    case_id: UUID = column(Category.RECORD, index=True, foreign_key="case.id")

    def category_of(self, name: str) -> Category:
        """What this column of this row tells its reader; a kind whose meaning varies by row says so here."""
        category: Category = type(self).__table__.c[name].info["category"]  # type: ignore[attr-defined] # SQLModel's table classes have it
        return category

    def written_by(self) -> UUID | None:
        """Whose own record this is, where its author may go on reading what they wrote."""
        return None
