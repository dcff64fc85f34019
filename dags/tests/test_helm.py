"""Whether the chart in docker/helm becomes what Kubernetes takes, and agrees with the checkout; needs no cluster."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import kubernetes_validate
import pytest
import yaml
from checkout import (
    DOCKER,
    HOME,
    airflow_version,
    assert_the_jar_takes,
    functions,
    pom_value,
    spark_lock,
    target_fields,
    trino_version,
)
from conftest import DAGS
from helm import CHART, NAMESPACE, Helm, HelmError, assert_valid, named, unpack

TOKEN = {"name": "shop", "sha256": "0" * 64, "rights": {"orders": ["produce"]}}
LEAST = {"api": {"tokens": {"value": [TOKEN]}}}
"""What nobody but its user can know."""

MOST = {
    "imagePullSecrets": [{"name": "pull"}],
    "api": {
        "image": {"repository": "registry.example.com/igarape/api", "tag": "1.2.3"},
        "tokens": {"existingSecret": "my-tokens"},
        "kafkaConfigSecret": "kafka-login",
        "env": {"IGARAPE_API_MAX_BODY": "4MiB"},
        "service": {"type": "LoadBalancer", "annotations": {"example.com/a": "b"}},
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "host": "events.example.com",
            "tlsSecret": "tls",
            "annotations": {"example.com/c": "d"},
        },
    },
    "live": {
        "tables": ["raw.appclickstream", "gold.clickstream_windows"],
        "every": "500ms",
        "conf": {"spark.sql.shuffle.partitions": "8"},
        "env": [{"name": "SHOP_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "shop", "key": "password"}}}],
        "service": {"annotations": {"prometheus.io/scrape": "true"}},
    },
    "hadoop": {"coreSite": {"fs.defaultFS": "hdfs://lake", "a": "b & <c>"}},
}
GIVEN = {"my-tokens", "kafka-login", "shop", "tls", "pull"}
"""Secrets that the release does not make."""

pytestmark = pytest.mark.skipif(not DOCKER.is_dir(), reason="these DAGs stand outside a checkout")


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Helm:
    home = tmp_path_factory.mktemp("helm")
    return Helm(unpack(home), home)


@pytest.fixture(scope="module", params=["least", "most"])
def made(request: pytest.FixtureRequest, helm: Helm) -> list[dict[str, Any]]:
    return helm.template(LEAST if request.param == "least" else MOST)


@pytest.fixture(scope="module")
def least(helm: Helm) -> list[dict[str, Any]]:
    return helm.template(LEAST)


def values_of(chart: str) -> dict[str, Any]:
    """The values for an official chart."""
    found: dict[str, Any] = yaml.safe_load((DOCKER / f"helm/{chart}/values.yaml").read_text())
    return found


def pods(made: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pods' specifications, by the name of their deployment."""
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in made if one["kind"] == "Deployment"}


