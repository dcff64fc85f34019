"""Fills the local stack's configuration files for the compose network: ``render.py <project> <conf>``.

The files are those of the checkout; ``${NAME}`` stands for a host, a port or a folder. Ports and passwords come from
the environment (.env). Runs in the one-shot service ``config``; needs Python alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

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


def values(environment: Mapping[str, str], data: str) -> dict[str, str]:
    """What the names stand for."""
    ports = {name: value for name, value in environment.items() if name.endswith("_PORT")}
    broker, controller = f"kafka:{ports['KAFKA_PORT']}", f"kafka:{ports['KAFKA_CONTROLLER_PORT']}"
    return {
        **ports,
        **HOSTS,
        "HDFS_URI": f"hdfs://{HOSTS['HDFS_HOST']}:{ports['HDFS_PORT']}",
        "HDFS_USER": "root",
        "HDFS_REPLICAS": "1",
        "KAFKA_NODE": "1",
        "KAFKA_ROLES": "broker,controller",
        "KAFKA_ADDRESS": broker,
        "KAFKA_LISTENERS": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
        "KAFKA_BOOTSTRAP": broker,
        "KAFKA_REPLICAS": "1",
        "KAFKA_REPLICAS_IN_SYNC": "1",
        "TRINO_COORDINATOR_WORKS": "true",
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


def render(project: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """All files, by their path below /conf."""
    files: dict[str, str] = {}
    for source, (folder, data) in FOLDERS.items():
        known = values(environment, data)
        for path in sorted((project / source).iterdir()):
            if path.suffix in SUFFIXES and path.name != "pom.xml":
                files[f"{folder}/{path.name}"] = fill(path.read_text(encoding="utf-8"), known, f"{source}/{path.name}")
    known = values(environment, "/data/hdfs")
    for name, folder in {"core-site.xml": "hadoop", "hdfs-site.xml": "hadoop", "hive-site.xml": "hive"}.items():
        text = (project / "hive" / name).read_text(encoding="utf-8")
        files[f"{folder}/{name}"] = fill(text, known, f"hive/{name}")
    # A container is reached under its name: Trino listens on all of its own addresses.
    config = files["trino/config.properties"].splitlines(keepends=True)
    files["trino/config.properties"] = "".join(line for line in config if not line.startswith("node.bind-ip="))
    files["trino/node.properties"] = "node.environment=docker\nnode.id=docker\nnode.data-dir=/data/trino\n"
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
        "kafka": {"bootstrap.servers": f"kafka:{known['KAFKA_PORT']}"},
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
