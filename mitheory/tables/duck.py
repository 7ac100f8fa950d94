"""DuckDB: groups files and Arrow data of any size, within a limit of memory, on all cores."""

from __future__ import annotations

import glob
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mitheory import terminal
from mitheory.binning import Query
from mitheory.binning.ordered import Ordered
from mitheory.check import IntArray
from mitheory.counts import Counts
from mitheory.tables.grouped import (
    Codes,
    Column,
    Table,
    coded_arrow,
    counts_of,
    distinct_arrow,
    each_once,
    integers,
)
from mitheory.tables.schemas import durations, first_line, types_of
from mitheory.tables.sql import grouping, quote, relation

_VIEW = "source"
_CONTINUOUS = {"float", "double", "decimal"}
_HUGE = {"hugeint", "uhugeint"}
"""Integers of more than 64 bits, which Arrow would have as decimals: they travel as text."""
_POLL = 0.2


def _load() -> Any:
    """DuckDB, and the library in whose format it hands over results."""
    try:
        import duckdb
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"this kind of table needs {error.name}, which is not installed; "
            "pip install 'mitheory[tables]'"
        ) from None
    return duckdb


@contextmanager
def engine(memory_limit: str) -> Iterator[Any]:
    """A DuckDB of its own, which puts what is beyond the limit into a folder for temporary files,
    removed at the end.
    """
    duckdb = _load()
    with tempfile.TemporaryDirectory(prefix="mitheory-") as folder:
        settings = {
            "memory_limit": memory_limit,
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "python_enable_replacements": False,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            yield connection


@contextmanager
def opened_parquet(
    paths: Sequence[Path], name: str, base: Path | None, memory_limit: str, progress: bool
) -> Iterator[Table]:
    """Parquet files, taken together; the names of folders below a base hold columns."""
    with engine(memory_limit) as connection, _explained(name):
        types = types_of(paths)
        header, spans = list(types), durations(types)
        differ = len(set(map(str.casefold, header))) == len(header)
        if base is None and (differ or len(paths) == 1):
            rows = connection.read_parquet(
                _literal(paths), hive_partitioning=False, union_by_name=len(paths) > 1
            )
            rows.create_view(_VIEW)
        else:
            # DuckDB would take folders above the base for columns, too, and columns of several
            # files whose names differ in case alone for one another
            import pyarrow.dataset as ds

            files = [str(path) for path in paths]
            parts = None if base is None else ds.partitioning(flavor="hive")
            rows = ds.dataset(files, partitioning=parts, partition_base_dir=base and str(base))
            header, spans = rows.schema.names, {}
            connection.register(_VIEW, rows)
        yield _table(connection, _VIEW, name, progress, header, spans)


def _literal(paths: Sequence[Path]) -> list[str]:
    """Names that mean themselves: they have been found, and are no patterns any more."""
    return [glob.escape(str(path.absolute())) for path in paths]


@contextmanager
def opened_arrow(source: Any, bins: bool, memory_limit: str, progress: bool) -> Iterator[Table]:
    """Arrow data: a table, a dataset, a stream of batches, or what offers itself as one."""
    with engine(memory_limit) as connection:
        import pyarrow as pa
        import pyarrow.dataset as ds

        name = "the Arrow data"
        again = isinstance(source, (pa.Table, ds.Dataset))
        if isinstance(source, pa.RecordBatch):
            source, again = pa.Table.from_batches([source]), True
        elif not again and not isinstance(source, (pa.RecordBatchReader, ds.Scanner)):
            try:
                source = pa.RecordBatchReader.from_stream(source)
            except pa.ArrowInvalid as error:
                raise TypeError(
                    f"source must be a table, with named columns; got {type(source).__name__} "
                    f"({first_line(error)})"
                ) from None
        is_scanner = isinstance(source, ds.Scanner)
        schema = source.projected_schema if is_scanner else source.schema
        each_once(schema.names, name)
        for field in schema:
            if pa.types.is_float16(field.type):
                raise TypeError(
                    f"column {field.name!r} of {name} is of a type that DuckDB cannot read, "
                    f"{field.type} (cast it to float32, or leave it out)"
                )
        spans = durations(dict(zip(schema.names, schema.types, strict=True)))
        if spans:
            integers = pa.schema(
                [f.with_type(pa.int64()) if f.name in spans else f for f in schema]
            )
            if not isinstance(source, pa.Table):
                source = source.scanner() if isinstance(source, ds.Dataset) else source
                source = source.to_reader() if isinstance(source, ds.Scanner) else source
                again = False
            source = source.cast(integers)
        with _explained(name):
            connection.register(_VIEW if again else "stream", source)
            if not again and bins:  # a stream can be read once, and placing bins reads, too
                connection.execute(f"CREATE TABLE {_VIEW} AS SELECT * FROM stream")
            origin = _VIEW if again or bins else "stream"
            yield _table(connection, origin, name, progress, schema.names, spans)


@contextmanager
def opened_connection(connection: Any, query: str, progress: bool) -> Iterator[Table]:
    """The result of a query, or a table, of a connection to DuckDB, whose settings are kept."""
    origin = relation(query)
    name = "the query" if origin.startswith("(") else query
    with _explained(name):
        yield _table(connection, origin, name, progress)


def group_text(
    paths: Sequence[Path],
    delimiter: str,
    where: Sequence[int],
    fields: int,
    memory_limit: str,
    report: Callable[[float], None],
) -> tuple[list[tuple[list[str], Codes]], IntArray]:
    """The distinct rows of text files at some columns: the fields of each, coded, and the counts.

    An empty field is "", as text.
    """
    name = "the text"
    with engine(memory_limit) as connection, _explained(name):
        rows = connection.read_csv(
            _literal(paths),
            columns={f"f{k}": "VARCHAR" for k in range(fields)},
            sep=delimiter,
            header=False,
            skiprows=1,
            quotechar='"',
            escapechar='"',
            auto_detect=False,
            strict_mode=True,
            null_padding=False,
            ignore_errors=False,
            hive_partitioning=False,
        )
        rows.create_view(_VIEW)
        columns: list[Column] = [((f"f{k}",), None) for k in where]
        text, _ = grouping(_VIEW, columns, quote, lambda _: "?")
        with _followed(connection, lambda percent: report(percent / 100)):
            *cells, often = connection.sql(text).to_arrow_table().columns
    raw: list[tuple[list[str], Codes]] = []
    while cells and len(often):
        distinct, codes = distinct_arrow(cells.pop(0), name)
        raw.append(([field or "" for field in distinct.to_pylist()], codes))
    return raw, integers(often)


def _table(
    connection: Any,
    origin: str,
    name: str,
    progress: bool,
    header: Sequence[str] | None = None,
    spans: Mapping[str, Any] = MappingProxyType({}),
) -> Table:
    """A table of DuckDB. It has names of its own for columns without one, and for those that differ
    in case alone: `header` has the true ones. `spans` has the types of the columns whose integers
    are durations.
    """
    fields = connection.sql(f"SELECT * FROM {origin}")
    columns = fields.columns if header is None else header
    own = dict(zip(columns, fields.columns, strict=True))
    kinds = dict(zip(columns, map(str, fields.types), strict=True))
    ids = {column: kind.id for column, kind in zip(columns, fields.types, strict=True)}

    def expression(column: str) -> str:
        name = quote(own[column])
        return f"CAST({name} AS VARCHAR)" if ids[column] in _HUGE else name

    def ordered(columns: Sequence[str]) -> Ordered:
        def run(text: str, parameters: list[float]) -> list[Any]:
            with _shown(connection, f"binning {name}", progress):
                return list(connection.execute(text, parameters).fetchall())

        return Query(run, origin, [quote(own[column]) for column in columns])

    def count(columns: Sequence[Column]) -> Counts:
        text, parameters = grouping(origin, columns, expression, lambda _: "?")
        with _shown(connection, f"counting {name}", progress):
            rows = connection.sql(text, params=parameters).to_arrow_table()
        *cells, often = rows.columns
        del rows
        for k, ((first, *_), binning) in enumerate(columns):
            if first in spans and binning is None:
                cells[k] = cells[k].cast(spans[first])
        counts = integers(often)
        coded = (
            coded_arrow(
                cells.pop(0),
                ", ".join(parts),
                int if binning is None and ids[parts[0]] in _HUGE else None,
            )
            for parts, binning in columns
        )
        return counts_of(columns, coded, counts, name)

    return Table(
        name=name,
        kinds=kinds,
        continuous=frozenset(column for column, kind in ids.items() if kind in _CONTINUOUS),
        ordered=ordered,
        count=count,
    )


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Errors of DuckDB as built-in ones that say what was read."""
    duckdb = _load()
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(
            f"grouping {name} takes more memory or temporary disk than there is: raise "
            f"memory_limit, or let TMPDIR name a folder with more space ({first_line(error)})"
        ) from None
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None
    except duckdb.IOException as error:
        raise OSError(f"{name} cannot be read: {first_line(error)}") from error
    except duckdb.Error as error:
        raise ValueError(f"{name} cannot be read: {first_line(error)}") from error


@contextmanager
def _shown(connection: Any, task: str, progress: bool) -> Iterator[None]:
    """A bar that follows the queries within."""
    if not progress:
        yield
        return
    with terminal.progress_bar(task, 100) as update, _followed(connection, update):
        yield


@contextmanager
def _followed(connection: Any, update: Callable[[int], None]) -> Iterator[None]:
    """Tell a function, now and then, how many percent of the query within are done."""
    wanted = {"enable_progress_bar": "true", "enable_progress_bar_print": "false"}
    done = threading.Event()

    def follow() -> None:
        while not done.wait(_POLL):
            update(max(0, int(connection.query_progress())))

    with ExitStack() as stack:
        for name, value in wanted.items():
            (before,) = connection.execute(f"SELECT current_setting('{name}')").fetchone()
            connection.execute(f"SET {name} = {value}")
            stack.callback(connection.execute, f"SET {name} = {str(before).lower()}")
        watcher = threading.Thread(target=follow, daemon=True)
        watcher.start()
        stack.callback(watcher.join)
        stack.callback(done.set)
        yield
