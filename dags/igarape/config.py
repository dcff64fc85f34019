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


def freshness_grace(environment: Mapping[str, str]) -> timedelta:
    """How long after the end of its interval a date must be there: IGARAPE_FRESH_WITHIN_HOURS; raises ConfigError."""
    hours = environment.get("IGARAPE_FRESH_WITHIN_HOURS") or "6"
    if not re.fullmatch("[0-9]{1,4}", hours):
        raise ConfigError(f"IGARAPE_FRESH_WITHIN_HOURS is {hours!r}: set it to whole hours, or leave it out")
    return timedelta(hours=int(hours))


@dataclass(frozen=True)
class Retries:
    """How often a task is tried again while a server is down.

    :param times: after the first try
    :param delay: how long the first wait is; the next ones double, up to ``longest_delay``
    """

    times: int = 2
    delay: timedelta = timedelta(seconds=60)
    longest_delay: timedelta = timedelta(minutes=30)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Retries:
        """Reads IGARAPE_RETRY_DELAY_SECONDS; raises ConfigError."""
        delay = environment.get("IGARAPE_RETRY_DELAY_SECONDS") or "60"
        if not re.fullmatch("[0-9]{1,5}", delay):
            raise ConfigError(f"IGARAPE_RETRY_DELAY_SECONDS is {delay!r}: set it to whole seconds, or leave it out")
        return cls(delay=timedelta(seconds=int(delay)))


@dataclass(frozen=True)
class Config:
    """What the table operator needs to run the jar.

    :param manifest: local path of manifest.json; the jar gets the same path
    :param target: local path or Hadoop URI of the target's JSON
    :param jar: the fat jar of the jobs
    :param spark_home: folder of a Spark distribution; its ``bin/spark-submit`` runs
    :param retries: how a task is tried again
    :param live: where a live service says how to reach it; it takes the jobs while it is up; None: there is none
    """

    manifest: str
    target: str
    jar: str
    spark_home: str
    retries: Retries
    live: str | None = None

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
        retries = Retries()
        try:
            retries = Retries.from_environment(environment)
        except ConfigError as fault:
            faults.append(str(fault))
        if faults:
            raise ConfigError("The environment of Airflow is incomplete or wrong. " + "; ".join(faults) + ".")
        return cls(
            manifest=environment["IGARAPE_MANIFEST"],
            target=environment["IGARAPE_TARGET"],
            jar=environment["IGARAPE_JAR"],
            spark_home=environment["SPARK_HOME"],
            retries=retries,
            live=environment.get("IGARAPE_LIVE") or None,
        )
