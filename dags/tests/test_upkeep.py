from __future__ import annotations

from typing import Any, cast

import pytest
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG, CronTriggerTimetable
from conftest import MANIFEST, FakeSpark

from igarape.config import Config
from igarape.manifest import Manifest
from igarape.upkeep import build_upkeep_dags


@pytest.fixture
def dags(environment: dict[str, str]) -> dict[str, DAG]:
    return {dag.dag_id: dag for dag in build_upkeep_dags(Manifest.load(MANIFEST), Config.from_environment(environment))}


def commands(spark: FakeSpark) -> list[str]:
    return [call[call.index("--manifest") - 1] for call in spark.calls]


def states(run: DagRun) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def test_repairs_every_few_minutes_and_does_the_rest_at_night(dags: dict[str, DAG]) -> None:
    crons = {name: cast(CronTriggerTimetable, dag.timetable).expression for name, dag in dags.items()}

    assert crons == {"igarape_repair": "*/5 * * * *", "igarape_upkeep": "30 3 * * *"}
    assert all(not dag.catchup and dag.max_active_runs == 1 for dag in dags.values())


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("dag", "expected"),
    [("igarape_repair", ["repair"]), ("igarape_upkeep", ["retention", "compact", "clean", "verify"])],
)
def test_runs_each_command_once_for_all_tables(
    dags: dict[str, DAG], spark: FakeSpark, dag: str, expected: list[str]
) -> None:
    run: DagRun = dags[dag].test()

    names = [str(table.name) for pipeline in Manifest.load(MANIFEST).pipelines for table in pipeline.tables]
    assert run.state == "success"
    assert sorted(commands(spark)) == sorted(expected)
    assert all(
        call[-4:] == ["--target", "/etc/igarape/target.json", "--tables", ",".join(names)] for call in spark.calls
    )


@pytest.mark.usefixtures("database")
def test_a_dry_run_changes_nothing(dags: dict[str, DAG], spark: FakeSpark) -> None:
    conf: dict[str, Any] = {"dry_run": True}
    dags["igarape_upkeep"].test(run_conf=conf)

    assert {command: "--dry-run" in call for command, call in zip(commands(spark), spark.calls, strict=True)} == {
        "retention": True,
        "compact": True,
        "clean": True,
        "verify": False,
    }


@pytest.mark.usefixtures("database")
def test_one_that_fails_does_not_keep_the_others(dags: dict[str, DAG], spark: FakeSpark) -> None:
    spark.ends_with(3, 0)

    run: DagRun = dags["igarape_upkeep"].test()

    assert run.state == "failed"
    assert sorted(states(run).values()) == ["failed", "success", "success", "success"]
