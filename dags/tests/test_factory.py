from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from airflow.sdk import DAG, Asset, AssetAny, CronDataIntervalTimetable, WeightRule
from conftest import MANIFEST, manifest_with_current

from igarape.config import Config
from igarape.factory import build_dag, build_dags
from igarape.manifest import Manifest, ManifestError
from igarape.operators.table import LakeTableOperator
from igarape.params import Span
from igarape.rebuild import build_rebuild_dag


@pytest.fixture
def dags(environment: dict[str, str]) -> dict[str, DAG]:
    manifest = Manifest.load(MANIFEST)
    return {dag.dag_id: dag for dag in build_dags(manifest, Config.from_environment(environment))}


def test_makes_a_dag_of_each_pipeline(dags: dict[str, DAG]) -> None:
    assert set(dags) == {"insights", "clickstream", "overview", "by_hand"}


def test_makes_tasks_of_kinds_that_it_does_not_know(environment: dict[str, str]) -> None:
    document = json.loads(MANIFEST.read_text())
    document["pipelines"][0]["tables"][1]["definition"] = {"kind": "tally", "of": "raw.insights"}
    document["pipelines"][0]["tables"][1]["traits"] = ["rows", "dated", "planned"]
    manifest = Manifest.parse(json.dumps(document))
    config = Config.from_environment(environment)

    [insights] = [dag for dag in build_dags(manifest, config) if dag.dag_id == "insights"]
    rebuild = build_rebuild_dag(manifest, config)

    assert insights.get_task("trusted.insights").upstream_task_ids == {"raw.insights"}
    assert "Kind: tally" in str(insights.get_task("trusted.insights").doc_md)
    assert "trusted.insights" in rebuild.task_ids


def test_schedules_tables_with_intervals_like_other_daily_ones(environment: dict[str, str]) -> None:
    document = json.loads(MANIFEST.read_text())
    config = Config.from_environment(environment)
    whole = build_dags(Manifest.parse(json.dumps(document)), config)
    trusted = document["pipelines"][0]["tables"][1]
    trusted["definition"] |= {"time": "at", "interval_seconds": 300}
    trusted["traits"].append("timed")
    manifest = Manifest.parse(json.dumps(document))

    for dag, other in zip(build_dags(manifest, config), whole, strict=True):
        assert (dag.dag_id, type(dag.timetable)) == (other.dag_id, type(other.timetable))
        assert {task.task_id: (type(task), task.downstream_task_ids) for task in dag.tasks} == {
            task.task_id: (type(task), task.downstream_task_ids) for task in other.tasks
        }
    assert "trusted.insights" in build_rebuild_dag(manifest, config).task_ids


def test_schedules_current_tables_like_daily_ones(environment: dict[str, str]) -> None:
    manifest = Manifest.parse(manifest_with_current())
    config = Config.from_environment(environment)
    [insights] = [dag for dag in build_dags(manifest, config) if dag.dag_id == "insights"]
    users = insights.get_task("gold.users")
    rebuild = build_rebuild_dag(manifest, config).get_task("gold.users")

    assert isinstance(users, LakeTableOperator)
    assert users.upstream_task_ids == {"trusted.insights"}
    assert [outlet.name for outlet in users.outlets] == ["gold.users"]
    assert users.arguments(Span.day(date(2024, 1, 1)), full_refresh=True)[-4:] == [
        "--tables",
        "gold.users",
        "--date",
        "2024-01-01",
    ]
    assert "Kind: current" in str(users.doc_md)
    assert rebuild.upstream_task_ids == {"plan", "trusted.insights"}


def test_a_table_comes_after_an_input_without_dates(environment: dict[str, str]) -> None:
    document = json.loads(manifest_with_current())
    tables = document["pipelines"][0]["tables"]
    named = json.loads(json.dumps(next(table for table in tables if table["name"] == "gold.grouped_insights")))
    named["name"] = "gold.named_insights"
    named["inputs"].append({"table": "gold.users", "lookback": 0, "refresh": "always"})
    tables.append(named)
    manifest = Manifest.parse(json.dumps(document))
    config = Config.from_environment(environment)
    [insights] = [dag for dag in build_dags(manifest, config) if dag.dag_id == "insights"]

    task = insights.get_task("gold.named_insights")

    assert task.upstream_task_ids == {"trusted.insights", "gold.users"}
    assert [inlet.name for inlet in task.inlets] == ["trusted.insights", "gold.users"]
    rebuild = build_rebuild_dag(manifest, config).get_task("gold.named_insights")
    assert rebuild.upstream_task_ids == {"plan", "trusted.insights", "gold.users"}


