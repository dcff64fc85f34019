"""Whether docker/ agrees with itself and with the local stack; no Docker engine is needed."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import DAGS

HOME = DAGS.parent
DOCKER = HOME / "docker"
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)(:[-?][^}]*)?\}")
BUILT = {"../.lake/manifest.json": "./lake compile"}
"""What is mounted but made by a command."""

pytestmark = pytest.mark.skipif(not DOCKER.is_dir(), reason="these DAGs stand outside a checkout")


def functions(script: str) -> dict[str, Any]:
    return runpy.run_path(str(DOCKER / script))


@pytest.fixture
def env() -> dict[str, str]:
    text = functions("make-env.py")["fill"]((DOCKER / ".env.example").read_text())
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((DOCKER / "docker-compose.yml").read_text())["services"]
    return found


def java(path: str) -> str:
    return (HOME / "cli/src/main/java/dev/igarape/cli" / path).read_text()


def pom_value(pom: str, tag: str) -> str:
    for element in ET.parse(HOME / pom).getroot().iter():  # noqa: S314 - our own file
        if element.tag.rpartition("}")[2] == tag and element.text:
            return element.text
    raise AssertionError(f"{pom} has no {tag}")


def mounts(services: dict[str, dict[str, Any]]) -> set[str]:
    sources = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    return {source for source in sources if source.startswith(".")}


def test_docker_compose_takes_the_file(env: dict[str, str], tmp_path: Path) -> None:
    assert shutil.which("docker-compose"), "docker-compose is missing; install it: sudo apt install docker-compose"
    shutil.copytree(DOCKER, tmp_path / "docker", ignore=shutil.ignore_patterns(".env"))
    (tmp_path / "dags").symlink_to(DAGS)
    (tmp_path / "cli").symlink_to(HOME / "cli")
    (tmp_path / "docker/.env").write_text("".join(f"{name}={value}\n" for name, value in env.items()))

    done = subprocess.run(
        ["docker-compose", "-f", "docker/docker-compose.yml", "--profile", "all", "config"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "is not set" not in done.stderr
    resolved = yaml.safe_load(done.stdout)["services"]
    assert resolved["airflow"]["environment"]["AIRFLOW__API__PORT"] == env["AIRFLOW_PORT"]


def test_every_variable_has_a_value(env: dict[str, str]) -> None:
    text = re.sub("^#.*|  # .*", "", (DOCKER / "docker-compose.yml").read_text(), flags=re.MULTILINE)
    needed = {name for name, default in VARIABLE.findall(text) if not default.startswith(":-")}

    assert needed - env.keys() == set()
    assert all(env.values())


def test_secrets_are_random_and_never_shipped(env: dict[str, str]) -> None:
    again = functions("make-env.py")["fill"]((DOCKER / ".env.example").read_text())
    secrets = {name: value for name, value in env.items() if re.search("PASSWORD|SECRET|TOKEN", name)}

    assert len(secrets) == len(set(secrets.values())) > 0
    assert not any(value in again for value in secrets.values())
    assert all(f"\n{name}=\n" in (DOCKER / ".env.example").read_text() for name in secrets)
    assert len(env["KAFKA_CLUSTER_ID"]) == 22


def test_every_mounted_file_exists(services: dict[str, dict[str, Any]], env: dict[str, str]) -> None:
    version = pom_value("pom.xml", "version")
    jars = {f"../api/target/igarape-api-{version}.jar", f"../jobs/target/igarape-jobs-{version}-all.jar"}
    mounted = {VARIABLE.sub(lambda match: env[match.group(1)], source) for source in mounts(services)}

    assert mounted >= jars
    assert [source for source in mounted - jars - BUILT.keys() if not (DOCKER / source).exists()] == []
    classifier = pom_value("jobs/pom.xml", "shadedClassifierName")
    assert classifier == "all"


def test_every_built_image_has_its_dockerfile(services: dict[str, dict[str, Any]]) -> None:
    builds = [service["build"] for service in services.values() if "build" in service]
    contexts = {
        DOCKER / build["context"] / build["dockerfile"]: DOCKER / build["context"]
        for build in builds
        if isinstance(build, dict)
    }
    contexts |= {DOCKER / build / "Dockerfile": DOCKER / build for build in builds if isinstance(build, str)}

    assert [file for file in contexts if not file.exists()] == []
    for file, context in contexts.items():
        for copied in re.findall(r"^COPY (?!--from)(\S+)", file.read_text(), re.MULTILINE):
            assert (context / copied).exists()


def test_ports_are_those_of_the_local_stack(env: dict[str, str]) -> None:
    # The others are those of nodes that only a cluster has.
    declared = r"^    ([A-Z_]+)\((\d+), \"\w+\"(?:, Profile::(?:dataNodes|brokers))?\)"
    ports = dict(re.findall(declared, java("stack/config/Port.java"), re.MULTILINE))

    assert len(ports) > 16
    assert {name: env.get(f"{name}_PORT") for name in ports} == ports


def test_pages_are_published_on_this_machine_alone(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]

    assert ports
    assert [port for port in ports if not re.fullmatch(r"127\.0\.0\.1:(\$\{[A-Z_]+_PORT\}):\1", port)] == []


def test_versions_are_those_of_the_local_stack(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service.get("image", "") for name, service in services.items()}
    lock = (HOME / "cli/servers/python/pyspark.lock").read_text()
    spark = re.fullmatch(r"pyspark==(\S+) \\\n {4}(--hash=sha256:[0-9a-f]{64})\n", lock)
    trino = re.search(r'VERSION = "([^"]+)"', java("stack/server/Trino.java"))
    airflow = re.search(r"^apache-airflow==(\S+)", (DAGS / "requirements.in").read_text(), re.MULTILINE)

    assert spark is not None
    assert trino is not None
    assert airflow is not None
    assert images["kafka"] == "apache/kafka:" + pom_value("cli/servers/kafka/pom.xml", "kafka.version")
    assert images["connect"] == "igarape/connect:" + pom_value("cli/servers/connect/pom.xml", "kafka.version")
    assert images["registry"].endswith(":" + pom_value("cli/servers/registry/pom.xml", "apicurio.version"))
    assert images["trino"] == f"trinodb/trino:{trino.group(1)}"
    assert images["history"] == f"apache/spark:{spark.group(1)}"
    assert images["airflow"] == f"igarape/airflow:{airflow.group(1)}"
    assert f"'pyspark=={spark.group(1)} {spark.group(2)}'" in (DOCKER / "airflow/Dockerfile").read_text()


def test_tags_are_exact(services: dict[str, dict[str, Any]]) -> None:
    texts = [file.read_text() for file in DOCKER.glob("*/Dockerfile")]
    images = [service.get("image", "") for service in services.values() if "image" in service]
    images += [image for text in texts for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE)]

    assert [image for image in images if not re.search(r":v?\d+(\.\d+)*", image)] == []


def test_every_server_has_a_health_check(services: dict[str, dict[str, Any]]) -> None:
    once = {"config", "folders", "metastore-schema"}
    waited = {
        name: how["condition"] for service in services.values() for name, how in service.get("depends_on", {}).items()
    }

    assert {name for name, service in services.items() if "healthcheck" not in service and "<<" not in service} == once
    assert {name for name, condition in waited.items() if condition == "service_completed_successfully"} == once


def test_the_same_configuration_files_are_filled(env: dict[str, str]) -> None:
    files = functions("render.py")["render"](HOME, env)

    # Trino and Log4j fill in what has a colon.
    assert {re.sub(r"\$\{\w+:[^}]*\}", "", text) for text in files.values() if "${" in text} & set(
        files.values()
    ) == set()
    assert f"hdfs://namenode:{env['HDFS_PORT']}" in files["hadoop/core-site.xml"]
    assert f"thrift://metastore:{env['METASTORE_PORT']}" in files["trino/catalog/lake.properties"]
    assert f"advertised.listeners=PLAINTEXT://kafka:{env['KAFKA_PORT']}" in files["kafka/server.properties"]
    assert "jdbc:postgresql://postgres:5432/metastore" in files["hive/hive-site.xml"]
    assert "node.bind-ip" not in files["trino/config.properties"]
    templates = {path.name for path in (HOME / "trino/catalog").iterdir()}
    assert {path.rpartition("/")[2] for path in files if path.startswith("trino/catalog/")} == templates


def test_a_name_without_a_value_is_named() -> None:
    script = functions("render.py")

    with pytest.raises(script["UnknownNameError"], match=r"x\.properties wants FAR_PORT, NEW_HOST"):
        script["fill"]("a=${NEW_HOST}:${FAR_PORT}:${KNOWN}", {"KNOWN": "1"}, "x.properties")


def test_the_target_has_fields_that_the_model_knows(env: dict[str, str]) -> None:
    source = (HOME / "model/src/main/java/dev/igarape/model/targets/Target.java").read_text()
    parameters = source[source.index("record Target(") :].split(") {")[0]
    fields = {re.sub("([A-Z])", r"_\1", name).lower() for name in re.findall(r"(\w+)(?:,|$)", parameters)}
    render = functions("render.py")

    assert set(render["target"](render["values"](env, "/data"))) <= fields


def test_live_is_called_as_the_jar_takes_it(services: dict[str, dict[str, Any]]) -> None:
    command = services["live"]["command"]
    jar = command.index("/opt/igarape/jobs.jar")
    model = HOME / "model/src/main/java/dev/igarape/model/job"
    options = set(re.findall('"(--[a-z-]+)"', (model / "JobOption.java").read_text()))

    assert command[jar + 1] in re.findall('"([a-z-]+)"', (model / "JobCommand.java").read_text())
    assert {word for word in command[jar + 2 :] if word.startswith("--")} <= options
    assert command[command.index("--class") + 1] == "dev.igarape.jobs.Main"


def test_every_database_is_made(services: dict[str, dict[str, Any]], env: dict[str, str]) -> None:
    wanted = {services["postgres"]["environment"]["POSTGRES_DB"]}
    wanted |= {
        url.rpartition("/")[2]
        for name, url in services["airflow"]["environment"].items()
        if name.startswith("AIRFLOW__DATABASE__")
    }
    wanted.add(functions("render.py")["values"](env, "/data")["METASTORE_JDBC_URL"].rpartition("/")[2])
    made = re.findall(r"^CREATE DATABASE (\w+)", (DOCKER / "postgres/databases.sql").read_text(), re.MULTILINE)

    assert wanted == {"shop", *made}


def test_airflow_has_the_settings_of_the_local_stack(services: dict[str, dict[str, Any]]) -> None:
    local = set(re.findall(r'"((?:AIRFLOW|IGARAPE)_[A-Z_]+)"', java("stack/server/Airflow.java")))
    tuning = {name for name in local if "SCHEDULER" in name or "DAG_PROCESSOR" in name or "RETRY_DELAY" in name}
    # The live service takes no runs there.
    handed_over = {"IGARAPE_LIVE"}
    cluster = {"AIRFLOW_CONN_SPARK_DEFAULT"}

    assert local - tuning - handed_over - cluster - services["airflow"]["environment"].keys() == set()
