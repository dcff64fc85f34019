"""Fills the local stack's configuration files for the compose network: ``render.py <project> <conf>``.

The files are those of the checkout; ``${NAME}`` stands for a host, a port or a folder. Ports and passwords come from
the environment (.env). So does IGARAPE_PROFILE, which docker-compose.cluster.yml sets: there are several nodes of some
servers then, each with files of its own. Runs in the one-shot service ``config``; needs Python alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Profile(NamedTuple):
    """How many nodes there are of what a profile of ./lake up may have several of."""

    datanodes: int
    brokers: int
    spark_workers: int
    trino_workers: int


PROFILES = {"local": Profile(1, 1, 0, 0), "cluster": Profile(3, 3, 2, 1)}

# Where drivers of Spark run: services that executors call back.
DRIVERS = ("airflow", "live")

HOSTS = {
    "HDFS_HOST": "namenode",
    "DATANODE_HOST": "datanode",
    "METASTORE_HOST": "metastore",
    "KAFKA_HOST": "kafka",
    "REGISTRY_HOST": "registry",
    "TRINO_HOST": "trino",
    "POSTGRES_HOST": "postgres",
    "CONNECT_HOST": "connect",
}

# Folder of the checkout → folder below /conf, and what ${DATA_DIR} is for its server.
FOLDERS = {
    "trino": ("trino", "/data/trino"),
    "trino/catalog": ("trino/catalog", "/data/trino"),
    "cli/servers/kafka": ("kafka", "/data/kafka"),
    "cli/servers/registry": ("registry", "/data/registry"),
    "cli/servers/connect": ("connect", "/data/connect"),
    "cli/servers/spark": ("spark", "/data/airflow"),
}
SUFFIXES = {".properties", ".conf", ".config", ".xml"}

NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class UnknownNameError(ValueError):
    """A configuration file wants a value that compose does not have."""


def profile(environment: Mapping[str, str]) -> Profile:
    """The profile that docker-compose.cluster.yml, if it is there, names to the service ``config``."""
    return PROFILES[environment.get("IGARAPE_PROFILE", "local")]


def nodes(name: str, number: int) -> list[str]:
    """The services of a group of nodes: the first one is called like the one server of the profile local."""
    return [name if node == 1 else f"{name}-{node}" for node in range(1, number + 1)]


def broker(environment: Mapping[str, str], node: int) -> dict[str, str]:
    """What only one broker's file has; the first one is the controller, too."""
    host = nodes("kafka", node)[-1]
    address = f"{host}:{environment['KAFKA_PORT']}"
    controller = f",CONTROLLER://{host}:{environment['KAFKA_CONTROLLER_PORT']}"
    return {
        "KAFKA_NODE": str(node),
        "KAFKA_ROLES": "broker,controller" if node == 1 else "broker",
        "KAFKA_ADDRESS": address,
        "KAFKA_LISTENERS": f"PLAINTEXT://{address}{controller if node == 1 else ''}",
    }


