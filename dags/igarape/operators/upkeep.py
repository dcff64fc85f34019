"""The operator that keeps all tables of a project whole, small and young."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from igarape.config import Config
from igarape.manifest import Manifest
from igarape.operators.job import LakeJobOperator

if TYPE_CHECKING:
    from airflow.sdk import Context


class LakeUpkeepOperator(LakeJobOperator):
    """Runs an upkeep command of the jobs' jar on all tables.

    Its XCom ``done`` is what was done or found, a line for each thing.

    :param command: ``repair``, ``retention``, ``compact``, ``clean`` or ``verify``
    :param manifest: whose tables
    :param config: where the jar and Spark are
    """

    def __init__(self, *, command: str, manifest: Manifest, config: Config, **kwargs: Any) -> None:
        super().__init__(config=config, name=f"igarape.{command}", **kwargs)
        self.command = command
        self.tables = [str(table.name) for pipeline in manifest.pipelines for table in pipeline.tables]

    def execute(self, context: Context) -> None:
        """Does what is due; a table that fails keeps none of the others from it."""
        # What verify does changes nothing anyway.
        dry = ["--dry-run"] if context["params"].get("dry_run") and self.command != "verify" else []
        arguments = [self.command, *self.lake, "--tables", ",".join(self.tables), *dry]
        result = self.submit(context, self.command, f"igarape.{self.command}", arguments)
        done: list[dict[str, Any]] = [] if result is None else result["tables"]
        for line in done:
            self.log.info("%s", line)
        context["ti"].xcom_push(key="done", value=done)
