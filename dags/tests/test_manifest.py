from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import MANIFEST, manifest_with_current

from igarape.docs import table_docs
from igarape.manifest import Manifest, ManifestError, TableName


def document() -> Any:
    return json.loads(MANIFEST.read_text())


def test_reads_pipelines_and_tables() -> None:
    insights = Manifest.load(MANIFEST).pipelines[0]
    raw, trusted = insights.tables[:2]

    assert (insights.name, insights.owner, insights.start_date) == ("insights", "data-platform", date(2024, 1, 1))
    assert insights.layers == ("raw", "trusted", "gold")
    assert raw.is_refetchable
    assert trusted.inputs[0].table == TableName("raw", "insights")
    assert trusted.expectations[0].on_fail == "quarantine"
    assert list(trusted.columns) == ["username", "page", "event_name"]


def test_tells_inputs_of_other_pipelines() -> None:
    overview = Manifest.load(MANIFEST).pipelines[2]

    assert [str(name) for name in overview.foreign_inputs] == ["gold.grouped_insights", "trusted.appclickstream"]


def test_reads_fields_that_it_does_not_know() -> None:
    known_and_more = document() | {"made_by": "a later lake"}

    assert len(Manifest.parse(json.dumps(known_and_more)).pipelines) == 4


def test_serves_a_kind_that_it_does_not_know_by_its_traits() -> None:
    known_and_more = document()
    raw, trusted = known_and_more["pipelines"][0]["tables"][:2]
    tally = {"kind": "tally", "of": "raw.insights"}
    trusted |= {"definition": tally, "traits": ["rows", "dated", "planned", "something_new"]}
    raw["definition"] = {"kind": "landing", "source": {"type": "carrier_pigeon"}}
    raw["traits"] = ["rows", "incremental"]

    manifest = Manifest.parse(json.dumps(known_and_more))

    raw, trusted = manifest.pipelines[0].tables[:2]
    assert (trusted.kind, trusted.sql, trusted.is_planned, trusted.is_incremental) == ("tally", None, True, False)
    assert (raw.source, raw.is_incremental, raw.is_refetchable) == ("carrier_pigeon", True, False)


def test_takes_a_table_with_intervals_as_one_that_is_built_by_date() -> None:
    with_intervals = document()
    clicks = with_intervals["pipelines"][1]["tables"][1]
    clicks["definition"] |= {"time": "event_time", "interval_seconds": 300}
    clicks["inputs"][0]["lookback_seconds"] = 600
    clicks["traits"].append("timed")

    table = Manifest.parse(json.dumps(with_intervals)).pipelines[1].tables[1]

    assert (table.kind, table.is_dated, table.is_planned, table.is_incremental) == ("daily", True, True, False)
    assert (table.inputs[0].lookback, table.sql) == (0, clicks["definition"]["sql"])


def test_takes_a_current_table_as_one_that_is_run_for_dates() -> None:
    users = Manifest.parse(manifest_with_current()).pipelines[0].tables[-1]

    assert (users.kind, users.sql) == ("current", "SELECT username, page, at FROM trusted.insights")
    assert (users.is_built_by_date, users.is_planned, users.is_query) == (True, True, True)
    assert (users.is_dated, users.is_incremental, users.is_refetchable) == (False, False, False)


def test_takes_the_columns_that_a_history_adds() -> None:
    document = json.loads(manifest_with_current())
    users = document["pipelines"][0]["tables"][-1]
    users["definition"] |= {"kind": "history", "track": ["page"]}
    users["added_columns"] = {"valid_from": "timestamp", "valid_to": "timestamp", "is_current": "boolean"}

    history = Manifest.parse(json.dumps(document)).pipelines[0].tables[-1]

    assert list(history.columns) == ["username", "page", "at", "valid_from", "valid_to", "is_current"]
    assert "is_current" in table_docs(history)


def test_tells_what_is_built_by_date() -> None:
    tables = [table for pipeline in Manifest.load(MANIFEST).pipelines for table in pipeline.tables]

    assert {table.kind for table in tables if not table.is_built_by_date} == {"landing", "view"}
    assert {(table.kind, table.source) for table in tables if table.is_built_by_date} == {
        ("daily", None),
        ("landing", "http"),
    }


@pytest.mark.parametrize("version", [0, 1, 3, "2", None])
def test_refuses_other_versions(version: object) -> None:
    with pytest.raises(ManifestError, match=r"version is .*read version 2. Compile it with the ./lake of the same"):
        Manifest.parse(json.dumps(document() | {"version": version}))


def test_says_where_a_fault_is() -> None:
    broken = document()
    del broken["pipelines"][0]["tables"][1]["definition"]["sql"]

    with pytest.raises(ManifestError, match=r"manifest.pipelines\[0\].tables\[1\].definition.sql is missing"):
        Manifest.parse(json.dumps(broken))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "../x", r"pipelines\[0\].name is '../x'"),
        ("timezone", "Mars/Olympus", r"timezone is 'Mars/Olympus', which is no timezone"),
        ("start_date", "2024-02-30", r"start_date is not a date"),
        ("tables", {}, r"tables is {}, not list"),
    ],
)
def test_refuses_wrong_fields(field: str, value: object, message: str) -> None:
    broken = document()
    broken["pipelines"][0][field] = value

    with pytest.raises(ManifestError, match=message):
        Manifest.parse(json.dumps(broken))


def test_refuses_a_table_that_is_declared_twice() -> None:
    broken = document()
    broken["pipelines"][0]["tables"].append(broken["pipelines"][0]["tables"][0])

    with pytest.raises(ManifestError, match=r"table raw.insights stands in it twice"):
        Manifest.parse(json.dumps(broken))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "\0"])
def test_refuses_what_is_no_manifest(text: str, tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(text)

    with pytest.raises(ManifestError, match=r"manifest.json: .*\./lake compile"):
        Manifest.load(file)


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"Cannot read the manifest .*nowhere.json.* ./lake compile"):
        Manifest.load(tmp_path / "nowhere.json")
