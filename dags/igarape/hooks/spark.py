"""The hook that runs the jobs' jar through ``spark-submit``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from igarape.config import DEFAULT_MASTER


def last_result(lines: Sequence[str]) -> dict[str, Any] | None:
    """The last line that is the result of a job; None where there is none."""
    for line in reversed(lines):
        if line.startswith("{"):
            try:
                result = json.loads(line)
            except ValueError:
                continue
            if isinstance(result, dict) and ("tables" in result or "dates" in result):
                return result
    return None


class LakeSparkHook(SparkSubmitHook):
    """SparkSubmitHook that runs locally where no Spark connection is defined, and tells how the job ended."""

    @classmethod
    def get_connection(cls, conn_id: str) -> Connection:
        """The connection, or a local master where it is not defined."""
        try:
            return super().get_connection(conn_id)
        except AirflowNotFoundException:
            return Connection(conn_id=conn_id, conn_type="spark", host=DEFAULT_MASTER)

    @property
    def exit_code(self) -> int | None:
        """The exit code of the last ``spark-submit``; negative if a signal ended it; None if none has ended."""
        return None if self._submit_sp is None else self._submit_sp.returncode

    @property
    def result(self) -> dict[str, Any] | None:
        """The JSON object that the job printed at its end; None where there is none."""
        return last_result(self._last_submit_log_lines)
