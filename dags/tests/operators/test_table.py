from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG
from airflow.utils.session import create_session
from conftest import MANIFEST, FakeSpark
from sqlalchemy import select

from igarape.config import Config
from igarape.factory import build_dags
from igarape.manifest import Manifest, TableName
from igarape.operators.table import LakeTableOperator, asset
from igarape.params import Span

RunPipeline = Callable[..., DagRun]


@pytest.fixture
def dags(environment: dict[str, str]) -> dict[str, DAG]:
    manifest = Manifest.load(MANIFEST)
    return {dag.dag_id: dag for dag in build_dags(manifest, Config.from_environment(environment))}


@pytest.fixture
def run(dags: dict[str, DAG], database: None) -> RunPipeline:
    """Runs a pipeline from end to end in this process."""

    def run_pipeline(pipeline: str, logical_date: datetime | None = None, **conf: Any) -> DagRun:
        result: DagRun = dags[pipeline].test(logical_date=logical_date, run_conf=conf)
        return result

    return run_pipeline


def states(run: DagRun) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def operator(dags: dict[str, DAG], table: str) -> LakeTableOperator:
    task = dags["insights"].get_task(table)
    assert isinstance(task, LakeTableOperator)
    return task


def test_names_manifest_target_table_and_date(dags: dict[str, DAG]) -> None:
    arguments = operator(dags, "trusted.insights").arguments(Span.day(date(2024, 1, 1)), full_refresh=False)

    assert arguments == [
        "run",
        *("--manifest", str(MANIFEST)),
        *("--target", "/etc/igarape/target.json"),
        *("--tables", "trusted.insights"),
        *("--date", "2024-01-01"),
    ]


@pytest.mark.parametrize(("table", "refetches"), [("raw.insights", True), ("trusted.insights", False)])
def test_asks_only_http_sources_again(dags: dict[str, DAG], table: str, refetches: bool) -> None:
    arguments = operator(dags, table).arguments(Span.day(date(2024, 1, 1)), full_refresh=True)

    assert ("--refetch" in arguments) is refetches


def test_builds_all_tables_of_a_date_in_order(run: RunPipeline, spark: FakeSpark) -> None:
    result = run("insights", date="2024-01-01")

    assert result.state == "success"
    assert spark.tables == ["raw.insights", "trusted.insights", "gold.grouped_insights", "gold.insights_trend"]
    assert [job[-2:] for job in spark.jobs] == [["--date", "2024-01-01"]] * 4
    assert spark.calls[0][:8] == [
        *("--master", "local[2]"),
        *("--name", "igarape.raw.insights.2024-01-01"),
        *("--class", "dev.igarape.jobs.Main"),
        *("/opt/igarape/igarape-jobs.jar", "run"),
    ]


def test_builds_the_day_of_the_data_interval(run: RunPipeline, spark: FakeSpark) -> None:
    run("insights", logical_date=datetime(2024, 1, 6, tzinfo=UTC), select="raw.insights")

    assert [job[-2:] for job in spark.jobs] == [["--date", "2024-01-05"]]


def test_builds_a_range_with_one_application_for_each_table(run: RunPipeline, spark: FakeSpark) -> None:
    run("insights", **{"from": "2024-01-01", "to": "2024-02-01"})

    assert [job[-4:] for job in spark.jobs] == [["--from", "2024-01-01", "--to", "2024-02-01"]] * 4


def test_builds_only_what_is_selected(run: RunPipeline, spark: FakeSpark) -> None:
    result = run("insights", date="2024-01-01", select="trusted.insights gold.insights_trend")

    assert result.state == "success"
    assert spark.tables == ["trusted.insights", "gold.insights_trend"]
    assert states(result)["raw.insights"] == "skipped"


