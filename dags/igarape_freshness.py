"""Looks every hour whether each table has the dates that its schedule promises, for Airflow."""

import os
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable, task

from igarape.alerts import Alert, Channels, rerun
from igarape.config import Config, freshness_grace
from igarape.freshness import lags, span_of
from igarape.hooks.hdfs import HdfsHook
from igarape.manifest import Manifest
from igarape.target import Target

with DAG(
    dag_id="igarape_freshness",
    description="Tells when a table lacks a date that its schedule promises.",
    schedule=CronDataIntervalTimetable("@hourly", timezone="UTC"),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["igarape", "upkeep"],
    doc_md="""
# igarape_freshness

Looks into the ledgers on HDFS for the dates of each schedule's last interval: daily tables and HTTP landings.
A date is late when it is missing `IGARAPE_FRESH_WITHIN_HOURS` (6) after its interval's end, whether its run failed,
hangs, waits in a paused DAG or was never made.

| | |
|---|---|
| Fails | as long as any date is late; its log lists them |
| Tells | once for each table and date, by `IGARAPE_ALERT_WEBHOOK` and `IGARAPE_ALERT_MAIL` |
| Again | safe: it only reads. A run triggered by hand tells of everything that is late |
| Whom to ask | the owner of the pipeline that is named |
""",
    default_args={"owner": "data-platform"},
) as dag:

    @task(task_id="check")
    def check(**context: Any) -> None:
        """Fails if a date is late; tells of those that became so since the run before."""
        config = Config.from_environment(os.environ)
        channels = Channels.from_environment(os.environ)
        now = context.get("data_interval_end") or datetime.now(UTC)
        before = context.get("data_interval_start")
        late = list(
            lags(
                Manifest.load(config.manifest),
                Target.load(config.target),
                HdfsHook(),
                now,
                freshness_grace(os.environ),
            )
        )
        for lag in late:
            if before is None or lag.due > before:
                span = span_of(lag.missing)
                channels.send(
                    Alert(
                        dag=lag.pipeline.name,
                        task=str(lag.table.name),
                        dates=str(span),
                        owner=lag.pipeline.owner,
                        problem=f"is not fresh: it was due at {lag.due.isoformat(timespec='minutes')}",
                        log_url=context["ti"].log_url,
                        rerun=rerun(lag.pipeline.name, str(lag.table.name), [span]),
                    )
                )
        if late:
            raise LateError("; ".join(f"{lag.table.name} lacks {span_of(lag.missing)}" for lag in late))

    check()


class LateError(Exception):
    """Tables lack dates that are due."""
