"""Makes the DAG that builds what is due, whatever made it so."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import DAG, CronDataIntervalTimetable, TriggerRule

from igarape.config import Config
from igarape.docs import table_docs
from igarape.factory import task_defaults
from igarape.manifest import Manifest
from igarape.operators.rebuild import LakePlanOperator, LakeRebuildOperator
from igarape.params import rebuild_params

DOCS = """
# igarape_rebuild

Asks the ledgers which dates of daily, current and history tables are stale or missing, and builds just those: each
table with one Spark application, after the tables that it is built from. A date that is fresh is not touched, so that
after late data, a backfill or a changed definition each date downstream is built once.

| | |
|---|---|
| Looks at | every table; `select` narrows it, with `+` as in the pipelines' DAGs |
| Dates | those that are over; `from` and `to` ask for others |
| Leaves alone | dates that are blocked, frozen, or that a run is at work on |
| Again | safe: what is fresh by then is skipped |
| Tells | no asset: what reads a table is rebuilt here, too |
"""


def build_rebuild_dag(manifest: Manifest, config: Config) -> DAG:
    """One task that plans, and one for each daily, current and history table of the project."""
    dag = DAG(
        dag_id="igarape_rebuild",
        description="Builds the dates that ./lake plan calls stale or missing.",
        schedule=CronDataIntervalTimetable("@hourly", timezone="UTC"),
        start_date=datetime(2024, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        tags=["igarape", "upkeep"],
        params=rebuild_params(),
        doc_md=DOCS,
        default_args=task_defaults("data-platform", config.retries),
    )
    plan = LakePlanOperator(task_id="plan", pipelines=manifest.pipelines, config=config, dag=dag)
    tasks = {
        table.name: LakeRebuildOperator(
            task_id=str(table.name),
            table=table,
            plan=plan.task_id,
            config=config,
            owner=pipeline.owner,
            # A table of which nothing is due must not keep those after it from being built.
            trigger_rule=TriggerRule.NONE_FAILED,
            doc_md=table_docs(table),
            dag=dag,
        )
        for pipeline in manifest.pipelines
        for table in pipeline.tables
        if table.is_planned
    }
    for task in tasks.values():
        plan >> task
        for read in task.table.inputs:
            if read.table in tasks:
                tasks[read.table] >> task
    return dag
