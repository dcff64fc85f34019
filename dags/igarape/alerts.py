"""Tells people that a task failed or that a table is not fresh: by a webhook, by mail, or both."""

from __future__ import annotations

import html
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any

import requests
from airflow.providers.smtp.hooks.smtp import SmtpHook

from igarape.config import ConfigError
from igarape.params import RequestError, Span, run_spans

TIMEOUT_SECONDS = 10
"""How long a webhook may take: the task's end waits for it."""

_OK = 200
_REDIRECTS = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Alert:
    """What went wrong, and how to go on.

    :param dag: the DAG
    :param task: the task or table
    :param dates: the dates that it is about, e.g. ``2024-01-01`` or ``2024-01-01..2024-02-01``; empty if unknown
    :param owner: whom to ask
    :param problem: what happened, in one line
    :param log_url: where the log of the task stands
    :param rerun: the command that does it again
    """

    dag: str
    task: str
    dates: str
    owner: str
    problem: str
    log_url: str
    rerun: str

    @property
    def subject(self) -> str:
        """One line."""
        return f"{self.dag}: {self.task}{f' for {self.dates}' if self.dates else ''} {self.problem}"

    @property
    def text(self) -> str:
        """The whole message."""
        return f"{self.subject}\nOwner: {self.owner}\nLog: {self.log_url}\nAgain: {self.rerun}"


@dataclass(frozen=True)
class Channels:
    """Where alerts go; nowhere unless configured.

    :param webhook: gets a POST with the JSON object ``{"text": …, "dag": …, …}``; not logged, as it may hold a secret
    :param mail: addresses; sent through the connection ``smtp_default``
    """

    webhook: str | None = None
    mail: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Channels:
        """Reads IGARAPE_ALERT_WEBHOOK and IGARAPE_ALERT_MAIL; raises ConfigError."""
        webhook = environment.get("IGARAPE_ALERT_WEBHOOK") or None
        mail = tuple(filter(None, re.split(r"[\s,]+", environment.get("IGARAPE_ALERT_MAIL", ""))))
        if webhook is not None and not re.match("https?://[^/]", webhook):
            raise ConfigError("IGARAPE_ALERT_WEBHOOK is no http or https address: mend it, or leave it out")
        wrong = [address for address in mail if not re.fullmatch(r"[^@]+@[^@]+", address)]
        if wrong:
            raise ConfigError(f"IGARAPE_ALERT_MAIL names {', '.join(wrong)}, which is no mail address")
        return cls(webhook, mail)

    def send(self, alert: Alert) -> None:
        """Sends it by each channel; one that fails is logged, and keeps neither the others nor the task."""
        if self.webhook is not None:
            try:
                answer = requests.post(
                    self.webhook, json={"text": alert.text, **asdict(alert)}, timeout=TIMEOUT_SECONDS
                )
                if not _OK <= answer.status_code < _REDIRECTS:
                    log.error("The alert's webhook answered %d; not told: %s", answer.status_code, alert.subject)
            except requests.RequestException as error:
                # Its message would show the address.
                log.error("The alert's webhook fails (%s); not told: %s", type(error).__name__, alert.subject)
        if self.mail:
            try:
                with SmtpHook() as smtp:
                    smtp.send_email_smtp(
                        to=list(self.mail), subject=alert.subject, html_content=f"<pre>{html.escape(alert.text)}</pre>"
                    )
            except Exception:
                log.exception("The alert's mail fails; not told: %s", alert.subject)


def on_failure(context: Mapping[str, Any]) -> None:
    """The callback of every task: tells of its last failure, not of those that are tried again."""
    task, instance = context["task"], context["ti"]
    pipeline = getattr(task, "pipeline", None)
    try:
        spans = run_spans(context, getattr(task, "timezone", UTC) if pipeline is None else pipeline.timezone)
    except RequestError:
        spans = []
    exception = context.get("exception")
    Channels.from_environment(os.environ).send(
        Alert(
            dag=instance.dag_id,
            task=instance.task_id,
            dates=", ".join(str(span) for span in spans),
            owner=str(task.owner),
            problem=f"failed: {_first_line(exception)}" if exception else "failed",
            log_url=instance.log_url,
            rerun=rerun(instance.dag_id, None if pipeline is None else instance.task_id, spans),
        )
    )


def rerun(dag: str, table: str | None, spans: Sequence[Span]) -> str:
    """The commands that build these dates again: of a table and what is built from it, or else of a whole DAG."""
    if table is not None:
        return (
            "; ".join(f"./lake run '{table}+' {' '.join(span.arguments)}" for span in spans) or f"./lake run '{table}+'"
        )
    fields = [", ".join(f'"{name}": "{value}"' for name, value in span.extra.items()) for span in spans] or [""]
    return "; ".join(f"airflow dags trigger {dag} --conf '{{{conf}}}'" for conf in fields)


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:500] if lines else type(error).__name__
