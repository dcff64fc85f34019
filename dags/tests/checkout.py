"""What tests of docker/ read of the rest of the checkout."""

from __future__ import annotations

import re
import runpy
import xml.etree.ElementTree as ET
from typing import Any

from conftest import DAGS

HOME = DAGS.parent
DOCKER = HOME / "docker"


def functions(script: str) -> dict[str, Any]:
    """What a script in docker/ defines."""
    return runpy.run_path(str(DOCKER / script))


def java(path: str) -> str:
    """A source file of the command."""
    return (HOME / "cli/src/main/java/dev/igarape/cli" / path).read_text()


def pom_value(pom: str, tag: str) -> str:
    """The text of the first element with this name."""
    for element in ET.parse(HOME / pom).getroot().iter():  # noqa: S314 - our own file
        if element.tag.rpartition("}")[2] == tag and element.text:
            return element.text
    raise AssertionError(f"{pom} has no {tag}")


def spark_lock() -> tuple[str, str]:
    """Version and hash of the Spark distribution."""
    lock = (HOME / "cli/servers/python/pyspark.lock").read_text()
    spark = re.fullmatch(r"pyspark==(\S+) \\\n {4}(--hash=sha256:[0-9a-f]{64})\n", lock)
    assert spark is not None
    return spark.group(1), spark.group(2)


def trino_version() -> str:
    """The version of the local stack's Trino."""
    trino = re.search(r'VERSION = "([^"]+)"', java("stack/server/Trino.java"))
    assert trino is not None
    return trino.group(1)


def airflow_version() -> str:
    """The version that requirements.in pins."""
    airflow = re.search(r"^apache-airflow==(\S+)", (DAGS / "requirements.in").read_text(), re.MULTILINE)
    assert airflow is not None
    return airflow.group(1)


def target_fields() -> set[str]:
    """The keys of a target's JSON."""
    source = (HOME / "model/src/main/java/dev/igarape/model/targets/Target.java").read_text()
    parameters = source[source.index("record Target(") :].split(") {")[0]
    return {re.sub("([A-Z])", r"_\1", name).lower() for name in re.findall(r"(\w+)(?:,\n|$)", parameters)}


def assert_the_jar_takes(command: list[str], jar: str) -> None:
    """That a spark-submit's words call the jar as it wants to be called."""
    at = command.index(jar)
    model = HOME / "model/src/main/java/dev/igarape/model/job"
    options = set(re.findall('"(--[a-z-]+)"', (model / "JobOption.java").read_text()))

    assert command[at + 1] in re.findall('"([a-z-]+)"', (model / "JobCommand.java").read_text())
    assert {word for word in command[at + 2 :] if word.startswith("--")} <= options
    assert command[command.index("--class") + 1] == "dev.igarape.jobs.Main"