def test_names_tasks_after_tables_and_groups_after_layers(dags: dict[str, DAG]) -> None:
    insights = dags["insights"]

    assert insights.task_ids == ["raw.insights", "trusted.insights", "gold.grouped_insights", "gold.insights_trend"]
    assert set(insights.task_group.get_task_group_dict()) == {None, "raw", "trusted", "gold"}


def test_orders_tasks_by_inputs(dags: dict[str, DAG]) -> None:
    insights = dags["insights"]

    assert {task.task_id: task.downstream_task_ids for task in insights.tasks} == {
        "raw.insights": {"trusted.insights"},
        "trusted.insights": {"gold.grouped_insights"},
        "gold.grouped_insights": {"gold.insights_trend"},
        "gold.insights_trend": set(),
    }


def test_finishes_a_date_before_it_begins_the_next(dags: dict[str, DAG]) -> None:
    rules = {task.weight_rule for dag in dags.values() for task in dag.tasks}

    assert rules == {WeightRule.UPSTREAM}


def test_gives_each_table_an_asset(dags: dict[str, DAG]) -> None:
    [outlet] = dags["insights"].get_task("gold.grouped_insights").outlets
    overview = dags["overview"].get_task("gold.overview")

    assert (outlet.name, outlet.uri) == ("gold.grouped_insights", "igarape://gold/grouped_insights")
    assert [read.uri for read in overview.inlets] == [
        "igarape://gold/grouped_insights",
        "igarape://trusted/appclickstream",
    ]


def test_schedules_by_data_interval_in_the_timezone_of_the_pipeline(dags: dict[str, DAG]) -> None:
    timetable = dags["clickstream"].timetable

    assert isinstance(timetable, CronDataIntervalTimetable)
    assert (timetable.expression, timetable.timezone) == ("0 0 * * *", "Asia/Tokyo")
    start = dags["clickstream"].start_date
    assert start is not None
    assert start == datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_schedules_by_any_input_of_another_pipeline(dags: dict[str, DAG]) -> None:
    condition = dags["overview"].timetable.asset_condition

    assert isinstance(condition, AssetAny)
    assert {asset.name for asset in condition.objects if isinstance(asset, Asset)} == {
        "gold.grouped_insights",
        "trusted.appclickstream",
    }


def test_leaves_a_pipeline_without_schedule_to_people(dags: dict[str, DAG]) -> None:
    assert dags["by_hand"].schedule is None


def test_refuses_an_asset_schedule_without_inputs(environment: dict[str, str]) -> None:
    insights = replace(Manifest.load(MANIFEST).pipelines[0], schedule="assets")

    with pytest.raises(ManifestError, match="scheduled by assets but reads no table of another pipeline"):
        build_dag(insights, frozenset(), Config.from_environment(environment))


@pytest.mark.parametrize("schedule", ["every tuesday", "continuous", "", "61 * * * *"])
def test_refuses_a_schedule_that_is_no_cron(environment: dict[str, str], schedule: str) -> None:
    insights = replace(Manifest.load(MANIFEST).pipelines[0], schedule=schedule)

    with pytest.raises(ManifestError, match=f"Pipeline insights has schedule '{re.escape(schedule)}', which is no"):
        build_dag(insights, frozenset(), Config.from_environment(environment))


def test_builds_each_date_once_at_a_time_and_never_catches_up(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        assert dag.catchup is False
        assert dag.max_active_runs == 1


def test_tries_again_with_growing_waits(dags: dict[str, DAG]) -> None:
    for task in dags["insights"].tasks:
        assert task.retries == 2
        assert task.retry_exponential_backoff == 2.0
        assert task.owner == "data-platform"


def test_has_typed_params(dags: dict[str, DAG]) -> None:
    params = dags["insights"].params

    assert set(params) == {"date", "from", "to", "full_refresh", "cold", "select"}
    assert params.get_param("date").schema["format"] == "date"


def test_documents_the_pipeline_and_its_tables(dags: dict[str, DAG]) -> None:
    insights = dags["insights"]
    task = insights.get_task("trusted.insights")

    assert "| `trusted.insights` | daily | `raw.insights` | known_event (quarantine) | forever |" in str(
        insights.doc_md
    )
    assert "Owner: **data-platform**" in str(insights.doc_md)
    assert "SELECT username, page, event_name FROM raw.insights" in str(task.doc_md)
    assert insights.tags == {"igarape", "example"}
