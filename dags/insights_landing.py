"""Feeds the landing folder /landing/insights: a step of a user's own, in Python, in front of a declared pipeline."""

import os
from datetime import UTC, datetime

from airflow.sdk import DAG, Asset, CronDataIntervalTimetable

from igarape.config import Retries
from igarape.factory import task_defaults
from igarape.operators.http_to_hdfs import HttpToHdfsOperator
from igarape.params import run_params

with DAG(
    dag_id="insights_landing",
    description="Page events of the events API, one file for each day, into a landing folder on HDFS.",
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["example", "igarape", "landing"],
    params={name: param for name, param in run_params().items() if name != "select"},
    default_args=task_defaults("data-platform", Retries.from_environment(os.environ)),
    doc_md="""
# insights_landing

Asks the events API for the page events of a day and keeps the answer, byte for byte, as
`/landing/insights/date=YYYY-MM-DD/insights.json` on HDFS.

| | |
|---|---|
| Reads | `GET /v1/random/insights` of the connection `events_api` |
| Writes | `/landing/insights` through the connection `webhdfs_default`; a day's file appears whole, in one step |
| Again | safe: a file that is there is kept. Trigger with `date`, or `from` and `to` (the day after the last one); tick
  *Full refresh* to ask the API again and replace the file |
| Whom to ask | data-platform |
""",
) as dag:
    HttpToHdfsOperator(
        task_id="insights_to_hdfs",
        http_conn_id="events_api",
        endpoint="/v1/random/insights",
        query={"date": "{date}", "count": "1000"},
        path="/landing/insights/date={date}/insights.json",
        outlets=[Asset(name="landing.insights", uri="hdfs://landing/insights")],
    )
