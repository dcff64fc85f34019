"""Where this Airflow runs jobs: read once from the environment, all faults together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

SPARK_CONNECTION = "spark_default"
"""The connection with Spark's master and deploy mode: ``AIRFLOW_CONN_SPARK_DEFAULT``."""

DEFAULT_MASTER = "local[2]"
"""Spark's master where that connection is not defined."""


class ConfigError(ValueError):
    """Every variable that is missing or wrong, with its remedy."""


@dataclass(frozen=True)
class Config:
    """What the table operator needs to run the jar.

    :param manifest: local path of manifest.json; the jar gets the same path
    :param target: local path or Hadoop URI of the target's JSON
    :param jar: the fat jar of the jobs
    :param spark_home: folder of a Spark distribution; its ``bin/spark-submit`` runs
    :param retries: how often a task is tried again while a server is down
    :param retry_delay: how long the first wait is; the next ones double
    """

    manifest: str
    target: str
    jar: str
    spark_home: str
    retries: int = 2
    retry_delay: timedelta = timedelta(seconds=60)
    max_retry_delay: timedelta = timedelta(minutes=30)

    @property
    def spark_submit(self) -> str:
        """The program that runs a job."""
        return str(Path(self.spark_home) / "bin" / "spark-submit")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Reads the variables that README.md lists; raises ConfigError."""
        meanings = {
            "IGARAPE_MANIFEST": "the path of manifest.json, which ./lake compile writes",
            "IGARAPE_TARGET": "the path of the target's JSON, which ./lake up writes",
            "IGARAPE_JAR": "the path of the jobs' jar",
            "SPARK_HOME": "the folder of a Spark distribution",
        }
        faults = [
            f"{name} is not set: set it to {means}" for name, means in meanings.items() if not environment.get(name)
        ]
        delay = environment.get("IGARAPE_RETRY_DELAY_SECONDS") or "60"
        if not re.fullmatch("[0-9]{1,5}", delay):
            faults.append(f"IGARAPE_RETRY_DELAY_SECONDS is {delay!r}: set it to whole seconds, or leave it out")
        if faults:
            raise ConfigError("The environment of Airflow is incomplete or wrong. " + "; ".join(faults) + ".")
        return cls(
            manifest=environment["IGARAPE_MANIFEST"],
            target=environment["IGARAPE_TARGET"],
            jar=environment["IGARAPE_JAR"],
            spark_home=environment["SPARK_HOME"],
            retry_delay=timedelta(seconds=int(delay)),
        )
