from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from conftest import DAGS, MANIFEST, manifest_with_current
from fakes import FakeHdfs, fake_hdfs, fake_webhook

from igarape.config import ConfigError, freshness_grace
from igarape.freshness import LedgerError, built_dates, lags
from igarape.hooks.hdfs import HdfsHook
from igarape.manifest import Manifest
from igarape.target import Target, TargetError

TARGET = Target("dev_", "/lake", "thrift://metastore:9083")
BUILT_BY_DATE = ("raw.insights", "trusted.insights", "gold.grouped_insights", "trusted.appclickstream")


@pytest.fixture
def hdfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHdfs]:
    with fake_hdfs() as (fake, port):
        connection = {"conn_type": "webhdfs", "host": "127.0.0.1", "port": port, "login": "lake"}
        monkeypatch.setenv("AIRFLOW_CONN_WEBHDFS_DEFAULT", json.dumps(connection))
        yield fake


def commit(hdfs: FakeHdfs, table: str, sequence: int, *days: str) -> None:
    folder = f"/lake/_ledger/dev_{table}"
    hdfs.make(folder)
    entry = {"version": 3, "dates": [{"date": day} for day in days]}
    hdfs.files[f"{folder}/{sequence:012}.json"] = json.dumps(entry).encode()


def late(now: datetime) -> dict[str, tuple[date, ...]]:
    found = lags(Manifest.load(MANIFEST), TARGET, HdfsHook(), now, timedelta(hours=6))
    return {str(lag.table.name): lag.missing for lag in found}


def test_names_tables_that_lack_the_last_due_date(hdfs: FakeHdfs) -> None:
    for table in BUILT_BY_DATE:
        commit(hdfs, table, 1, "2024-03-01", "2024-03-02")
    commit(hdfs, "trusted.insights", 2, "2024-03-03")

    assert late(datetime(2024, 3, 4, 5, 59, tzinfo=UTC)) == {"trusted.appclickstream": (date(2024, 3, 3),)}
    assert late(datetime(2024, 3, 4, 6, 0, tzinfo=UTC)) == {
        table: (date(2024, 3, 3),) for table in BUILT_BY_DATE if table != "trusted.insights"
    }


def test_names_current_tables_by_the_dates_of_what_they_read(hdfs: FakeHdfs) -> None:
    for table in BUILT_BY_DATE:
        commit(hdfs, table, 1, "2024-03-03")
    commit(hdfs, "gold.users", 1, "2024-03-02")

    def missing() -> dict[str, tuple[date, ...]]:
        manifest = Manifest.parse(manifest_with_current())
        found = lags(manifest, TARGET, HdfsHook(), datetime(2024, 3, 4, 6, tzinfo=UTC), timedelta(hours=6))
        return {str(lag.table.name): lag.missing for lag in found}

    assert missing() == {"gold.users": (date(2024, 3, 3),)}
    commit(hdfs, "gold.users", 2, "2024-03-03")
    assert missing() == {}


def test_a_pipeline_that_was_never_run_is_late(hdfs: FakeHdfs) -> None:
    assert set(late(datetime(2024, 3, 4, 12, tzinfo=UTC))) == set(BUILT_BY_DATE)


def test_nothing_is_due_before_the_start(hdfs: FakeHdfs) -> None:
    assert late(datetime(2024, 1, 1, 12, tzinfo=UTC)) == {}


def test_reads_the_newest_snapshot_and_what_follows(hdfs: FakeHdfs) -> None:
    commit(hdfs, "raw.a", 50, "2020-01-01")
    commit(hdfs, "raw.a", 51, "2024-01-03")
    folder = "/lake/_ledger/dev_raw.a"
    state = {"version": 2, "dates": [{"sequence": 1, "build": {"date": "2024-01-01"}}]}
    hdfs.files[f"{folder}/000000000050.snapshot"] = json.dumps(state).encode()
    hdfs.files[f"{folder}/lease.3"] = b"{}"

    assert built_dates(HdfsHook(), folder) == {date(2024, 1, 1), date(2024, 1, 3)}
    assert built_dates(HdfsHook(), "/lake/_ledger/nonesuch") == set()


