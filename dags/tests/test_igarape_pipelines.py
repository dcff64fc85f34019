from __future__ import annotations

from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
from conftest import DAGS


def load() -> DagBag:
    return DagBag(dag_folder=DAGS)


@pytest.mark.usefixtures("environment", "database")
def test_every_dag_loads_and_serializes() -> None:
    bag = load()

    assert bag.import_errors == {}
    pipelines = {"insights", "clickstream", "overview", "by_hand"}
    assert set(bag.dags) == pipelines | {
        "insights_landing",
        "igarape_freshness",
        "igarape_rebuild",
        "igarape_repair",
        "igarape_upkeep",
    }
    for dag in bag.dags.values():
        DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))


@pytest.mark.usefixtures("environment", "database")
def test_a_missing_manifest_is_one_clear_import_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IGARAPE_MANIFEST", str(tmp_path / "manifest.json"))

    [error] = load().import_errors.values()

    assert "ManifestError: Cannot read the manifest" in error
    assert "Write it with ./lake compile, and check IGARAPE_MANIFEST." in error


@pytest.mark.usefixtures("environment", "database")
def test_a_missing_variable_is_one_clear_import_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IGARAPE_JAR")

    [error] = load().import_errors.values()

    assert "IGARAPE_JAR is not set: set it to the path of the jobs' jar" in error
