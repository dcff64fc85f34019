"""The manifest that ``./lake compile`` writes, as frozen dataclasses: what Airflow needs of it, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

VERSION = 2

_PIPELINE = re.compile(r"[a-z][a-z0-9_]{0,99}")
_TABLE = re.compile(r"([a-z]+)\.([a-z][a-z0-9_]{0,99})")


class ManifestError(ValueError):
    """The manifest can't be read: says where, why, and what to do."""


@dataclass(frozen=True, order=True)
class TableName:
    """``<layer>.<name>``, e.g. ``trusted.insights``."""

    layer: str
    name: str

    @classmethod
    def parse(cls, text: str) -> TableName:
        """Reads ``<layer>.<name>``; raises ValueError for anything else."""
        form = _TABLE.fullmatch(text)
        if form is None:
            raise ValueError(f"{text!r} is not a table: write <layer>.<name>, e.g. trusted.orders")
        return cls(form.group(1), form.group(2))

    def __str__(self) -> str:
        return f"{self.layer}.{self.name}"


@dataclass(frozen=True)
class Input:
    """A table that another one reads, with ``lookback`` earlier dates."""

    table: TableName
    lookback: int


@dataclass(frozen=True)
class Expectation:
    """A named predicate with an action: ``warn``, ``quarantine``, ``drop`` or ``fail``."""

    name: str
    check: str
    on_fail: str


@dataclass(frozen=True)
class Table:
    """One table as declared.

    :param source: where a landing's data comes from, e.g. ``http``
    :param sql: that of kinds which are defined by a query
    :param columns: type by column, also of those that the kind of table adds, such as the periods of a history
    :param traits: what the table is and can do, as the lake's ``Trait`` names it; unknown names are kept
    :param lateness: how long after the end of a date its inputs are complete; None if the table does not wait for that
    """

    name: TableName
    description: str
    kind: str
    source: str | None
    sql: str | None
    columns: Mapping[str, str]
    inputs: tuple[Input, ...]
    expectations: tuple[Expectation, ...]
    retention: str
    traits: frozenset[str]
    lateness: timedelta | None = None

    @property
    def is_incremental(self) -> bool:
        """Whether each run takes what the source has got since the last run, whatever date that run is for."""
        return "incremental" in self.traits

    @property
    def is_dated(self) -> bool:
        """Whether a run builds just the dates that it is given, each as a whole."""
        return "dated" in self.traits

    @property
    def is_built_by_date(self) -> bool:
        """Whether a run is for dates, and the ledger says which were built.

        One row for each key (``keyed``) is of no date, but the plan goes by the dates of what such a table reads.
        """
        return self.is_dated or self.is_planned

    @property
    def is_refetchable(self) -> bool:
        """Whether a source gives the rows of a date, which are kept until they are asked for again."""
        return "refetchable" in self.traits

    @property
    def is_planned(self) -> bool:
        """Whether dates are built from inputs, so that the plan knows which are stale."""
        return "planned" in self.traits

    @property
    def is_query(self) -> bool:
        """Whether the rows are what a query gives, so that all columns can be declared."""
        return "query" in self.traits


