"""Who may do what: Airflow's REST API in this process, with the users and roles of the local stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DAGS

RUN = {"logical_date": None, "conf": {"date": "2024-01-01"}}
BACKFILL = {"dag_id": "by_hand", "from_date": "2024-01-01T00:00:00Z", "to_date": "2024-01-02T00:00:00Z"}
REQUESTS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "look": ("GET", "/api/v2/dags/by_hand", None),
    "look at runs": ("GET", "/api/v2/dags/by_hand/dagRuns", None),
    "trigger": ("POST", "/api/v2/dags/by_hand/dagRuns", RUN),
    "pause": ("PATCH", "/api/v2/dags/by_hand", {"is_paused": True}),
    "backfill": ("POST", "/api/v2/backfills", BACKFILL),
    "clear": ("POST", "/api/v2/dags/by_hand/clearTaskInstances", {"dry_run": True}),
    "read a connection": ("GET", "/api/v2/connections", None),
}
ALLOWED = 400
FORBIDDEN = 403
UNKNOWN = 401

May = Callable[[str | None, str], int]


@pytest.fixture
def ask(environment: dict[str, str], database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[May]:
    """Sends a request as a user, or as nobody; gives the status."""
    passwords = {"admin": "a-secret", "viewer": "v-secret"}
    (tmp_path / "passwords.json").write_text(json.dumps(passwords))
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "admin:admin,viewer:viewer")
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(tmp_path / "passwords.json"))
    monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "s" * 64)
    from airflow.api_fastapi.app import create_app, purge_cached_app  # noqa: PLC0415 - only this test pays for it
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415
    from fastapi.testclient import TestClient  # noqa: PLC0415

    # A run in this process brings the DAG into the database.
    DagBag(dag_folder=DAGS).dags["by_hand"].test(run_conf={"date": "2024-01-01"})
    purge_cached_app()
    with TestClient(create_app("core")) as client:

        def send(user: str | None, what: str) -> int:
            headers = {}
            if user is not None:
                login = client.post("/auth/token", json={"username": user, "password": passwords[user]})
                headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
            method, path, content = REQUESTS[what]
            return int(client.request(method, path, json=content, headers=headers).status_code)

        yield send
    purge_cached_app()


def test_a_viewer_may_look_and_nothing_else(ask: May) -> None:
    assert {what for what in REQUESTS if ask("viewer", what) < ALLOWED} == {"look", "look at runs"}
    assert {what for what in REQUESTS if ask("viewer", what) == FORBIDDEN} == {
        *("trigger", "pause", "backfill", "clear"),
        "read a connection",
    }
    assert {ask(None, what) for what in REQUESTS} == {UNKNOWN}
    assert {what for what in REQUESTS if ask("admin", what) in (FORBIDDEN, UNKNOWN)} == set()
    assert ask("admin", "trigger") < ALLOWED
