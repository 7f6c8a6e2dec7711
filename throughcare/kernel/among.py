"""Many values in a statement whose words are the same however many there are: it is put together, and planned, once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Dialect,
    Insert,
    Table,
    TableValuedAlias,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class Many(TypeDecorator[Collection[Any]]):
    """Any number of values of one type as one parameter: an array, or, where the database has none, a JSON list."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.of) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value and list(value)
        plain = self.of.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([plain(each) if plain else each for each in value])


class among(FunctionElement[bool]):  # noqa: N801 - it stands in statements as a function does
    """Is `of` one of the values to be given as the parameter `named`?"""

    type = Boolean()
    inherit_cache = True

    def __init__(self, of: Any, named: str) -> None:
        super().__init__(of, bindparam(named, type_=Many(of.type)))


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **more: Any) -> str:
    of, values = (compiler.process(each, **more) for each in element.clauses)
    return f"{of} = ANY({values})"


@compiles(among, "sqlite")
def _in_list(element: among, compiler: SQLCompiler, **more: Any) -> str:
    of, values = (compiler.process(each, **more) for each in element.clauses)
    return f"{of} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are the compiler's own words


def given(types: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """On PostgreSQL: the values to be given by these names, as a table with a line for each."""
    lines = func.unnest(*(bindparam(name, type_=Many(of)) for name, of in types.items()))
    return lines.table_valued(*(column(name, of) for name, of in types.items()), name="given").render_derived()


def turned(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The same values by column."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """New rows, all with the same columns, in one statement."""
    if connection.dialect.name == "postgresql":
        connection.execute(_putting(table, tuple(rows[0])), turned(rows))
    else:
        connection.execute(insert(table), rows)


def put_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> set[Any]:
    """As put, but for those that are there already, or twice among these; the ids of those that were not."""
    if connection.dialect.name == "postgresql":
        put = _putting_new(table, tuple(rows[0]))
        return set(connection.scalars(put, {"rows": _written(table, rows, connection.dialect)}))
    connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
    ids = {"ids": [row["id"] for row in rows]}
    return set(connection.scalars(select(table.c.id).where(among(table.c.id, "ids")), ids))


@cache
def _putting(table: Table, columns: tuple[str, ...]) -> Insert:
    lines = given({name: table.c[name].type for name in columns})
    return insert(table).from_select(columns, select(lines))


@cache
def _putting_new(table: Table, columns: tuple[str, ...]) -> ReturningInsert[tuple[Any]]:
    """The rows as one JSON list: of many columns it is read, and above all written, sooner than an array of each."""
    written = func.json_to_recordset(cast(bindparam("rows", type_=Text()), postgresql.JSON()))
    lines = written.table_valued(*(column(name, table.c[name].type) for name in columns), name="given")
    put = postgresql.insert(table).from_select(columns, select(lines.render_derived(with_types=True)))
    return put.on_conflict_do_nothing().returning(table.c.id)


def _written(table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> str:
    """Each value as its column's type gives it to the database."""
    types = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]}
    given_by = {name: give for name, give in types.items() if give}
    return json.dumps(
        [{**row, **{name: give(row[name]) for name, give in given_by.items()}} for row in rows], default=str
    )
