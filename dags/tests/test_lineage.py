from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import DAGS, FakeSpark

RUN = """
import sys
from airflow.dag_processing.dagbag import DagBag
from airflow.utils.db import initdb
initdb()
state = DagBag(dag_folder=sys.argv[1]).dags["insights"].test(run_conf={"date": "2024-01-01"}).state
sys.exit(0 if state == sys.argv[2] else 1)
"""


@pytest.fixture
def events(environment: dict[str, str], tmp_path: Path) -> Any:
    """Runs the pipeline insights in an Airflow that writes OpenLineage events to a file, and gives these."""

    def run(state: str) -> list[dict[str, Any]]:
        target = {"prefix": "", "root": "/lake", "metastore": "thrift://metastore:9083"}
        (tmp_path / "target.json").write_text(json.dumps(target))
        log = tmp_path / "lineage.jsonl"
        transport = {"type": "file", "log_file_path": str(log), "append": True}
        settings = {
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
            "AIRFLOW__OPENLINEAGE__NAMESPACE": "igarape",
            "IGARAPE_TARGET": str(tmp_path / "target.json"),
        }
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(DAGS), state],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in log.read_text().splitlines()]

    return run


def test_tells_what_each_task_reads_and_writes(events: Any, spark: FakeSpark) -> None:
    ends = {
        event["job"]["name"]: event
        for event in events("success")
        if event["eventType"] == "COMPLETE" and event["job"]["name"].startswith("insights.")
    }

    trusted = ends["insights.trusted.insights"]
    [read], [written] = trusted["inputs"], trusted["outputs"]
    assert (read["namespace"], read["name"]) == ("hive://metastore:9083", "raw.insights")
    assert (written["namespace"], written["name"]) == ("hive://metastore:9083", "trusted.insights")
    assert written["outputFacets"]["outputStatistics"]["rowCount"] == 7
    assert [field["name"] for field in written["facets"]["schema"]["fields"]] == ["username", "page", "event_name"]
    assert trusted["job"]["namespace"] == "igarape"
    assert trusted["job"]["facets"]["sql"]["query"].startswith("SELECT username")
    assert len(ends) == 4