def megabytes(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(m|g|Mi|Gi)", size).groups()  # type: ignore[union-attr]
    return int(number) * (1024 if unit in {"g", "Gi"} else 1)


def test_helm_finds_no_fault_with_the_chart(helm: Helm) -> None:
    assert "0 chart(s) failed" in helm.run("lint", "--strict", str(CHART), "-f", "-", stdin=yaml.safe_dump(LEAST))


def test_kubernetes_knows_every_key(made: list[dict[str, Any]]) -> None:
    assert_valid(made)

    assert {one["kind"] for one in made} >= {"ConfigMap", "Deployment", "Role", "RoleBinding", "Secret", "Service"}


def test_a_key_that_kubernetes_does_not_know_is_found(least: list[dict[str, Any]]) -> None:
    live = json.loads(json.dumps(named(least, "Deployment", "lake-live")))
    live["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError, match="readynessProbe"):
        assert_valid([live])


def test_all_that_is_made_is_used_under_its_name(made: list[dict[str, Any]]) -> None:
    names = {one["metadata"]["name"] for one in made if one["kind"] in {"Secret", "ConfigMap"}} | GIVEN
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in made if one["kind"] == "Deployment"]

    for pod in pods(made).values():
        (container,) = pod["containers"]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys()
        for volume in volumes.values():
            source = volume.get("secret", {}).get("secretName") or volume.get("configMap", {}).get("name")
            assert source in names or "emptyDir" in volume
        ports = {port["name"] for port in container["ports"]}
        probes = [container[probe]["httpGet"]["port"] for probe in container if probe.endswith("Probe")]
        assert len(probes) == 3
        assert set(probes) <= ports
    for one in made:
        selector = one["spec"].get("selector", {}) if one["kind"] in {"Service", "PodDisruptionBudget"} else None
        if selector is not None:
            wanted = selector.get("matchLabels", selector).items()
            assert sum(wanted <= label.items() for label in labels) == 1, one["metadata"]["name"]
    binding = named(made, "RoleBinding", "igarape-jobs")
    assert named(made, "ServiceAccount", binding["subjects"][0]["name"])
    assert binding["subjects"][0]["namespace"] == NAMESPACE
    assert named(made, "Role", binding["roleRef"]["name"])


def test_pods_are_ordinary_users_who_may_write_to_their_folders_alone(made: list[dict[str, Any]]) -> None:
    for pod in pods(made).values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
            assert writable == ["/tmp"]  # noqa: S108 - of a container


def test_heaps_fit_into_the_bounds_of_memory(least: list[dict[str, Any]]) -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    for part in ("api", "live"):
        (container,) = pods(least)[f"lake-{part}"]["containers"]
        assert any(values[part]["heap"] in word for word in container["command"])
        assert megabytes(values[part]["heap"]) * 5 // 4 <= megabytes(container["resources"]["limits"]["memory"])


def test_live_is_called_as_the_jar_takes_it(made: list[dict[str, Any]]) -> None:
    command = pods(made)["lake-live"]["containers"][0]["command"]

    assert_the_jar_takes(command, "hdfs://namenode:8020/igarape/jobs.jar")
    if "--tables" in command:
        assert command[command.index("--tables") + 1] == ",".join(MOST["live"]["tables"])  # type: ignore[index]
        assert "spark.sql.shuffle.partitions=8" in command
    # Grace of the pod: as long as ./lake down waits for it.
    stop = (HOME / "cli/src/main/java/dev/igarape/cli/stack/server/Live.java").read_text()
    assert f"ofSeconds({pods(made)['lake-live']['terminationGracePeriodSeconds']})" in stop


def test_the_target_is_one(least: list[dict[str, Any]]) -> None:
    target = json.loads(named(least, "Secret", "lake-target")["stringData"]["target.json"])

    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(target) <= target_fields()
    assert schema["properties"]["target"]["properties"]["value"]["properties"].keys() == target_fields()
    compose = functions("render.py")
    ports = dict.fromkeys(re.findall(r"^(\w+_PORT)=", (DOCKER / ".env.example").read_text(), re.MULTILINE), "1")
    assert set(target) == set(compose["target"](compose["values"](ports, "/data")))


def test_the_api_gets_settings_that_it_knows(made: list[dict[str, Any]]) -> None:
    environment = {one["name"]: one.get("value") for one in pods(made)["lake-api"]["containers"][0]["env"]}
    documented = set(re.findall(r"`([A-Z_]+)`", (HOME / "api/README.md").read_text()))

    assert environment.keys() <= documented
    assert environment["KAFKA_BOOTSTRAP_SERVERS"] == "kafka:9092"
    assert environment["IGARAPE_API_TOKENS_FILE"] == "/etc/igarape/tokens/tokens.json"
    if "IGARAPE_API_MAX_BODY" in environment:
        assert environment["IGARAPE_API_MAX_BODY"] == "4MiB"
        assert environment["IGARAPE_API_KAFKA_CONFIG_FILE"] == "/etc/igarape/kafka/kafka.properties"
    else:
        assert json.loads(named(made, "Secret", "lake-tokens")["stringData"]["tokens.json"]) == {"tokens": [TOKEN]}


def test_an_ingress_leads_to_the_api(helm: Helm) -> None:
    made = helm.template(MOST)
    ingress = named(made, "Ingress", "lake-api")["spec"]

    assert ingress["ingressClassName"] == "nginx"
    assert ingress["tls"] == [{"hosts": ["events.example.com"], "secretName": "tls"}]
    backend = ingress["rules"][0]["http"]["paths"][0]["backend"]["service"]
    service = named(made, "Service", backend["name"])
    assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}


