"""Makes the DAGs: pipeline = DAG, layer = task group, table = task."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from airflow.sdk import DAG, AssetAny, CronDataIntervalTimetable, TaskGroup, TriggerRule, WeightRule
from airflow.sdk.exceptions import AirflowTimetableInvalid

from igarape.alerts import on_failure
from igarape.config import Config, Retries
from igarape.docs import pipeline_docs, table_docs
from igarape.manifest import Manifest, ManifestError, Pipeline, TableName
from igarape.operators.complete import LakeCompleteSensor
from igarape.operators.table import LakeTableOperator, asset
from igarape.params import run_params


def build_dags(manifest: Manifest, config: Config) -> list[DAG]:
    """One DAG for each pipeline."""
    tables = [table for pipeline in manifest.pipelines for table in pipeline.tables]
    arriving = frozenset(table.name for table in tables if table.is_incremental)
    return [build_dag(pipeline, arriving, config) for pipeline in manifest.pipelines]


def build_dag(pipeline: Pipeline, arriving: frozenset[TableName], config: Config) -> DAG:
    """The DAG of one pipeline. Raises ManifestError for a schedule that it can't have.

    :param arriving: the tables, of all pipelines, that are landed incrementally
    """
    dag = DAG(
        dag_id=pipeline.name,
        description=pipeline.description,
        doc_md=pipeline_docs(pipeline),
        schedule=_schedule(pipeline),
        start_date=datetime.combine(pipeline.start_date, time(), pipeline.timezone),
        catchup=False,
        max_active_runs=1,
        tags=sorted({"igarape", *pipeline.tags}),
        params=run_params(),
        default_args=task_defaults(pipeline.owner, config.retries),
    )
    groups = {layer: TaskGroup(group_id=layer, dag=dag, tooltip=f"Layer {layer}") for layer in pipeline.layers}
    tasks = {
        table.name: LakeTableOperator(
            task_id=table.name.name,
            table=table,
            pipeline=pipeline,
            config=config,
            # A table that is not selected, or has nothing for this date, must not keep the others from being built.
            trigger_rule=TriggerRule.NONE_FAILED,
            doc_md=table_docs(table),
            task_group=groups[table.name.layer],
            dag=dag,
        )
        for table in pipeline.tables
    }
    for table in pipeline.tables:
        for read in table.inputs:
            if read.table in tasks:
                tasks[read.table] >> tasks[table.name]
    for table in pipeline.tables:
        if table.lateness is not None:
            inputs = [read.table for read in table.inputs if read.table in arriving]
            sensor = LakeCompleteSensor(
                task_id=f"{table.name.name}.complete",
                table=table,
                pipeline=pipeline,
                landings=[name for name in inputs if name not in tasks],
                config=config,
                task_group=groups[table.name.layer],
                dag=dag,
            )
            # What this pipeline lands is landed when it is time, and so is whole without another look.
            for name in (table.name, *(name for name in inputs if name in tasks)):
                sensor >> tasks[name]
    return dag


def task_defaults(owner: str, retries: Retries) -> dict[str, Any]:
    """What every task has: whom to ask, how it is tried again, and who is told when it fails for good."""
    return {
        "owner": owner,
        "retries": retries.times,
        "retry_delay": retries.delay,
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": retries.longest_delay,
        # Where tasks wait for a worker, what is furthest goes first: a date is finished before the next one is begun.
        "weight_rule": WeightRule.UPSTREAM,
        "on_failure_callback": on_failure,
    }


def _schedule(pipeline: Pipeline) -> Any:
    match pipeline.schedule:
        case "none":
            return None
        case "assets":
            inputs = pipeline.foreign_inputs
            if not inputs:
                raise ManifestError(
                    f"Pipeline {pipeline.name} is scheduled by assets but reads no table of another pipeline."
                    " Give it a cron schedule, or read one."
                )
            return AssetAny(*(asset(name) for name in inputs))
        case cron:
            timetable = CronDataIntervalTimetable(cron, timezone=str(pipeline.timezone))
            try:
                timetable.validate()
            except AirflowTimetableInvalid as error:
                raise ManifestError(
                    f"Pipeline {pipeline.name} has schedule {cron!r}, which is no cron expression ({error})."
                    " Give it one, a preset such as @daily, assets or none."
                ) from error
            return timetable