def values(environment: Mapping[str, str], data: str) -> dict[str, str]:
    """What the names stand for."""
    ports = {name: value for name, value in environment.items() if name.endswith("_PORT")}
    has = profile(environment)
    topic_replicas = min(3, has.brokers)
    return {
        **ports,
        **HOSTS,
        "HDFS_URI": f"hdfs://{HOSTS['HDFS_HOST']}:{ports['HDFS_PORT']}",
        **broker(environment, 1),
        "HDFS_USER": "root",
        "HDFS_REPLICAS": str(min(2, has.datanodes)),
        "KAFKA_BOOTSTRAP": ",".join(f"{host}:{ports['KAFKA_PORT']}" for host in nodes("kafka", has.brokers)),
        "KAFKA_REPLICAS": str(topic_replicas),
        "KAFKA_REPLICAS_IN_SYNC": str(topic_replicas // 2 + 1),
        "TRINO_COORDINATOR_WORKS": "false" if has.trino_workers else "true",
        "SPARK_MASTER": f"spark://spark-master:{ports['SPARK_MASTER_PORT']}",
        "SPARK_WORKERS": str(has.spark_workers),
        "CONF_DIR": "/conf",
        "DATA_DIR": data,
        "SCRATCH_DIR": "/tmp/spark",  # noqa: S108 - inside a container of its own
        "LOG_DIR": "/data/airflow",
        "SPARK_HOME": "/opt/spark",
        "JOBS_JAR": "/opt/igarape/jobs.jar",
        "ARCHIVE": "/data/airflow/jobs.jsa",
        "DRIVER_OPTIONS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -Xshare:auto"
        " -Duser.timezone=UTC",
        "METASTORE_JDBC_URL": f"jdbc:postgresql://postgres:{ports['POSTGRES_PORT']}/metastore",
    }


def fill(text: str, known: Mapping[str, str], place: str) -> str:
    """The text with every name replaced; names all that are unknown."""
    unknown = sorted({name for name in NAME.findall(text) if name not in known})
    if unknown:
        raise UnknownNameError(f"{place} wants {', '.join(unknown)}: see docker/render.py and docker/.env.example")
    return NAME.sub(lambda match: known[match.group(1)], text)


def filled(project: Path, place: str, known: Mapping[str, str]) -> str:
    """A file of the checkout with every name replaced."""
    return fill((project / place).read_text(encoding="utf-8"), known, place)


def cluster(project: Path, environment: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
    """The files of the nodes that only a cluster has, and those that its drivers have in place of the folder spark."""
    has = profile(environment)
    more: dict[str, str] = {}
    for host in nodes("datanode", has.datanodes)[1:]:
        known = values(environment, "/data/hdfs") | {"DATANODE_HOST": host}
        more |= {
            f"{host}/{name}": filled(project, f"hive/{name}", known) for name in ("core-site.xml", "hdfs-site.xml")
        }
    for node, host in list(enumerate(nodes("kafka", has.brokers), start=1))[1:]:
        known = values(environment, "/data/kafka") | broker(environment, node)
        more[f"{host}/server.properties"] = filled(project, "cli/servers/kafka/server.properties", known)
    for host in (f"trino-worker-{node}" for node in range(1, has.trino_workers + 1)):
        more |= {place.replace("trino", host, 1): text for place, text in files.items() if place.startswith("trino/")}
        known = values(environment, "/data/trino") | {"TRINO_NODE": host, "TRINO_WORKER_HOST": host}
        more[f"{host}/config.properties"] = filled(project, "cli/servers/trino/worker.properties", known)
    for host in DRIVERS if has.spark_workers else ():
        more |= {
            place.replace("spark", f"spark-{host}", 1): text
            for place, text in files.items()
            if place.startswith("spark/")
        }
        known = values(environment, "/data/airflow")
        more[f"spark-{host}/spark-defaults.conf"] += (
            filled(project, "cli/servers/spark-cluster/spark-defaults.conf", known)
            + f"spark.driver.host                 {host}\nspark.driver.bindAddress          0.0.0.0\n"
        )
    return more


def render(project: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """All files, by their path below /conf."""
    files: dict[str, str] = {}
    for source, (folder, data) in FOLDERS.items():
        known = values(environment, data)
        for path in sorted((project / source).iterdir()):
            if path.suffix in SUFFIXES and path.name != "pom.xml":
                files[f"{folder}/{path.name}"] = filled(project, f"{source}/{path.name}", known)
    known = values(environment, "/data/hdfs")
    for name, folder in {"core-site.xml": "hadoop", "hdfs-site.xml": "hadoop", "hive-site.xml": "hive"}.items():
        files[f"{folder}/{name}"] = filled(project, f"hive/{name}", known)
    files |= cluster(project, environment, files)
    # A container is reached under its name: Trino listens on all of its own addresses.
    for place in [place for place in files if place.startswith("trino") and place.endswith("/config.properties")]:
        config = files[place].splitlines(keepends=True)
        files[place] = "".join(line for line in config if not line.startswith("node.bind-ip="))
        node = place.partition("/")[0]
        files[f"{node}/node.properties"] = (
            f"node.environment=docker\nnode.id={node.replace('trino', 'docker')}\nnode.data-dir=/data/trino\n"
        )
    files["target.json"] = json.dumps(target(known), indent=2) + "\n"
    passwords = {user: environment[f"AIRFLOW_{user.upper()}_PASSWORD"] for user in ("admin", "viewer")}
    files["airflow/passwords.json"] = json.dumps(passwords) + "\n"
    files["api/tokens.json"] = json.dumps({"tokens": [token(environment["API_TOKEN"])]}, indent=2) + "\n"
    return files


def token(secret: str) -> dict[str, object]:
    """The API's token that may do everything, by its hash."""
    return {
        "name": "docker",
        "sha256": hashlib.sha256(secret.encode()).hexdigest(),
        "rights": {"*": ["read", "produce", "schema"]},
    }


def target(known: Mapping[str, str]) -> dict[str, object]:
    """Where the jobs reach this network's servers."""
    return {
        "name": "docker",
        "prefix": "",
        "hdfs": f"hdfs://namenode:{known['HDFS_PORT']}",
        "root": "/lake",
        "metastore": f"thrift://metastore:{known['METASTORE_PORT']}",
        "kafka": {"bootstrap.servers": known["KAFKA_BOOTSTRAP"]},
        "registry": {"schema.registry.url": f"http://registry:{known['REGISTRY_PORT']}/apis/ccompat/v7"},
        "trino": f"jdbc:trino://trino:{known['TRINO_PORT']}/lake",
        "trino_user": "lake",
        "variables": {"EVENTS_API": f"http://api:{known['API_PORT']}"},
    }


def main() -> int:
    """Writes the files."""
    project, conf = Path(sys.argv[1]), Path(sys.argv[2])
    for path, text in render(project, os.environ).items():
        file = conf / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        # Servers run as other users than this one; the volume is theirs alone.
        file.chmod(0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main())