def test_settings_of_hdfs_are_written_as_hadoop_reads_them(helm: Helm) -> None:
    data = named(helm.template(MOST), "ConfigMap", "lake-hadoop")["data"]
    settings = {
        entry.findtext("name"): entry.findtext("value")
        for entry in ET.fromstring(data["core-site.xml"].encode())  # noqa: S314 - our own text
    }

    assert settings == {"fs.defaultFS": "hdfs://lake", "a": "b & <c>"}
    assert "initial.delay.ms" in data["hdfs-site.xml"]


def test_the_values_of_the_readme_are_such(helm: Helm) -> None:
    readme = (DOCKER / "helm/README.md").read_text()
    (example,) = re.findall(r"^```yaml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    values = yaml.safe_load(example.replace("<64 hex digits>", "0" * 64))

    assert_valid(helm.template(values))
    assert values["api"]["tokens"]["value"] == [TOKEN]


def test_what_is_off_is_not_there(helm: Helm) -> None:
    none = helm.template(
        {"api": {"enabled": False}, "live": {"enabled": False}, "jobs": {"serviceAccount": {"create": False}}}
    )
    one = helm.template({"api": {"tokens": {"open": True}, "replicas": 1}})

    # Airflow and Trino read these two.
    assert {(made["kind"], made["metadata"]["name"]) for made in none} == {
        ("Secret", "lake-target"),
        ("ConfigMap", "lake-hadoop"),
    }
    assert "PodDisruptionBudget" not in {made["kind"] for made in one}
    assert "lake-tokens" not in {made["metadata"]["name"] for made in one}
    assert {"name": "IGARAPE_API_OPEN", "value": "true"} in pods(one)["lake-api"]["containers"][0]["env"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "api.tokens: nobody could call the API. Give tokens"),
        ({"api": {"tokens": {"value": [TOKEN | {"sha256": "secret"}]}}}, "/api/tokens/value/0/sha256"),
        ({"api": {"tokens": {"value": [TOKEN | {"rights": {"*": ["write"]}}]}}}, "/api/tokens/value/0/rights"),
        ({"api": {"port": 80}}, "/api/port"),
        ({"api": {"tokenz": {}}}, "tokenz"),
        ({"live": {"every": "often"}}, "/live/every"),
        ({"live": {"tables": ["clickstream"]}}, "/live/tables/0"),
        ({"live": {"conf": {"spark.cores.max": 2}}}, "/live/conf/spark.cores.max"),
        ({"target": {"value": {"kafka": {"bootstrap.servers": None}}}}, "bootstrap.servers"),
        ({"target": {"value": {"hdfs": "hdfs://namenode/"}}}, "/target/value/hdfs"),
        (LEAST | {"target": {"existingSecret": "mine"}}, "api.bootstrapServers: name Kafka's brokers"),
    ],
)
def test_wrong_values_are_refused(helm: Helm, values: dict[str, Any], told: str) -> None:
    with pytest.raises(HelmError, match=re.escape(told)):
        helm.template(values)


def test_versions_are_those_of_the_checkout(least: list[dict[str, Any]]) -> None:
    version = pom_value("pom.xml", "version")
    spark, sha256 = spark_lock()
    images = {name: pod["containers"][0]["image"] for name, pod in pods(least).items()}

    assert images["lake-api"] == f"igarape/api:{version}"
    # The classes of the jar are for Java 17.
    assert images["lake-live"] == f"apache/spark:{spark}-scala2.12-java17-ubuntu"
    for dockerfile in ("api/Dockerfile", "helm/airflow/Dockerfile"):
        assert f"ARG VERSION={version}\n" in (DOCKER / dockerfile).read_text()
    airflow = (DOCKER / "helm/airflow/Dockerfile").read_text()
    assert f"FROM apache/airflow:{airflow_version()}-python3.11\n" in airflow
    assert f"'pyspark=={spark} {sha256}'" in airflow
    assert values_of("airflow")["airflowVersion"] == airflow_version()
    assert values_of("airflow")["images"]["airflow"]["tag"] == airflow_version()
    assert values_of("trino")["image"]["tag"] == trino_version()


