from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import TaskDeferred
from conftest import MANIFEST
from fakes import FakeHdfs, fake_hdfs

from igarape.config import Config
from igarape.factory import build_dags
from igarape.manifest import Input, Manifest, Pipeline, TableName
from igarape.operators.complete import CompleteTrigger, LakeCompleteSensor

CLICKS = TableName.parse("trusted.appclickstream")
LEDGER = "/lake/_ledger/dev_raw.appclickstream"
NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def hdfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHdfs]:
    with fake_hdfs() as (fake, port):
        connection = {"conn_type": "webhdfs", "host": "127.0.0.1", "port": port, "login": "lake"}
        monkeypatch.setenv("AIRFLOW_CONN_WEBHDFS_DEFAULT", json.dumps(connection))
        yield fake


def arrives(hdfs: FakeHdfs, moment: datetime) -> None:
    hdfs.make(f"{LEDGER}/_arrived")
    hdfs.files[f"{LEDGER}/_arrived/{int(moment.timestamp() * 1000):015}"] = b""


def waiting(pipeline: Pipeline, *, lateness: timedelta, inputs: tuple[Input, ...] | None = None) -> Pipeline:
    """The pipeline, each of whose daily tables waits."""
    tables = tuple(
        replace(table, lateness=lateness, inputs=inputs or table.inputs) if table.is_planned else table
        for table in pipeline.tables
    )
    return replace(pipeline, tables=tables)


def dag_of(name: str, manifest: Manifest, environment: dict[str, str], target: Path | None = None) -> DAG:
    config = Config.from_environment(environment)
    if target is not None:
        target.write_text(json.dumps({"prefix": "dev_", "root": "/lake", "metastore": "thrift://metastore:9083"}))
        config = replace(config, target=str(target))
    return {dag.dag_id: dag for dag in build_dags(manifest, config)}[name]


def pipelines() -> dict[str, Pipeline]:
    return {pipeline.name: pipeline for pipeline in Manifest.load(MANIFEST).pipelines}


def sensor(dag: DAG, table: TableName) -> LakeCompleteSensor:
    task = dag.get_task(f"{table}.complete")
    assert isinstance(task, LakeCompleteSensor)
    return task


def run_of(day: str, dag: DAG) -> Any:
    return {"params": {"date": day}, "dag": dag}


def test_stands_before_the_table_and_the_landing_of_its_own_pipeline(environment: dict[str, str]) -> None:
    clicks = waiting(pipelines()["clickstream"], lateness=timedelta(hours=2))

    dag = dag_of("clickstream", Manifest((clicks,)), environment)

    assert dag.get_task(f"{CLICKS}.complete").downstream_task_ids == {"raw.appclickstream", str(CLICKS)}


def test_tables_that_do_not_wait_have_no_sensor(environment: dict[str, str]) -> None:
    dags = build_dags(Manifest.load(MANIFEST), Config.from_environment(environment))

    assert not [task for dag in dags for task in dag.tasks if isinstance(task, LakeCompleteSensor)]


def test_a_past_date_of_ones_own_landing_passes(environment: dict[str, str]) -> None:
    clicks = waiting(pipelines()["clickstream"], lateness=timedelta(hours=2))
    dag = dag_of("clickstream", Manifest((clicks,)), environment)

    sensor(dag, CLICKS).execute(run_of("2024-01-01", dag))


def test_a_date_that_is_not_over_is_deferred_until_it_is(environment: dict[str, str]) -> None:
    clicks = waiting(pipelines()["clickstream"], lateness=timedelta(hours=2))
    dag = dag_of("clickstream", Manifest((clicks,)), environment)
    tomorrow = datetime.now(clicks.timezone).date() + timedelta(days=1)

    with pytest.raises(TaskDeferred) as deferred:
        sensor(dag, CLICKS).execute(run_of(str(tomorrow), dag))

    trigger = deferred.value.trigger
    assert isinstance(trigger, CompleteTrigger)
    over = datetime.combine(tomorrow + timedelta(days=1), datetime.min.time(), clicks.timezone)
    assert trigger.moment == over + timedelta(hours=2)
    assert trigger.ledgers == []
    assert deferred.value.method_name == "resume"


def test_a_landing_of_another_pipeline_is_waited_for(
    environment: dict[str, str], hdfs: FakeHdfs, tmp_path: Path
) -> None:
    overview = waiting(
        pipelines()["overview"],
        lateness=timedelta(hours=12),
        inputs=(Input(TableName.parse("raw.appclickstream"), 0), Input(TableName.parse("raw.insights"), 0)),
    )
    manifest = Manifest((pipelines()["insights"], pipelines()["clickstream"], overview))
    dag = dag_of("overview", manifest, environment, tmp_path / "target.json")
    overview_sensor = sensor(dag, TableName.parse("gold.overview"))
    midnight = datetime(2024, 1, 2, tzinfo=overview.timezone)
    arrives(hdfs, midnight + timedelta(hours=11))

    with pytest.raises(TaskDeferred) as deferred:
        overview_sensor.execute(run_of("2024-01-01", dag))
    assert isinstance(deferred.value.trigger, CompleteTrigger)
    assert deferred.value.trigger.ledgers == [LEDGER]

    arrives(hdfs, midnight + timedelta(hours=12))
    overview_sensor.execute(run_of("2024-01-01", dag))


def test_a_table_that_is_not_selected_waits_for_nothing(environment: dict[str, str]) -> None:
    clicks = waiting(pipelines()["clickstream"], lateness=timedelta(hours=2))
    dag = dag_of("clickstream", Manifest((clicks,)), environment)
    context = run_of("2999-01-01", dag)
    context["params"]["select"] = "raw.appclickstream"

    sensor(dag, CLICKS).execute(context)


def test_the_trigger_fires_once_the_landing_has_got_so_far(hdfs: FakeHdfs) -> None:
    arrives(hdfs, NOON - timedelta(seconds=1))
    path, arguments = CompleteTrigger(NOON, [LEDGER], poll_seconds=0.01).serialize()
    assert path == f"{CompleteTrigger.__module__}.CompleteTrigger"

    async def fire() -> bool:
        first = asyncio.ensure_future(anext(CompleteTrigger(**arguments).run()))
        done, _ = await asyncio.wait([first], timeout=0.3)
        assert not done
        arrives(hdfs, NOON)
        await asyncio.wait_for(first, timeout=10)
        return True

    assert asyncio.run(fire())


def test_the_trigger_outlasts_a_server_that_is_down(hdfs: FakeHdfs) -> None:
    arrives(hdfs, NOON)
    hdfs.refuses = "LISTSTATUS"

    async def fire() -> None:
        first = asyncio.ensure_future(anext(CompleteTrigger(NOON, [LEDGER], poll_seconds=0.01).run()))
        done, _ = await asyncio.wait([first], timeout=0.3)
        assert not done
        hdfs.refuses = None
        await asyncio.wait_for(first, timeout=10)

    asyncio.run(fire())
