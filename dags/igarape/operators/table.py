"""The operator that builds one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from igarape.config import Config
from igarape.lineage import table_lineage
from igarape.manifest import Pipeline, Table, TableName
from igarape.operators.job import LakeJobOperator
from igarape.params import RequestError, Span, events_extra, run_spans
from igarape.selection import selected
from igarape.target import Target

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Context


def asset(name: TableName) -> Asset:
    """The asset that stands for a table."""
    return Asset(name=str(name), uri=f"igarape://{name.layer}/{name.name}")


class LakeTableOperator(LakeJobOperator):
    """Builds one table for the dates of the run.

    A landing from HTTP and a view go the same way; for these the jar starts no Spark session.

    :param table: the table to build
    :param pipeline: the pipeline that declares it
    :param config: where the jar and Spark are
    """

    def __init__(self, *, table: Table, pipeline: Pipeline, config: Config, **kwargs: Any) -> None:
        super().__init__(
            config=config,
            name=f"igarape.{table.name}",
            inlets=[asset(read.table) for read in table.inputs],
            outlets=[asset(table.name)],
            **kwargs,
        )
        self.table = table
        self.pipeline = pipeline
        self._results: list[dict[str, Any] | None] = []

    def execute(self, context: Context) -> None:
        """Builds each span of dates with one Spark application."""
        params: Mapping[str, Any] = context["params"]
        try:
            tables = selected(self.pipeline.tables, params.get("select"), f"pipeline {self.pipeline.name}")
            if self.table.name not in tables:
                raise AirflowSkipException(f"{self.table.name} is not selected")
            spans = run_spans(context, self.pipeline.timezone)
        except RequestError as error:
            raise AirflowFailException(str(error)) from error
        results = self._results = []
        try:
            for span in spans:
                results.append(self._build(span, bool(params.get("full_refresh")), context))
        finally:
            # Also of spans that were built before one failed: no later run tells of them.
            self.warn(context, results)
        context["outlet_events"][asset(self.table.name)].extra.update(events_extra(spans))
        context["ti"].xcom_push(key="results", value=[result for result in results if result is not None])

    def arguments(self, span: Span, *, full_refresh: bool) -> list[str]:
        """The jar's arguments for these dates."""
        refetch = ["--refetch"] if full_refresh and self.table.is_refetchable else []
        return [
            "run",
            *self.lake,
            *("--tables", str(self.table.name)),
            *span.arguments,
            *refetch,
        ]

    def get_openlineage_facets_on_start(self) -> OperatorLineage[Any, Any]:
        """What it reads and writes, for OpenLineage."""
        return table_lineage(self.pipeline, self.table, Target.load(self.config.target), rows=None)

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any]:
        """The same with the number of rows written."""
        built = [table for result in self._results if result is not None for table in result["tables"]]
        rows = sum(int(table.get("written", 0)) for table in built)
        return table_lineage(self.pipeline, self.table, Target.load(self.config.target), rows=rows)

    def _build(self, span: Span, full_refresh: bool, context: Context) -> dict[str, Any] | None:
        arguments = self.arguments(span, full_refresh=full_refresh)
        return self.submit(context, f"{self.table.name} for {span}", f"igarape.{self.table.name}.{span}", arguments)
