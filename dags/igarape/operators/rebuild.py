"""The operators that find what is due and build just that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from igarape.config import Config
from igarape.manifest import Pipeline, Table
from igarape.operators.job import LakeJobOperator
from igarape.params import RequestError, Span, parse_date
from igarape.selection import selected

if TYPE_CHECKING:
    from airflow.sdk import Context

DUE = frozenset({"stale", "missing"})
"""How a date stands that a build would change."""


class LakePlanOperator(LakeJobOperator):
    """Asks the ledgers which dates are due; gives them, by table and each table's in order, as XCom ``due``.

    Of dates that are not asked for, those are left alone that are not over: their own schedule builds them.

    :param pipelines: whose tables are planned
    """

    def __init__(self, *, pipelines: Sequence[Pipeline], config: Config, **kwargs: Any) -> None:
        super().__init__(config=config, name="igarape.plan", **kwargs)
        self.pipelines = pipelines

    def execute(self, context: Context) -> None:
        """Plans; needs no Spark session."""
        params: Mapping[str, Any] = context["params"]
        tables = [table for pipeline in self.pipelines for table in pipeline.tables]
        try:
            names = selected(tables, params.get("select"), "the project")
            first = parse_date(params["from"], "from") if params.get("from") else None
            end = parse_date(params["to"], "to") if params.get("to") else None
        except RequestError as error:
            raise AirflowFailException(str(error)) from error
        arguments = ["plan", *self.lake, "--tables", ",".join(str(t.name) for t in tables if t.name in names)]
        plan = self.submit(context, "The plan", "igarape.plan", arguments) or {"dates": []}
        today = {
            str(table.name): datetime.now(UTC).astimezone(pipeline.timezone).date()
            for pipeline in self.pipelines
            for table in pipeline.tables
        }
        due: dict[str, list[str]] = {}
        for planned in plan["dates"]:
            day, table = date.fromisoformat(planned["date"]), planned["table"]
            if planned["status"] in DUE and (first is None or day >= first) and day < (end or today[table]):
                due.setdefault(table, []).append(planned["date"])
        self.log.info("Due: %s", due or "nothing")
        context["ti"].xcom_push(key="due", value=due)


class LakeRebuildOperator(LakeJobOperator):
    """Builds what is due of one table, with one Spark application; skips where nothing is.

    What its inputs' rebuilds have changed since the plan was made is counted, for the job plans again; it builds no
    date before the first or after the last one of the plan.

    :param table: the table to build
    :param plan: the task that planned
    """

    def __init__(self, *, table: Table, plan: str, config: Config, **kwargs: Any) -> None:
        super().__init__(config=config, name=f"igarape.{table.name}", **kwargs)
        self.table = table
        self.plan = plan

    def execute(self, context: Context) -> None:
        """Builds the dates of the plan."""
        due = (context["ti"].xcom_pull(task_ids=self.plan, key="due") or {}).get(str(self.table.name), [])
        if not due:
            raise AirflowSkipException(f"Nothing of {self.table.name} is due")
        days = [date.fromisoformat(day) for day in due]
        span = Span(min(days), max(days) + timedelta(days=1))
        arguments = ["run", *self.lake, "--tables", str(self.table.name), "--due", *span.arguments]
        result = self.submit(context, f"{self.table.name} for {span}", f"igarape.{self.table.name}.{span}", arguments)
        context["ti"].xcom_push(key="results", value=[] if result is None else [result])
        self.warn(context, [result])
