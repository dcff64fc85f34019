from __future__ import annotations

from pathlib import Path

import pytest
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException
from conftest import MANIFEST, FakeSpark
from hooks.test_live import FakeLive, fake_live

from igarape.config import Config
from igarape.factory import build_dags
from igarape.manifest import Manifest
from igarape.operators.job import LakeJobOperator

RESULT = '{"out": "{\\"run_id\\": \\"r\\", \\"tables\\": [{\\"table\\": \\"raw.insights\\", \\"written\\": 7}]}"}'


def dag(environment: dict[str, str], tmp_path: Path) -> DAG:
    """The pipeline by_hand, with a live service's state file."""
    jar = tmp_path / "jobs.jar"
    jar.write_text("jar")
    variables = {**environment, "IGARAPE_LIVE": str(tmp_path / "process.json"), "IGARAPE_JAR": str(jar)}
    dags = {made.dag_id: made for made in build_dags(Manifest.load(MANIFEST), Config.from_environment(variables))}
    return dags["insights"]


def build(pipeline: DAG, *, cold: bool = False) -> DagRun:
    run: DagRun = pipeline.test(run_conf={"date": "2024-01-01", "select": "raw.insights", "cold": cold})
    return run


def state(run: DagRun) -> str:
    return next(str(task.state) for task in run.get_task_instances() if task.task_id == "raw.insights")


@pytest.fixture
def pipeline(database: None, environment: dict[str, str], tmp_path: Path) -> DAG:
    return dag(environment, tmp_path)


@pytest.mark.parametrize(
    ("code", "becomes", "tries"),
    [(0, "success", 1), (3, "failed", 1), (4, "failed", 3), (6, "skipped", 1), (None, "failed", 3)],
)
def test_the_live_service_builds_the_table(
    pipeline: DAG, tmp_path: Path, code: int | None, becomes: str, tries: int
) -> None:
    with fake_live(tmp_path / "process.json") as live:
        live.lines = [RESULT] if code is None else [RESULT, f'{{"exit": {code}}}']
        run = build(pipeline)

    assert arguments(live) == [["run", "raw.insights", "2024-01-01"]] * tries
    assert state(run) == becomes


def arguments(live: FakeLive) -> list[list[str]]:
    """The command, table and date of each run that was handed over."""
    return [
        [run["arguments"][0], *(run["arguments"][run["arguments"].index(name) + 1] for name in ("--tables", "--date"))]
        for run in live.runs
    ]


def test_a_task_that_is_ended_while_it_asks_begins_nothing_else(
    pipeline: DAG, spark: FakeSpark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = pipeline.get_task("raw.insights")
    assert isinstance(task, LakeJobOperator)

    with fake_live(tmp_path / "process.json") as live:
        live.status = 503
        live.during_run = task.on_kill
        with pytest.raises(AirflowException, match="was ended before the job had begun"):
            task.submit({}, "raw.insights", "raw.insights", ["run"])

    assert len(live.runs) == 1
    assert spark.calls == []


def test_spark_submit_builds_it_where_the_service_is_full(pipeline: DAG, spark: FakeSpark, tmp_path: Path) -> None:
    with fake_live(tmp_path / "process.json") as live:
        live.status = 503
        run = build(pipeline)

    assert len(live.runs) == 1
    assert spark.tables == ["raw.insights"]
    assert state(run) == "success"


def test_a_cold_run_hands_nothing_to_the_service(pipeline: DAG, spark: FakeSpark, tmp_path: Path) -> None:
    with fake_live(tmp_path / "process.json") as live:
        run = build(pipeline, cold=True)

    assert live.runs == []
    assert spark.tables == ["raw.insights"]
    assert state(run) == "success"
