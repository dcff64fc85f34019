"""The sensor that holds a table until its inputs' dates are complete, and the trigger that waits in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async
from hdfs import HdfsError

from igarape.arrival import arrived
from igarape.config import Config
from igarape.manifest import Pipeline, Table, TableName
from igarape.params import RequestError, run_spans
from igarape.selection import selected
from igarape.target import Target

if TYPE_CHECKING:
    from airflow.sdk import Context

POLL_SECONDS = 60.0


class LakeCompleteSensor(BaseSensorOperator):
    """Waits until the dates of the run are complete: ``wait_for: complete``.

    They are when they are over, the table's lateness has passed, and the landings of other pipelines have taken all
    that their sources had by then. Landings of the table's own pipeline come after this sensor, so it waits only for
    their moment. While it waits it takes no worker.

    :param table: the table that waits
    :param pipeline: the pipeline that declares it
    :param landings: its inputs that other pipelines land
    """

    def __init__(
        self, *, table: Table, pipeline: Pipeline, landings: Sequence[TableName], config: Config, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.table = table
        self.pipeline = pipeline
        self.landings = landings
        self.config = config

    def execute(self, context: Context) -> None:
        """Defers unless all is complete."""
        params: Mapping[str, Any] = context["params"]
        try:
            tables = selected(self.pipeline.tables, params.get("select"), f"pipeline {self.pipeline.name}")
            spans = run_spans(context, self.pipeline.timezone)
        except RequestError as error:
            raise AirflowFailException(str(error)) from error
        if self.table.name not in tables or self.table.lateness is None:
            return
        midnight = datetime.combine(max(span.end for span in spans), time(), self.pipeline.timezone)
        moment = midnight.astimezone(UTC) + self.table.lateness
        target = Target.load(self.config.target) if self.landings else None
        ledgers = [target.ledger(name) for name in self.landings] if target is not None else []
        if is_complete(moment, ledgers):
            return
        self.log.info(
            "%s is complete at %s, once %s are landed", self.table.name, moment, list(map(str, self.landings))
        )
        self.defer(trigger=CompleteTrigger(moment, ledgers), method_name="resume")

    def resume(self, context: Context, event: Mapping[str, Any] | None = None) -> None:
        """Comes when all is complete."""


class CompleteTrigger(BaseTrigger):
    """Fires once a moment has passed and the landings have taken all that their sources had at it.

    :param moment: with its timezone
    :param ledgers: folders of the landings' ledgers on HDFS
    """

    def __init__(self, moment: datetime, ledgers: Sequence[str], poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.moment = moment
        self.ledgers = list(ledgers)
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What makes it again in the triggerer."""
        return (
            "igarape.operators.complete.CompleteTrigger",
            {"moment": self.moment, "ledgers": self.ledgers, "poll_seconds": self.poll_seconds},
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Looks again and again; a server that is down is asked later."""
        while True:
            try:
                if await sync_to_async(is_complete)(self.moment, self.ledgers):
                    yield TriggerEvent({})  # type: ignore[no-untyped-call]
                    return
            except (OSError, HdfsError, AirflowException) as error:
                self.log.warning("Cannot read the ledgers yet: %s", error)
            await asyncio.sleep(self.poll_seconds)


def is_complete(moment: datetime, ledgers: Sequence[str]) -> bool:
    """Whether the moment has passed and each landing has got so far."""
    if datetime.now(UTC) < moment:
        return False
    return all((latest := arrived(ledger)) is not None and latest >= moment for ledger in ledgers)
