"""Whether docker/ agrees with itself and with the local stack; no Docker engine is needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import (
    DOCKER,
    HOME,
    airflow_version,
    assert_the_jar_takes,
    functions,
    java,
    pom_value,
    spark_lock,
    target_fields,
    trino_version,
)
from conftest import DAGS

VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)(:[-?][^}]*)?\}")
BUILT = {"../.lake/manifest.json": "./lake compile"}
"""What is mounted but made by a command."""

PROFILES = {
    "local": ["docker-compose.yml"],
    "cluster": ["docker-compose.yml", "docker-compose.cluster.yml"],
}
"""The files of each profile, as ``docker-compose -f`` takes them."""

PROFILE = "stack/config/Profile.java"
ONCE = {"config", "folders", "metastore-schema"}
"""Services that end when they have done their work."""

NOT_HERE = {"journalNodes", "failoverControllers", "zooKeepers", "resourceManagers", "nodeManagers"}
"""Nodes that the profile cluster has on demand alone."""

pytestmark = pytest.mark.skipif(not DOCKER.is_dir(), reason="these DAGs stand outside a checkout")


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def env() -> dict[str, str]:
    text = functions("make-env.py")["fill"]((DOCKER / ".env.example").read_text())
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def declared(profile: str) -> dict[str, dict[str, Any]]:
    """The services of all files; what a later one says of a service is added to what stands there or replaces it."""
    found: dict[str, dict[str, Any]] = {}
    for file in PROFILES[profile]:
        for name, service in yaml.safe_load((DOCKER / file).read_text())["services"].items():
            before = found.setdefault(name, {})
            for key, value in service.items():
                merges = isinstance(value, dict) and isinstance(before.get(key), dict)
                before[key] = before[key] | value if merges else value
    return found


@pytest.fixture
def services(profile: str) -> dict[str, dict[str, Any]]:
    return declared(profile)


@pytest.fixture
def cluster() -> dict[str, dict[str, Any]]:
    return declared("cluster")


def mounts(services: dict[str, dict[str, Any]]) -> set[str]:
    sources = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    return {source for source in sources if source.startswith(".")}


def test_docker_compose_takes_the_files(
    profile: str, services: dict[str, dict[str, Any]], env: dict[str, str], tmp_path: Path
) -> None:
    assert shutil.which("docker-compose"), "docker-compose is missing; install it: sudo apt install docker-compose"
    shutil.copytree(DOCKER, tmp_path / "docker", ignore=shutil.ignore_patterns(".env"))
    (tmp_path / "dags").symlink_to(DAGS)
    (tmp_path / "cli").symlink_to(HOME / "cli")
    (tmp_path / "docker/.env").write_text("".join(f"{name}={value}\n" for name, value in env.items()))

    files = [word for file in PROFILES[profile] for word in ("-f", f"docker/{file}")]
    done = subprocess.run(
        ["docker-compose", *files, "--profile", "all", "config"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "is not set" not in done.stderr
    resolved = yaml.safe_load(done.stdout)["services"]
    assert resolved.keys() == services.keys()
    assert resolved["airflow"]["environment"]["AIRFLOW__API__PORT"] == env["AIRFLOW_PORT"]


def test_every_variable_has_a_value(profile: str, env: dict[str, str]) -> None:
    texts = [re.sub("^#.*|  # .*", "", (DOCKER / file).read_text(), flags=re.MULTILINE) for file in PROFILES[profile]]
    needed = {name for text in texts for name, default in VARIABLE.findall(text) if not default.startswith(":-")}

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
    declared = r"^    ([A-Z_]+)\((\d+), \"\w+\"(?:, Profile::(\w+))?\)"
    ports = {
        name: number
        for name, number, nodes in re.findall(declared, java("stack/config/Port.java"), re.MULTILINE)
        if nodes not in NOT_HERE
    }

    assert len(ports) > 20
    assert {name: env.get(f"{name}_PORT") for name in ports} == ports


def test_pages_are_published_on_this_machine_alone(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]

    assert ports
    assert [port for port in ports if not re.fullmatch(r"127\.0\.0\.1:(\$\{[A-Z_]+_PORT\}):\1", port)] == []


def test_versions_are_those_of_the_local_stack(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service.get("image", "") for name, service in services.items()}
    spark, sha256 = spark_lock()

    assert images["kafka"] == "apache/kafka:" + pom_value("cli/servers/kafka/pom.xml", "kafka.version")
    assert images["connect"] == "igarape/connect:" + pom_value("cli/servers/connect/pom.xml", "kafka.version")
    assert images["registry"].endswith(":" + pom_value("cli/servers/registry/pom.xml", "apicurio.version"))
    assert images["trino"] == f"trinodb/trino:{trino_version()}"
    assert images["history"] == f"apache/spark:{spark}"
    assert images["airflow"] == f"igarape/airflow:{airflow_version()}"
    assert f"'pyspark=={spark} {sha256}'" in (DOCKER / "airflow/Dockerfile").read_text()


def test_tags_are_exact(services: dict[str, dict[str, Any]]) -> None:
    texts = [file.read_text() for file in DOCKER.rglob("Dockerfile")]
    images = [service.get("image", "") for service in services.values() if "image" in service]
    images += [image for text in texts for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE)]

    assert [image for image in images if not re.search(r":v?\d+(\.\d+)*", image)] == []


def test_every_server_has_a_health_check(services: dict[str, dict[str, Any]]) -> None:
    waited = {
        name: how["condition"] for service in services.values() for name, how in service.get("depends_on", {}).items()
    }

    assert {name for name, service in services.items() if "healthcheck" not in service} == ONCE
    assert {name for name, condition in waited.items() if condition == "service_completed_successfully"} == ONCE


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
    render = functions("render.py")

    assert set(render["target"](render["values"](env, "/data"))) <= target_fields()


def test_live_is_called_as_the_jar_takes_it(services: dict[str, dict[str, Any]]) -> None:
    assert_the_jar_takes(services["live"]["command"], "/opt/igarape/jobs.jar")


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


def test_airflow_has_the_settings_of_the_local_stack(profile: str, services: dict[str, dict[str, Any]]) -> None:
    local = set(re.findall(r'"((?:AIRFLOW|IGARAPE)_[A-Z_]+)"', java("stack/server/Airflow.java")))
    tuning = {name for name in local if "SCHEDULER" in name or "DAG_PROCESSOR" in name or "RETRY_DELAY" in name}
    # The live service takes no runs there.
    handed_over = {"IGARAPE_LIVE"}
    of_clusters = {"AIRFLOW_CONN_SPARK_DEFAULT"} if profile == "local" else set()

    assert local - tuning - handed_over - services["airflow"]["environment"].keys() == of_clusters


def test_the_cluster_has_the_nodes_of_the_profile_cluster(cluster: dict[str, dict[str, Any]]) -> None:
    script = functions("render.py")
    has = script["PROFILES"]["cluster"]
    record = re.search(r"record Profile\((.*?)\)", java(PROFILE), re.DOTALL)
    numbers = re.search(r'CLUSTER = new Profile\("cluster", (.*?)\)', java(PROFILE))

    assert record is not None
    assert numbers is not None
    names = re.findall(r"int (\w+)", record.group(1))
    of_the_stack = dict(zip(names, (int(number) for number in numbers.group(1).split(", ")), strict=True))
    same = ("dataNodes", "brokers", "sparkWorkers", "trinoWorkers")
    assert tuple(has) == tuple(of_the_stack[name] for name in same)
    assert {name: number for name, number in of_the_stack.items() if name not in same}.items() <= {
        "nameNodes": 1,
        "nodeManagers": 0,
    }.items()
    more = cluster.keys() - declared("local").keys()
    assert more == (
        set(script["nodes"]("datanode", has.datanodes)[1:])
        | set(script["nodes"]("kafka", has.brokers)[1:])
        | {f"trino-worker-{node}" for node in range(1, has.trino_workers + 1)}
        | {f"spark-worker-{node}" for node in range(1, has.spark_workers + 1)}
        | {"spark-master"}
    )
    assert all(cluster[name]["hostname"] == name for name in more)


def test_nodes_of_a_group_have_the_same_image(cluster: dict[str, dict[str, Any]]) -> None:
    groups = {"datanode": "datanode", "kafka": "kafka", "trino-worker": "trino", "spark": "airflow"}

    for name, first in groups.items():
        images = {cluster[node].get("image") for node in cluster if node.startswith(name)}
        assert images == {cluster[first]["image"]}, name


def test_no_two_nodes_share_a_volume(cluster: dict[str, dict[str, Any]]) -> None:
    kept = [volume.split(":")[0] for service in cluster.values() for volume in service.get("volumes", [])]
    named = [volume for volume in kept if not volume.startswith(".") and volume != "conf"]
    volumes = {name for file in PROFILES["cluster"] for name in yaml.safe_load((DOCKER / file).read_text())["volumes"]}

    assert len(named) == len(set(named))
    assert {*named, "conf"} == volumes


def test_the_memory_of_a_cluster_is_bounded(cluster: dict[str, dict[str, Any]]) -> None:
    bounds = {name: service.get("mem_limit", "") for name, service in cluster.items() if name not in ONCE}

    assert [name for name, bound in bounds.items() if not re.fullmatch(r"\d+m", bound)] == []
    counted = [
        int(bounds[name][:-1])
        for name in bounds
        if {"events", "airflow"} & set(cluster[name].get("profiles", ["events"]))
    ]
    assert 14 * 1024 < sum(counted) <= 16 * 1024


def test_heaps_fit_into_the_bounds(cluster: dict[str, dict[str, Any]]) -> None:
    heaps = {
        name: int(heap)
        for name, service in cluster.items()
        for heap in re.findall(r"-Xmx(\d+)m", f"{service.get('environment')} {service.get('command')}")
    }

    assert {"namenode", "datanode", "datanode-3", "kafka", "kafka-3", "metastore", "api"} <= heaps.keys()
    assert {name for name, heap in heaps.items() if heap * 5 // 4 > int(cluster[name]["mem_limit"][:-1])} == set()


def test_configuration_files_of_a_cluster_are_those_of_its_nodes(env: dict[str, str]) -> None:
    script = functions("render.py")
    local = script["render"](HOME, env)
    files = script["render"](HOME, env | {"IGARAPE_PROFILE": "cluster"})

    brokers = "kafka:9092,kafka-2:9092,kafka-3:9092"
    assert "<name>dfs.replication</name>\n    <value>2</value>" in files["hadoop/hdfs-site.xml"]
    assert "<value>datanode-3:9864</value>" in files["datanode-3/hdfs-site.xml"]
    assert "<value>namenode:8020</value>" in files["datanode-3/hdfs-site.xml"]
    assert "process.roles=broker,controller\nnode.id=1\n" in files["kafka/server.properties"]
    assert "process.roles=broker\nnode.id=3\n" in files["kafka-3/server.properties"]
    assert "controller.quorum.voters=1@kafka:9093" in files["kafka-3/server.properties"]
    assert "listeners=PLAINTEXT://kafka-3:9092\n" in files["kafka-3/server.properties"]
    assert "default.replication.factor=3\nmin.insync.replicas=2\n" in files["kafka-2/server.properties"]
    assert f"kafka.nodes={brokers}" in files["trino-worker-1/catalog/kafka.properties"]
    assert json.loads(files["target.json"])["kafka"] == {"bootstrap.servers": brokers}
    assert "node-scheduler.include-coordinator=false" in files["trino/config.properties"]
    worker = files["trino-worker-1/config.properties"]
    assert "node.internal-address=trino-worker-1\ndiscovery.uri=http://trino:8080\n" in worker
    assert "catalog.config-dir=/conf/trino-worker-1/catalog" in worker
    # Of properties the last of a name counts.
    defaults = files["spark-live/spark-defaults.conf"].splitlines()
    spark = dict(line.split(maxsplit=1) for line in defaults if line.startswith("spark."))
    assert spark["spark.master"] == "spark://spark-master:7077"
    assert spark["spark.driver.host"] == "live"
    assert not spark["spark.driver.bindAddress"].startswith("127.")
    assert (spark["spark.cores.max"], spark["spark.executor.memory"]) == ("2", "640m")
    assert local.keys() < files.keys()
    assert "local[2]" in local["spark/spark-defaults.conf"]


def test_what_nodes_are_given_is_rendered(cluster: dict[str, dict[str, Any]], env: dict[str, str]) -> None:
    files = functions("render.py")["render"](HOME, env | {"IGARAPE_PROFILE": "cluster"})
    named = {
        place
        for name, service in cluster.items()
        for place in re.findall(r"/conf/([\w./-]+)", f"{service.get('environment')} {service.get('command')}")
    }

    assert len(named) > 12
    folders = {place.rpartition("/")[0] for place in files}
    assert named - files.keys() - folders == set()


def test_each_driver_is_reached_under_its_name(cluster: dict[str, dict[str, Any]]) -> None:
    drivers = {name for name, service in cluster.items() if "SPARK_CONF_DIR" in (service.get("environment") or {})}

    assert drivers == set(functions("render.py")["DRIVERS"])
    assert all(cluster[name]["environment"]["SPARK_CONF_DIR"] == f"/conf/spark-{name}" for name in drivers)
    assert all(cluster[name]["hostname"] == name for name in drivers)
