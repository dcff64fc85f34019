"""Makes the DAGs that look after all tables, whatever pipeline declares them."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import DAG, CronTriggerTimetable, Param

from igarape.config import Config
from igarape.factory import task_defaults
from igarape.manifest import Manifest
from igarape.operators.upkeep import LakeUpkeepOperator

REPAIR_DOCS = """
# igarape_repair

Records and publishes what was committed and is not: by a run that was killed, or because another publisher interfered.
Puts runs that died on record in `ops.runs`. Does nothing, in seconds, where there is nothing to do.

| | |
|---|---|
| By hand | `./lake repair` |
| Again | safe |
"""

UPKEEP_DOCS = """
# igarape_upkeep

| task | does | by hand |
|---|---|---|
| `retention` | gives up what was kept for as long as its table declares | `./lake retention` |
| `compact` | writes small files and batches into fewer; rows stay the same | `./lake compact` |
| `clean` | deletes folders that readers lost sight of more than 7 days ago | `./lake clean` |
| `verify` | compares a date of each table with intervals, as a whole, with its intervals | `./lake verify` |

With the parameter `dry_run` a run says what it would do. Again is safe, and so is running beside landings and builds.
"""


NIGHTLY = ("retention", "compact", "clean", "verify")


def build_upkeep_dags(manifest: Manifest, config: Config) -> list[DAG]:
    """One that repairs every few minutes, and one for what a night is enough for."""
    return [
        _dag("igarape_repair", "*/5 * * * *", REPAIR_DOCS, ("repair",), manifest=manifest, config=config),
        _dag("igarape_upkeep", "30 3 * * *", UPKEEP_DOCS, NIGHTLY, manifest=manifest, config=config),
    ]


def _dag(dag_id: str, cron: str, docs: str, commands: tuple[str, ...], *, manifest: Manifest, config: Config) -> DAG:
    dag = DAG(
        dag_id=dag_id,
        description="Keeps tables whole, small and young.",
        doc_md=docs,
        schedule=CronTriggerTimetable(cron, timezone="UTC"),
        start_date=datetime(2024, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        # They need nothing of each other, but the machine for themselves.
        max_active_tasks=1,
        tags=["igarape", "upkeep"],
        params={"dry_run": Param(False, type="boolean", description="Say what would be done; change nothing.")},
        default_args=task_defaults("data-platform", config.retries),
    )
    for command in commands:
        LakeUpkeepOperator(task_id=command, command=command, manifest=manifest, config=config, dag=dag)
    return dag