def test_trinos_catalogs_are_those_of_the_local_stack() -> None:
    values = values_of("trino")
    kubernetes = {
        "METASTORE_HOST": "metastore",
        "METASTORE_PORT": "9083",
        "CONF_DIR": "/etc/igarape",
        "KAFKA_BOOTSTRAP": "kafka:9092",
        "REGISTRY_HOST": "registry",
        "REGISTRY_PORT": "8081",
    }

    assert values["catalogs"].keys() == {"lake", "delta", "kafka"}
    for name, catalog in values["catalogs"].items():
        place = f"trino/catalog/{name}.properties"
        filled = functions("render.py")["fill"]((HOME / place).read_text(), kubernetes, place)
        assert catalog.splitlines() == [line for line in filled.splitlines() if not line.startswith("#")]
    local = (HOME / "trino/config.properties").read_text()
    assert [line for line in values["server"]["coordinatorExtraConfig"].splitlines() if line not in local] == []
    for node in ("coordinator", "worker"):
        heap = megabytes(values[node]["jvm"]["maxHeapSize"].lower())
        assert heap * 5 // 4 <= megabytes(values[node]["resources"]["limits"]["memory"])


def test_trino_reaches_what_the_release_makes(least: list[dict[str, Any]]) -> None:
    (mount,) = values_of("trino")["configMounts"]
    target = json.loads(named(least, "Secret", "lake-target")["stringData"]["target.json"])

    assert named(least, "ConfigMap", mount["configMap"])["data"].keys() == {"core-site.xml", "hdfs-site.xml"}
    assert f"hive.metastore.uri={target['metastore']}\n" in values_of("trino")["catalogs"]["lake"]
    assert f"kafka.nodes={target['kafka']['bootstrap.servers']}\n" in values_of("trino")["catalogs"]["kafka"]


def test_airflow_reaches_what_the_release_makes(least: list[dict[str, Any]]) -> None:
    values = values_of("airflow")
    environment = {one["name"]: one["value"] for one in values["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in values["volumeMounts"]}

    assert mounts.keys() == {volume["name"] for volume in values["volumes"]}
    (secret,) = [volume["secret"]["secretName"] for volume in values["volumes"] if "secret" in volume]
    (config,) = [volume["configMap"]["name"] for volume in values["volumes"] if "configMap" in volume]
    assert named(least, "ConfigMap", config)
    (file,) = named(least, "Secret", secret)["stringData"]
    assert environment["IGARAPE_TARGET"] == f"{mounts['target']}/{file}"
    assert environment["HADOOP_CONF_DIR"] == mounts["hadoop"]
    service = named(least, "Service", "lake-api")["spec"]["ports"][0]
    assert environment["AIRFLOW_CONN_EVENTS_API"] == f"http://lake-api:{service['port']}"


def test_airflow_has_the_settings_that_its_dags_want() -> None:
    environment = {one["name"]: one["value"] for one in values_of("airflow")["env"]}
    dockerfile = (DOCKER / "helm/airflow/Dockerfile").read_text()
    wanted = set(re.findall(r'^            "([A-Z_]+)": "the ', (DAGS / "igarape/config.py").read_text(), re.MULTILINE))

    assert wanted == {"IGARAPE_MANIFEST", "IGARAPE_TARGET", "IGARAPE_JAR", "SPARK_HOME"}
    assert wanted - environment.keys() == {"SPARK_HOME"}
    assert "ENV SPARK_HOME=/opt/spark\n" in dockerfile
    copied = re.findall(r"^COPY (\S+) (\S+)$", dockerfile, re.MULTILINE)
    assert {environment["IGARAPE_MANIFEST"], environment["IGARAPE_JAR"]} <= {to for _, to in copied}
    assert [source for source, _ in copied if source.startswith("dags") and not (HOME / source).exists()] == []
