"""What the schemas of Arrow data and Parquet files say, before DuckDB reads them its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mitheory.tables.grouped import each_once


def durations(types: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of durations, with their types. DuckDB has none of more than microseconds, so
    these come to it as the integers that they are, and are durations again in its results.
    """
    import pyarrow as pa

    return {name: kind for name, kind in types.items() if pa.types.is_duration(kind)}


def types_of(paths: Sequence[Path]) -> dict[str, Any]:
    """The names and types of the columns of Parquet files, which must all have the same, and of
    one type: DuckDB would round the floats of one file to the integers of another.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    def kind(of: Any) -> Any:
        """The type, but for what counting does not see."""
        if pa.types.is_dictionary(of):
            of = of.value_type
        return "integer" if pa.types.is_integer(of) else of

    def fields(path: Path) -> dict[str, Any]:
        try:
            schema = pq.read_schema(path)
        except pa.ArrowException as error:
            raise ValueError(f"{path.name} cannot be read: {first_line(error)}") from None
        each_once(schema.names, path.name)
        return {field.name: field.type for field in schema}

    first = fields(paths[0])
    for path in paths[1:]:
        other = fields(path)
        if other.keys() != first.keys():
            column = next(iter(other.keys() ^ first.keys()))
            has, lacks = (path, paths[0]) if column in other else (paths[0], path)
            raise ValueError(
                f"files counted together must have the same columns; {has.name} has {column!r} "
                f"and {lacks.name} has not"
            )
        for column, of in other.items():
            if kind(of) != kind(first[column]) and not {of, first[column]} & {pa.null()}:
                raise ValueError(
                    f"files counted together must have columns of one type; {column!r} is "
                    f"{first[column]} in {paths[0].name} and {of} in {path.name}"
                )
    return first


def first_line(error: Exception) -> str:
    """What an engine says; below it comes the text of a query that is not the user's."""
    return str(error).partition("\n")[0].strip()
