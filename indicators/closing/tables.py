"""Rows of the database as compact JSON and back, exactly: what a closed period is frozen in.

A table is `{"same": {field: value}, "fields": [...], "rows": [[...], …]}`; a field that has one value in all rows
stands once, under `same`. Decimals, dates and times are texts. What comes back are instances that are in no
database: whoever asks them for what was not frozen gets an error, never a living row.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Field, Model

# No such database: a lazy look-up through a frozen row must fail, not read what has changed since.
NOWHERE = "frozen"

Table = dict[str, Any]
_M = TypeVar("_M", bound=Model)


def table_of(model: type[Model], rows: Sequence[Model], *, leave: Iterable[str] = ()) -> Table:
    """The rows, but for the fields to leave out."""
    fields = [field for field in model._meta.concrete_fields if field.attname not in set(leave)]
    columns = {field.attname: [_plain(field.value_from_object(row)) for row in rows] for field in fields}
    same = {name: column[0] for name, column in columns.items() if len(rows) > 1 and _is_same(column)}
    names = [name for name in columns if name not in same]
    return {"same": same, "fields": names, "rows": [[columns[name][at] for name in names] for at in range(len(rows))]}


def _is_same(column: list[Any]) -> bool:
    """Also of the same type: False is not 0, and as texts 1 is not 1.0."""
    first = column[0]
    return all(type(value) is type(first) and value == first for value in column)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def rows_of(model: type[_M], table: Table) -> list[_M]:
    """The instances of a table. A field that the model has no more is passed over."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    same = {name: _value(fields[name], value) for name, value in table["same"].items() if name in fields}
    columns = [(at, fields[name]) for at, name in enumerate(table["fields"]) if name in fields]
    made = (model(**same, **{field.attname: _value(field, row[at]) for at, field in columns}) for row in table["rows"])
    return [placed_nowhere(row) for row in made]


def _value(field: Field, plain: Any) -> Any:
    return None if plain is None else field.to_python(plain)


def placed_nowhere(row: _M) -> _M:
    """The instance as one that is in no database."""
    row._state.adding, row._state.db = False, NOWHERE
    return row
