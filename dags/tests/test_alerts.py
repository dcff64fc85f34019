from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from conftest import MANIFEST, FakeSpark
from fakes import FakeMail, fake_mail, fake_webhook

from igarape.alerts import Alert, Channels, rerun
from igarape.config import Config, ConfigError
from igarape.factory import build_dags
from igarape.manifest import Manifest
from igarape.params import Span

ALERT = Alert(
    dag="insights",
    task="raw.insights",
    dates="2024-01-01",
    owner="data-platform",
    problem="failed: <no> more",
    log_url="http://airflow/log",
    rerun="./lake run 'raw.insights+' --date 2024-01-01",
)


@dataclass
class Webhook:
    """What a webhook was told."""

    url: str
    told: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with fake_webhook() as (told, port):
        yield Webhook(f"http://127.0.0.1:{port}/services/secret", told)


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMail]:
    with fake_mail() as server:
        extra = {"from_email": "airflow@example.com", "disable_ssl": True, "disable_tls": True}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": server.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        yield server


@pytest.fixture
def run(environment: dict[str, str], database: None) -> Callable[..., DagRun]:
    def run_pipeline(pipeline: str, **conf: Any) -> DagRun:
        dags = {dag.dag_id: dag for dag in build_dags(Manifest.load(MANIFEST), Config.from_environment(environment))}
        result: DagRun = dags[pipeline].test(run_conf=conf)
        return result

    return run_pipeline


def test_a_failed_task_tells_what_and_how_to_go_on(
    run: Callable[..., DagRun], spark: FakeSpark, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGARAPE_ALERT_WEBHOOK", webhook.url)
    spark.ends_tables(trusted__insights=5)

    result = run("insights", date="2024-01-01")

    [told] = webhook.told
    assert (told["dag"], told["task"], told["dates"], told["owner"]) == (
        *("insights", "trusted.insights", "2024-01-01"),
        "data-platform",
    )
    assert told["problem"].startswith("failed: trusted.insights for 2024-01-01: an expectation failed")
    assert told["rerun"] == "./lake run 'trusted.insights+' --date 2024-01-01"
    assert f"/dags/insights/runs/{result.run_id}/tasks/trusted.insights" in told["log_url"].replace("%3A", ":").replace(
        "%2B", "+"
    )
    assert all(part in told["text"] for part in (told["problem"], told["rerun"], told["log_url"], "data-platform"))


def test_tells_once_after_the_last_try(
    run: Callable[..., DagRun], spark: FakeSpark, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGARAPE_ALERT_WEBHOOK", webhook.url)
    spark.ends_with(4)

    run("by_hand", **{"from": "2024-01-01", "to": "2024-01-03"})

    assert len(spark.calls) == 3
    [told] = webhook.told
    assert told["dates"] == "2024-01-01..2024-01-03"


def test_tells_nothing_of_a_success(
    run: Callable[..., DagRun], webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGARAPE_ALERT_WEBHOOK", webhook.url)

    run("by_hand", date="2024-01-01")

    assert webhook.told == []


def test_sends_mail(mail: FakeMail) -> None:
    Channels(mail=("a@example.com", "b@example.com")).send(ALERT)

    [content] = mail.messages
    message = message_from_bytes(content)
    [part] = [part for part in message.walk() if part.get_content_type() == "text/html"]
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert message["To"] == "a@example.com, b@example.com"
    assert message["Subject"] == "insights: raw.insights for 2024-01-01 failed: <no> more"
    assert b"failed: &lt;no&gt; more" in body
    assert b"./lake run" in body


@pytest.mark.usefixtures("database")
def test_a_channel_that_fails_keeps_no_other(
    mail: FakeMail, webhook: Webhook, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Channels("http://127.0.0.1:9/services/secret", ("a@example.com",)).send(ALERT)
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")
    Channels(webhook.url, ("a@example.com",)).send(ALERT)

    assert (len(mail.messages), len(webhook.told)) == (1, 1)
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"IGARAPE_ALERT_WEBHOOK": "file:///etc/passwd"}, "IGARAPE_ALERT_WEBHOOK is no http"),
        ({"IGARAPE_ALERT_MAIL": "a@b.c, ops"}, "names ops, which is no mail address"),
    ],
)
def test_refuses_channels_that_can_not_work(variables: dict[str, str], fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        Channels.from_environment(variables)


def test_says_how_to_run_dates_again() -> None:
    day, days = Span.day(date(2024, 1, 1)), Span(date(2024, 1, 1), date(2024, 2, 1))

    assert rerun("x", "raw.a", [days]) == "./lake run 'raw.a+' --from 2024-01-01 --to 2024-02-01"
    assert rerun("x", None, [day]) == """airflow dags trigger x --conf '{"date": "2024-01-01"}'"""
