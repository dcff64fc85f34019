"""Looks every hour whether each table has the dates that its schedule promises, for Airflow."""

import os
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable, task

from igarape.alerts import Alert, Channels, rerun
from igarape.config import Config, freshness_grace
from igarape.freshness import Lag, lags, span_of
from igarape.hooks.hdfs import HdfsHook
from igarape.manifest import Manifest
from igarape.target import Target

LATE = "late"
"""Key of the XCom that keeps which tables were late, and since when."""

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

Looks into the ledgers on HDFS for the dates of each schedule's last interval: daily, current and history tables, HTTP
and JDBC landings.
A date is late when it is missing `IGARAPE_FRESH_WITHIN_HOURS` (6) after its interval's end, whether its run failed,
hangs, waits in a paused DAG or was never made.

| | |
|---|---|
| Fails | as long as any date is late; its log lists them |
| Tells | once for each table and due time, by `IGARAPE_ALERT_WEBHOOK` and `IGARAPE_ALERT_MAIL` |
| Again | safe: it only reads. A run triggered by hand tells of everything that is late |
| Whom to ask | the owner of the pipeline that is named |
""",
    default_args={"owner": "data-platform"},
) as dag:

    @task(task_id="check")
    def check(**context: Any) -> None:
        """Fails if a date is late; tells of those that no run before has told of."""
        config = Config.from_environment(os.environ)
        channels = Channels.from_environment(os.environ)
        ti = context["ti"]
        now = context.get("data_interval_end")
        # What the last run found, however long ago that was: hours in which Airflow or HDFS was down are made up for.
        known = ti.xcom_pull(ti.task_id, key=LATE, include_prior_dates=True, map_indexes=-1) if now else None
        told = {tuple(entry) for entry in known or []}
        late = list(
            lags(
                Manifest.load(config.manifest),
                Target.load(config.target),
                HdfsHook(),
                now or datetime.now(UTC),
                freshness_grace(os.environ),
            )
        )
        for lag in late:
            if _entry(lag) not in told:
                span = span_of(lag.missing)
                channels.send(
                    Alert(
                        dag=lag.pipeline.name,
                        task=str(lag.table.name),
                        dates=str(span),
                        owner=lag.pipeline.owner,
                        problem=f"is not fresh: it was due at {lag.due.isoformat(timespec='minutes')}",
                        log_url=ti.log_url,
                        rerun=rerun(lag.pipeline.name, str(lag.table.name), [span]),
                    )
                )
        if now:
            ti.xcom_push(key=LATE, value=[list(_entry(lag)) for lag in late])
        if late:
            raise LateError("; ".join(f"{lag.table.name} lacks {span_of(lag.missing)}" for lag in late))

    check()


def _entry(lag: Lag) -> tuple[str, str]:
    return str(lag.table.name), lag.due.isoformat()


class LateError(Exception):
    """Tables lack dates that are due."""
