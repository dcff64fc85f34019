"""Which tables of a pipeline ``select`` names."""

from __future__ import annotations

import re

from igarape.manifest import Pipeline, TableName
from igarape.params import RequestError


def selected(pipeline: Pipeline, text: str | None) -> frozenset[TableName]:
    """The tables that ``text`` names: all if it is empty; ``+`` before a name adds its inputs, after it its readers.

    Raises RequestError for a table that the pipeline does not have.
    """
    terms = re.split(r"[,\s]+", text.strip(" ,")) if text else []
    if not any(terms):
        return frozenset(table.name for table in pipeline.tables)
    return frozenset(name for term in terms for name in _expand(pipeline, term))


def _expand(pipeline: Pipeline, term: str) -> set[TableName]:
    inputs = {table.name: {read.table for read in table.inputs} for table in pipeline.tables}
    readers = {name: {other for other in inputs if name in inputs[other]} for name in inputs}
    name = _known(pipeline, term.removeprefix("+").removesuffix("+"))
    names = {name}
    if term.startswith("+"):
        names |= _reach(name, inputs)
    if term.endswith("+"):
        names |= _reach(name, readers)
    return names & inputs.keys()


def _known(pipeline: Pipeline, text: str) -> TableName:
    for table in pipeline.tables:
        if str(table.name) == text:
            return table.name
    names = ", ".join(str(table.name) for table in pipeline.tables)
    raise RequestError(f"select names {text!r}, which pipeline {pipeline.name} does not have. It has {names}.")


def _reach(start: TableName, edges: dict[TableName, set[TableName]]) -> set[TableName]:
    reached: set[TableName] = set()
    ahead = [start]
    while ahead:
        for name in edges.get(ahead.pop(), set()) - reached:
            reached.add(name)
            ahead.append(name)
    return reached
