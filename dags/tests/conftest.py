"""A throw-away Airflow home, a fake Spark distribution, and the DAGs of the manifest in fixtures/."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

DAGS = Path(__file__).parent.parent
MANIFEST = Path(__file__).parent / "fixtures" / "lake.json"

_HOME = Path(tempfile.mkdtemp(prefix="igarape-airflow-"))

# Airflow reads these once, when it is first imported.
os.environ.update(
    {
        "AIRFLOW_HOME": str(_HOME),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_HOME}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "PYTHONPATH": str(DAGS),
    }
)
for _name in [name for name in os.environ if name.startswith("AIRFLOW_CONN_")]:
    del os.environ[_name]


def pytest_unconfigure() -> None:
    """Removes the throw-away home."""
    shutil.rmtree(_HOME, ignore_errors=True)


def manifest_with_current() -> str:
    """The manifest of fixtures/ with a current table more, ``gold.users``, in the pipeline ``insights``."""
    document = json.loads(MANIFEST.read_text())
    users = {
        "name": "gold.users",
        "description": "The last event of each user.",
        "definition": {
            "kind": "current",
            "sql": "SELECT username, page, at FROM trusted.insights",
            "keys": ["username"],
            "sequence_by": ["at"],
            "delete_when": "page = '/goodbye'",
            "change_feed": True,
        },
        "columns": {"username": "string", "page": "string", "at": "timestamp"},
        "inputs": [{"table": "trusted.insights", "lookback": 0}],
        "expectations": [],
        "traits": ["rows", "keyed", "planned", "query", "quarantined", "compacted"],
        "retention": "forever",
        "definition_hash": "a9",
    }
    document["pipelines"][0]["tables"].append(users)
    return json.dumps(document)


@pytest.fixture(scope="session")
def database() -> None:
    """A migrated metadata database in SQLite."""
    from airflow.utils.db import initdb  # noqa: PLC0415 - only tests that need it pay for it

    initdb()


@dataclass
class FakeSpark:
    """A folder with a ``bin/spark-submit`` that records its arguments and ends as it is told."""

    home: Path

    def ends_with(self, *codes: int) -> None:
        """Sets the exit codes of the next calls; the last one stays."""
        (self.home / "codes").write_text("".join(f"{code}\n" for code in codes))

    def ends_tables(self, **codes: int) -> None:
        """Sets exit codes by table, e.g. ``raw__insights=6``."""
        for table, code in codes.items():
            (self.home / f"code.{table.replace('__', '.')}").write_text(f"{code}\n")

    def plans(self, *dates: str) -> None:
        """Sets what ``plan`` says, e.g. ``trusted.insights 2024-01-01 stale``."""
        keys = ("table", "date", "status")
        lines = [dict(zip(keys, line.split(), strict=True)) for line in dates]
        (self.home / "plan").write_text(json.dumps({"dates": lines, "redefinitions": []}) + "\n")

    def warns(self, table: str, warning: str) -> None:
        """Sets what a table's build warns of."""
        (self.home / f"warnings.{table}").write_text(f', "warnings": {json.dumps([warning])}')

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of every call so far."""
        record = self.home / "calls"
        if not record.exists():
            return []
        return [call.split("\x1f")[:-1] for call in record.read_text().splitlines()]

    @property
    def tables(self) -> list[str]:
        """The tables that were asked for, in order."""
        return [call[call.index("--tables") + 1] for call in self.calls]

    @property
    def jobs(self) -> list[list[str]]:
        """The jar's own arguments of every call so far, from ``run`` on."""
        return [call[call.index("run") :] for call in self.calls if "run" in call]


SPARK_SUBMIT = """#!/bin/sh
home=$(dirname "$0")/..
{ printf '%s\\037' "$@"; echo; } >> "$home/calls"
while [ $# -gt 0 ]; do [ "$1" = --tables ] && table=$2; [ "$1" = plan ] && plan=1; shift; done
echo "the job says hello" >&2
if [ -n "$plan" ]
then cat "$home/plan"
else
    warnings=$(cat "$home/warnings.$table" 2>/dev/null)
    echo '{"run_id": "r", "tables": [{"table": "'"$table"'", "outcome": "committed", "written": 7'"$warnings"'}]}'
fi
[ -f "$home/code.$table" ] && exit "$(cat "$home/code.$table")"
code=$(head -n 1 "$home/codes")
[ "$(wc -l < "$home/codes")" -gt 1 ] && sed -i 1d "$home/codes"
exit "$code"
"""


@pytest.fixture
def spark(tmp_path: Path) -> FakeSpark:
    """A Spark distribution whose jobs succeed unless told otherwise."""
    program = tmp_path / "spark" / "bin" / "spark-submit"
    program.parent.mkdir(parents=True)
    program.write_text(SPARK_SUBMIT)
    program.chmod(0o755)
    fake = FakeSpark(tmp_path / "spark")
    fake.ends_with(0)
    return fake


@pytest.fixture
def environment(spark: FakeSpark, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables that the DAG file needs, set."""
    variables = {
        "IGARAPE_MANIFEST": str(MANIFEST),
        "IGARAPE_TARGET": "/etc/igarape/target.json",
        "IGARAPE_JAR": "/opt/igarape/igarape-jobs.jar",
        "SPARK_HOME": str(spark.home),
        "IGARAPE_RETRY_DELAY_SECONDS": "0",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