def test_uses_the_spark_connection(run: RunPipeline, spark: FakeSpark, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = {"conn_type": "spark", "host": "spark://master:7077", "extra": {"deploy-mode": "client"}}
    monkeypatch.setitem(os.environ, "AIRFLOW_CONN_SPARK_DEFAULT", json.dumps(connection))

    run("by_hand", date="2024-01-01")

    assert spark.calls[0][:2] == ["--master", "spark://master:7077"]
    assert "--deploy-mode client" in " ".join(spark.calls[0])


def test_a_run_without_a_day_fails_at_once(run: RunPipeline, spark: FakeSpark) -> None:
    result = run("by_hand")

    assert result.state == "failed"
    assert spark.calls == []


@pytest.mark.parametrize(
    "conf", [{"date": "2024-01-01", "to": "2024-01-02"}, {"from": "2024-01-02", "to": "2024-01-01"}]
)
def test_refuses_days_that_clash(run: RunPipeline, spark: FakeSpark, conf: dict[str, str]) -> None:
    assert run("by_hand", **conf).state == "failed"
    assert spark.calls == []


@pytest.mark.parametrize("code", [2, 3, 5])
def test_fails_at_once_where_another_try_is_useless(run: RunPipeline, spark: FakeSpark, code: int) -> None:
    spark.ends_with(code)

    result = run("by_hand", date="2024-01-01")

    assert result.state == "failed"
    assert len(spark.calls) == 1


@pytest.mark.parametrize("code", [1, 4])
def test_tries_again_until_a_server_is_back(run: RunPipeline, spark: FakeSpark, code: int) -> None:
    spark.ends_with(code, code, 0)

    result = run("by_hand", date="2024-01-01")

    assert result.state == "success"
    assert len(spark.calls) == 3


def test_gives_up_after_two_more_tries(run: RunPipeline, spark: FakeSpark) -> None:
    spark.ends_with(4)

    result = run("by_hand", date="2024-01-01")

    assert result.state == "failed"
    assert len(spark.calls) == 3


def test_skips_a_table_without_input(run: RunPipeline, spark: FakeSpark) -> None:
    spark.ends_tables(raw__insights=6)

    result = run("insights", date="2024-01-01")

    assert states(result)["raw.insights"] == "skipped"
    assert states(result)["trusted.insights"] == "success"


def test_builds_nothing_on_a_table_that_failed(run: RunPipeline, spark: FakeSpark) -> None:
    spark.ends_tables(trusted__insights=5)

    result = run("insights", date="2024-01-01")

    assert result.state == "failed"
    assert spark.tables == ["raw.insights", "trusted.insights"]
    assert states(result)["gold.grouped_insights"] == "upstream_failed"


def test_tells_readers_which_days_it_built(run: RunPipeline) -> None:
    result = run("by_hand", **{"from": "2024-01-01", "to": "2024-01-08"})

    with create_session() as session:
        [event] = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == result.run_id)).all()
        assert (event.uri, event.extra) == ("igarape://gold/by_hand", {"from": "2024-01-01", "to": "2024-01-08"})


@dataclass
class Event:
    """An asset event, as far as the operator reads it, or an outlet's event, as far as it writes it."""

    extra: dict[str, Any]


@dataclass
class TaskInstance:
    """Keeps what is pushed to it."""

    pushed: dict[str, Any] = field(default_factory=dict)

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value


@pytest.mark.usefixtures("database")
def test_builds_the_days_that_its_inputs_built(dags: dict[str, DAG], spark: FakeSpark) -> None:
    task = dags["overview"].get_task("gold.overview")
    assert isinstance(task, LakeTableOperator)
    clicks, events = asset(TableName.parse("trusted.appclickstream")), asset(TableName.parse("gold.grouped_insights"))
    outlet, instance = Event({}), TaskInstance()
    context: Any = {
        "params": {},
        "triggering_asset_events": {
            clicks: [Event({"date": "2024-01-02"}), Event({"date": "2024-01-01"})],
            events: [Event({"date": "2024-01-05"})],
        },
        "outlet_events": {asset(TableName.parse("gold.overview")): outlet},
        "ti": instance,
    }

    task.execute(context)

    assert [job[7:] for job in spark.jobs] == [["--from", "2024-01-01", "--to", "2024-01-03"], ["--date", "2024-01-05"]]
    assert outlet.extra == {"spans": [{"from": "2024-01-01", "to": "2024-01-03"}, {"date": "2024-01-05"}]}
    assert len(instance.pushed["results"]) == 2


def test_shows_what_a_build_warns_of(
    dags: dict[str, DAG], spark: FakeSpark, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of which not one line landed ended in a task as green as any other."""
    warning = "raw.insights: all 3 parts of /in/a.csv went to quarantine"
    spark.warns("raw.insights", warning)
    task, instance = operator(dags, "raw.insights"), TaskInstance()
    context: Any = {
        "params": {"date": "2024-01-01"},
        "outlet_events": {asset(TableName.parse("raw.insights")): Event({})},
        "ti": instance,
    }

    task.execute(context)

    assert instance.pushed["warnings"] == [warning]
    assert re.search(rf"warning *\] warning: {re.escape(warning)}", capsys.readouterr().out)


def test_a_build_that_warns_of_nothing_says_nothing(dags: dict[str, DAG], spark: FakeSpark) -> None:
    task, instance = operator(dags, "raw.insights"), TaskInstance()
    context: Any = {
        "params": {"date": "2024-01-01"},
        "outlet_events": {asset(TableName.parse("raw.insights")): Event({})},
        "ti": instance,
    }

    task.execute(context)

    assert "warnings" not in instance.pushed
