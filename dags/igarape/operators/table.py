"""The operator that builds one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from igarape.config import SPARK_CONNECTION, Config
from igarape.hooks.spark import LakeSparkHook
from igarape.lineage import table_lineage
from igarape.manifest import Pipeline, Table, TableName
from igarape.params import RequestError, Span, events_extra, run_spans
from igarape.selection import selected
from igarape.target import Target

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Context

MAIN_CLASS = "dev.igarape.jobs.Main"

NO_INPUT = 6
FINAL_FAILURES: Mapping[int, str] = {
    2: "the arguments were refused",
    3: "a definition or schema is wrong",
    5: "an expectation failed, or a commit did not balance",
}
"""Exit codes that another try would meet again."""


def asset(name: TableName) -> Asset:
    """The asset that stands for a table."""
    return Asset(name=str(name), uri=f"igarape://{name.layer}/{name.name}")


class LakeTableOperator(SparkSubmitOperator):
    """Builds one table for the dates of the run, by the jobs' jar through ``spark-submit``.

    A landing from HTTP and a view go the same way; for these the jar starts no Spark session. What becomes of the task
    follows the jar's exit code: 0 succeeds; 2, 3 and 5 fail at once; 6 (no input) skips the task; everything else, a
    server that is down (4) above all, is tried again.

    :param table: the table to build
    :param pipeline: the pipeline that declares it
    :param config: where the jar and Spark are
    """

    def __init__(self, *, table: Table, pipeline: Pipeline, config: Config, **kwargs: Any) -> None:
        super().__init__(
            application=config.jar,
            java_class=MAIN_CLASS,
            conn_id=SPARK_CONNECTION,
            spark_binary=config.spark_submit,
            name=f"igarape.{table.name}",
            inlets=[asset(read.table) for read in table.inputs],
            outlets=[asset(table.name)],
            **kwargs,
        )
        self.table = table
        self.pipeline = pipeline
        self.config = config
        self._results: list[dict[str, Any] | None] = []

    def execute(self, context: Context) -> None:
        """Builds each span of dates with one Spark application."""
        params: Mapping[str, Any] = context["params"]
        try:
            tables = selected(self.pipeline, params.get("select"))
            if self.table.name not in tables:
                raise AirflowSkipException(f"{self.table.name} is not selected")
            spans = run_spans(context, self.pipeline.timezone)
        except RequestError as error:
            raise AirflowFailException(str(error)) from error
        results = self._results = [self._build(span, bool(params.get("full_refresh")), context) for span in spans]
        context["outlet_events"][asset(self.table.name)].extra.update(events_extra(spans))
        context["ti"].xcom_push(key="results", value=[result for result in results if result is not None])

    def arguments(self, span: Span, *, full_refresh: bool) -> list[str]:
        """The jar's arguments for these dates."""
        refetch = ["--refetch"] if full_refresh and self.table.lands_dates else []
        return [
            "run",
            *("--manifest", self.config.manifest),
            *("--target", self.config.target),
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
        self.name = f"igarape.{self.table.name}.{span}"
        self.application_args = self.arguments(span, full_refresh=full_refresh)
        hook = self._hook = self._get_hook()
        try:
            super().execute(context)
        except AirflowException as error:
            code = hook.exit_code
            if code == NO_INPUT:
                raise AirflowSkipException(f"{self.table.name} has no input for {span}") from error
            if code is not None and code in FINAL_FAILURES:
                raise AirflowFailException(
                    f"{self.table.name} for {span}: {FINAL_FAILURES[code]} (exit code {code})."
                    " Trying again would end the same way: see the job's last lines in this log,"
                    " mend the cause, then clear the task."
                ) from error
            raise
        return hook.result

    def _get_hook(self) -> LakeSparkHook:
        return LakeSparkHook(
            conn_id=self._conn_id,
            conf=self.conf,
            java_class=self._java_class,
            name=self.name,
            application_args=self.application_args,
            spark_binary=self._spark_binary,
        )
