from __future__ import annotations

from datetime import timedelta

import pytest

from igarape.config import Config, ConfigError


def test_reads_the_environment(environment: dict[str, str]) -> None:
    config = Config.from_environment(environment)

    assert config.jar == "/opt/igarape/igarape-jobs.jar"
    assert config.spark_submit.endswith("/spark/bin/spark-submit")
    assert config.retries.delay == timedelta(0)


def test_waits_a_minute_before_another_try_unless_told(environment: dict[str, str]) -> None:
    del environment["IGARAPE_RETRY_DELAY_SECONDS"]

    assert Config.from_environment(environment).retries.delay == timedelta(minutes=1)


def test_names_all_faults_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        Config.from_environment({"IGARAPE_JAR": "", "IGARAPE_RETRY_DELAY_SECONDS": "soon"})

    for name in ("IGARAPE_MANIFEST", "IGARAPE_TARGET", "IGARAPE_JAR", "SPARK_HOME", "IGARAPE_RETRY_DELAY_SECONDS"):
        assert name in str(error.value)