@pytest.mark.parametrize("version", [0, 7, "3", None])
@pytest.mark.parametrize("name", ["000000000001.json", "000000000001.snapshot"])
def test_refuses_a_format_of_the_ledger_that_it_does_not_know(hdfs: FakeHdfs, version: Any, name: str) -> None:
    folder = "/lake/_ledger/dev_raw.a"
    hdfs.make(folder)
    hdfs.files[f"{folder}/{name}"] = json.dumps({"version": version, "dates": []}).encode()

    with pytest.raises(
        LedgerError, match=rf"dev_raw\.a/{name} has format {version!r}, and these DAGs read formats 1 to 6"
    ):
        built_dates(HdfsHook(), folder)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_reads_every_format_of_the_ledger_up_to_its_own(hdfs: FakeHdfs, version: int) -> None:
    folder = "/lake/_ledger/dev_raw.a"
    hdfs.make(folder)
    entry = {"version": version, "dates": [{"date": "2024-01-01"}]}
    hdfs.files[f"{folder}/000000000001.json"] = json.dumps(entry).encode()

    assert built_dates(HdfsHook(), folder) == {date(2024, 1, 1)}


def write_target(folder: Path) -> str:
    target = folder / "target.json"
    target.write_text(json.dumps({"prefix": "dev_", "root": "/lake", "metastore": "thrift://metastore:9083"}))
    return str(target)


@pytest.mark.usefixtures("environment", "database")
def test_tells_once_of_each_late_date_and_stays_red(
    hdfs: FakeHdfs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(hour: int) -> Any:
        dag = runpy.run_path(str(DAGS / "igarape_freshness.py"))["dag"]
        result: DagRun = dag.test(logical_date=datetime(2024, 3, 4, hour, tzinfo=UTC))
        return result.state

    monkeypatch.setenv("IGARAPE_TARGET", write_target(tmp_path))
    for table in BUILT_BY_DATE:
        commit(hdfs, table, 1, "2024-03-02", "2024-03-03")
    hdfs.files.pop("/lake/_ledger/dev_gold.grouped_insights/000000000001.json")

    with fake_webhook() as (told, port):
        monkeypatch.setenv("IGARAPE_ALERT_WEBHOOK", f"http://127.0.0.1:{port}")
        # Nobody looked in the hour in which the date became late.
        states = [check(hour) for hour in (9, 10)]
        commit(hdfs, "gold.grouped_insights", 1, "2024-03-03")
        states.append(check(11))

    assert states == ["failed", "failed", "success"]
    [alert] = told
    assert alert["text"] == "\n".join(
        [
            "insights: gold.grouped_insights for 2024-03-03 is not fresh: it was due at 2024-03-04T06:00+00:00",
            "Owner: data-platform",
            f"Log: {alert['log_url']}",
            "Again: ./lake run 'gold.grouped_insights+' --date 2024-03-03",
        ]
    )


def test_reads_the_target_from_disk_or_hdfs(hdfs: FakeHdfs, tmp_path: Path) -> None:
    local = write_target(tmp_path)
    hdfs.files["/conf/target.json"] = Path(local).read_bytes()

    assert Target.load(local) == Target.load("hdfs://namenode:8020/conf/target.json") == TARGET


def test_a_missing_target_says_what_to_do() -> None:
    with pytest.raises(TargetError, match=r"Write it with \./lake up"):
        Target.load("/nonesuch.json")


def test_refuses_a_grace_that_is_no_number() -> None:
    assert freshness_grace({}) == timedelta(hours=6)
    with pytest.raises(ConfigError, match="IGARAPE_FRESH_WITHIN_HOURS is 'soon'"):
        freshness_grace({"IGARAPE_FRESH_WITHIN_HOURS": "soon"})
