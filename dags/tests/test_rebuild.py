from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG
from conftest import MANIFEST, FakeSpark

from igarape.config import Config
from igarape.manifest import Manifest
from igarape.rebuild import build_rebuild_dag


@pytest.fixture
def dag(environment: dict[str, str], database: None) -> DAG:
    return build_rebuild_dag(Manifest.load(MANIFEST), Config.from_environment(environment))


def rebuild(dag: DAG, **conf: Any) -> DagRun:
    result: DagRun = dag.test(logical_date=datetime(2024, 3, 1, tzinfo=UTC), run_conf=conf)
    return result


def states(run: DagRun) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def built(spark: FakeSpark) -> list[tuple[str, ...]]:
    """Table and what follows it, of every job that built."""
    return [tuple(job[job.index("--tables") + 1 :]) for job in spark.jobs]


def test_every_daily_table_comes_after_the_plan_and_its_inputs(dag: DAG) -> None:
    daily = [table for p in Manifest.load(MANIFEST).pipelines for table in p.tables if table.is_planned]

    assert set(dag.task_ids) == {"plan", *(str(table.name) for table in daily)}
    for table in daily:
        before = {str(read.table) for read in table.inputs} & set(dag.task_ids)
        assert dag.get_task(str(table.name)).upstream_task_ids == before | {"plan"}


def test_builds_just_what_is_due_one_application_for_each_table(dag: DAG, spark: FakeSpark) -> None:
    spark.plans(
        "trusted.insights 2024-01-01 stale",
        "trusted.insights 2024-01-02 fresh",
        "trusted.insights 2024-01-03 missing",
        "gold.grouped_insights 2024-01-01 stale",
        "gold.grouped_insights 2024-01-02 frozen",
        "trusted.appclickstream 2024-01-01 running",
        "trusted.appclickstream 2024-01-02 blocked",
    )

    run = rebuild(dag)

    assert built(spark) == [
        ("trusted.insights", "--due", "--from", "2024-01-01", "--to", "2024-01-04"),
        ("gold.grouped_insights", "--due", "--date", "2024-01-01"),
    ]
    ran = {task for task, state in states(run).items() if state == "success"}
    assert ran == {"plan", "trusted.insights", "gold.grouped_insights"}
    assert set(states(run).values()) == {"success", "skipped"}


def test_a_backfill_has_each_date_downstream_built_once(dag: DAG, spark: FakeSpark) -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 32)]
    spark.plans(*(f"{table} {day} stale" for table in ("trusted.insights", "gold.grouped_insights") for day in days))

    rebuild(dag)
    spark.plans(*(f"{table} {day} fresh" for table in ("trusted.insights", "gold.grouped_insights") for day in days))
    rebuild(dag)

    whole = ("--due", "--from", "2024-01-01", "--to", "2024-02-01")
    assert built(spark) == [("trusted.insights", *whole), ("gold.grouped_insights", *whole)]


def test_a_failed_table_keeps_those_after_it_from_being_built(dag: DAG, spark: FakeSpark) -> None:
    spark.plans("trusted.insights 2024-01-01 stale", "gold.grouped_insights 2024-01-01 stale")
    spark.ends_tables(trusted__insights=3)

    run = rebuild(dag)

    assert states(run)["trusted.insights"] == "failed"
    assert states(run)["gold.grouped_insights"] == "upstream_failed"


def test_select_and_range_narrow_the_plan(dag: DAG, spark: FakeSpark) -> None:
    spark.plans(*(f"trusted.insights 2024-01-0{day} stale" for day in (1, 2, 3)))

    rebuild(dag, select="trusted.insights+", **{"from": "2024-01-02", "to": "2024-01-03"})

    [plan] = [call for call in spark.calls if "plan" in call]
    assert plan[plan.index("--tables") + 1].split(",")[:2] == ["trusted.insights", "gold.grouped_insights"]
    assert "raw.insights" not in plan[plan.index("--tables") + 1]
    assert built(spark) == [("trusted.insights", "--due", "--date", "2024-01-02")]


def test_a_date_that_is_not_over_is_left_to_its_schedule(dag: DAG, spark: FakeSpark) -> None:
    today = datetime.now(UTC).date()
    spark.plans(f"trusted.insights {today} missing", f"trusted.insights {today - timedelta(days=1)} missing")

    rebuild(dag)

    assert built(spark) == [("trusted.insights", "--due", "--date", str(today - timedelta(days=1)))]


def test_refuses_a_table_that_the_project_does_not_have(dag: DAG, spark: FakeSpark) -> None:
    run = rebuild(dag, select="gold.nothing")

    assert states(run)["plan"] == "failed"
    assert spark.calls == []
