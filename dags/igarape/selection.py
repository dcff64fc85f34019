"""Which tables ``select`` names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from igarape.manifest import Table, TableName
from igarape.params import RequestError


def selected(tables: Sequence[Table], text: str | None, where: str) -> frozenset[TableName]:
    """Those of the tables that ``text`` names: all if it is empty; ``+`` before a name adds its inputs, after it its
    readers.

    Raises RequestError for one that is not among them.

    :param where: says in that error where the tables are, e.g. ``pipeline insights``
    """
    terms = re.split(r"[,\s]+", text.strip(" ,")) if text else []
    if not any(terms):
        return frozenset(table.name for table in tables)
    return frozenset(name for term in terms for name in _expand(tables, term, where))


def _expand(tables: Sequence[Table], term: str, where: str) -> set[TableName]:
    inputs = {table.name: {read.table for read in table.inputs} for table in tables}
    readers = {name: {other for other in inputs if name in inputs[other]} for name in inputs}
    name = _known(tables, term.removeprefix("+").removesuffix("+"), where)
    names = {name}
    if term.startswith("+"):
        names |= _reach(name, inputs)
    if term.endswith("+"):
        names |= _reach(name, readers)
    return names & inputs.keys()


def _known(tables: Sequence[Table], text: str, where: str) -> TableName:
    for table in tables:
        if str(table.name) == text:
            return table.name
    names = ", ".join(str(table.name) for table in tables)
    raise RequestError(f"select names {text!r}, which {where} does not have. It has {names}.")


def _reach(start: TableName, edges: dict[TableName, set[TableName]]) -> set[TableName]:
    reached: set[TableName] = set()
    ahead = [start]
    while ahead:
        for name in edges.get(ahead.pop(), set()) - reached:
            reached.add(name)
            ahead.append(name)
    return reached