@dataclass(frozen=True)
class Pipeline:
    """A folder of tables with a schedule; tables stand in build order."""

    name: str
    description: str
    owner: str
    schedule: str
    start_date: date
    timezone: ZoneInfo
    tags: tuple[str, ...]
    tables: tuple[Table, ...]

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of its tables, in build order."""
        return tuple(dict.fromkeys(table.name.layer for table in self.tables))

    @property
    def foreign_inputs(self) -> tuple[TableName, ...]:
        """The tables of other pipelines that this one reads, each once."""
        own = {table.name for table in self.tables}
        inputs = (read.table for table in self.tables for read in table.inputs)
        return tuple(dict.fromkeys(name for name in inputs if name not in own))


@dataclass(frozen=True)
class Manifest:
    """All pipelines of a project."""

    pipelines: tuple[Pipeline, ...]

    @classmethod
    def load(cls, path: str | Path) -> Manifest:
        """Reads the file; raises ManifestError that names it."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ManifestError(
                f"Cannot read the manifest {path}: {error}. Write it with ./lake compile, and check IGARAPE_MANIFEST."
            ) from error
        try:
            return cls.parse(text)
        except ManifestError as error:
            raise ManifestError(f"{path}: {error}") from error

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Reads manifest.json; raises ManifestError."""
        try:
            document = _Node(json.loads(text), "manifest")
        except ValueError as error:
            raise ManifestError(f"not JSON: {error}. Write it again with ./lake compile.") from error
        version = document.get("version")
        if version != VERSION:
            raise ManifestError(
                f"its version is {version!r}, and these DAGs read version {VERSION}."
                " Compile it with the ./lake of the same release."
            )
        pipelines = tuple(_pipeline(node) for node in document.each("pipelines"))
        _refuse_twins("pipeline", [pipeline.name for pipeline in pipelines])
        _refuse_twins("table", [str(table.name) for pipeline in pipelines for table in pipeline.tables])
        return cls(pipelines)


class _Node:
    """A JSON object that knows where it stands, so that every fault can say so."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise ManifestError(
                f"{place} is {type(value).__name__}, not an object. Write it again with ./lake compile."
            )
        self._value = value
        self.place = place

    def get(self, key: str) -> Any:
        return self._value.get(key)

    def text(self, key: str) -> str:
        return str(self._typed(key, str))

    def number(self, key: str) -> int:
        return int(self._typed(key, int))

    def child(self, key: str) -> _Node:
        return _Node(self._typed(key, dict), f"{self.place}.{key}")

    def strings(self, key: str) -> Mapping[str, str]:
        return {str(name): str(value) for name, value in self._typed(key, dict).items()}

    def each(self, key: str) -> Iterator[_Node]:
        for index, value in enumerate(self._typed(key, list)):
            yield _Node(value, f"{self.place}.{key}[{index}]")

    def list_of_text(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._typed(key, list))

    def fault(self, key: str, problem: str) -> ManifestError:
        return ManifestError(f"{self.place}.{key} {problem}. Write it again with ./lake compile.")

    def _typed(self, key: str, kind: type) -> Any:
        value = self._value.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fault(key, "is missing" if value is None else f"is {value!r}, not {kind.__name__}")
        return value


def _pipeline(node: _Node) -> Pipeline:
    name = node.text("name")
    if not _PIPELINE.fullmatch(name):
        raise node.fault("name", f"is {name!r}: use lower-case letters, digits and underscores")
    try:
        start_date = date.fromisoformat(node.text("start_date"))
    except ValueError as error:
        raise node.fault("start_date", f"is not a date ({error})") from error
    try:
        timezone = ZoneInfo(node.text("timezone"))
    except (KeyError, ValueError, OSError) as error:
        raise node.fault("timezone", f"is {node.text('timezone')!r}, which is no timezone") from error
    return Pipeline(
        name=name,
        description=node.text("description"),
        owner=node.text("owner"),
        schedule=node.text("schedule"),
        start_date=start_date,
        timezone=timezone,
        tags=node.list_of_text("tags"),
        tables=tuple(_table(table) for table in node.each("tables")),
    )


def _table(node: _Node) -> Table:
    definition = node.child("definition")
    traits = frozenset(node.list_of_text("traits"))
    return Table(
        name=_table_name(node, "name"),
        description=node.text("description"),
        kind=definition.text("kind"),
        source=definition.child("source").text("type") if definition.get("source") else None,
        sql=definition.text("sql") if "query" in traits else None,
        columns={**node.strings("columns"), **(node.strings("added_columns") if node.get("added_columns") else {})},
        inputs=tuple(Input(_table_name(read, "table"), read.number("lookback")) for read in node.each("inputs")),
        expectations=tuple(
            Expectation(rule.text("name"), rule.text("check"), rule.text("on_fail"))
            for rule in node.each("expectations")
        ),
        retention=node.text("retention"),
        traits=traits,
        lateness=timedelta(seconds=node.child("wait_for").number("lateness_seconds")) if node.get("wait_for") else None,
    )


def _table_name(node: _Node, key: str) -> TableName:
    try:
        return TableName.parse(node.text(key))
    except ManifestError:
        raise
    except ValueError as error:
        raise node.fault(key, f"is wrong: {error}") from error


def _refuse_twins(what: str, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise ManifestError(f"{what} {', '.join(twins)} stands in it twice. Write it again with ./lake compile.")
