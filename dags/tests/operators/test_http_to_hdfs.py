from __future__ import annotations

import json
import runpy
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from conftest import DAGS
from fakes import FakeApi, FakeHdfs, Reply, body, chunked, compressed, cut_off, fake_api, fake_hdfs, unmeasured

from igarape.operators.http_to_hdfs import HttpToHdfsOperator

FILE = "/landing/insights/date=2024-01-01/insights.json"
RunDag = Callable[..., DagRun]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    with fake_api() as (fake, port):
        monkeypatch.setenv("AIRFLOW_CONN_EVENTS_API", f"http://127.0.0.1:{port}")
        yield fake


@pytest.fixture
def hdfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHdfs]:
    with fake_hdfs() as (fake, port):
        connection = {"conn_type": "webhdfs", "host": "127.0.0.1", "port": port, "login": "lake"}
        monkeypatch.setenv("AIRFLOW_CONN_WEBHDFS_DEFAULT", json.dumps(connection))
        yield fake


@pytest.fixture
def run(hdfs: FakeHdfs, api: FakeApi, environment: dict[str, str], database: None) -> RunDag:
    """Runs the shipped DAG from end to end in this process."""

    def run_dag(logical_date: datetime | None = None, **conf: Any) -> DagRun:
        # A test run leaves its parameters in the DAG, so each one gets its own.
        dag = runpy.run_path(str(DAGS / "insights_landing.py"))["dag"]
        result: DagRun = dag.test(logical_date=logical_date, run_conf=conf)
        return result

    return run_dag


def test_lands_the_answer_byte_for_byte(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(body(b'[{"a": "\xff"}]\r\n'))

    assert run(date="2024-01-01").state == "success"
    assert hdfs.files == {FILE: b'[{"a": "\xff"}]\r\n'}


def test_asks_for_the_date_and_for_a_plain_answer(run: RunDag, api: FakeApi) -> None:
    api.answers(body(b"[]"))

    run(date="2024-01-01")

    assert api.asked == ["/v1/random/insights?date=2024-01-01&count=1000"]
    assert api.headers[0]["accept-encoding"] == "identity"


def test_fills_templates() -> None:
    operator = HttpToHdfsOperator(
        task_id="land",
        endpoint="/{{ x }}",
        query={"q": "{{ x }}"},
        headers={"h": "{{ x }}"},
        path="/landing/{{ x }}/date={date}/a.json",
    )

    operator.render_template_fields({"x": "y"})  # type: ignore[typeddict-unknown-key]

    assert (operator.endpoint, operator.query, operator.headers) == ("/y", {"q": "y"}, {"h": "y"})
    assert operator.path == "/landing/y/date={date}/a.json"


def test_lands_the_day_of_the_data_interval(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(body(b"[]"))

    run(logical_date=datetime(2024, 1, 2, tzinfo=UTC))

    assert list(hdfs.files) == [FILE]


def test_lands_each_day_of_a_range(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(body(b"1"), body(b"2"), body(b"3"))

    run(**{"from": "2024-01-31", "to": "2024-02-03"})

    assert hdfs.files == {
        f"/landing/insights/date={day}/insights.json": content
        for day, content in {"2024-01-31": b"1", "2024-02-01": b"2", "2024-02-02": b"3"}.items()
    }


def test_keeps_what_is_there(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(body(b"first"), body(b"second"))
    run(date="2024-01-01")

    assert run(date="2024-01-01").state == "success"
    assert (hdfs.files, len(api.asked)) == ({FILE: b"first"}, 1)


def test_replaces_it_when_asked_to(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(body(b"first"), body(b"second"))
    run(date="2024-01-01")

    run(date="2024-01-01", full_refresh=True)

    assert hdfs.files == {FILE: b"second"}


def test_takes_a_chunked_answer(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    api.answers(chunked([b"[1,", b"2]"]))

    assert run(date="2024-01-01").state == "success"
    assert hdfs.files == {FILE: b"[1,2]"}


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(cut_off(b"half", 9), id="shorter than it says"),
        pytest.param(chunked([b"half"], ends=False), id="chunks without an end"),
        pytest.param(unmeasured(b"perhaps all"), id="without length"),
        pytest.param(compressed(b"\x1f\x8b"), id="compressed"),
        pytest.param(body(b"[]", 204), id="no content"),
        pytest.param(body(b"nonesuch", 404), id="client error"),
        pytest.param(body(b"later", 503), id="server error"),
    ],
)
def test_refuses_an_answer_that_is_not_whole(run: RunDag, api: FakeApi, hdfs: FakeHdfs, reply: Reply) -> None:
    hdfs.files[FILE] = b"old"
    api.answers(reply)

    assert run(date="2024-01-01", full_refresh=True).state == "failed"
    assert hdfs.visible == {FILE: b"old"}


def test_fails_without_a_day(run: RunDag, api: FakeApi) -> None:
    assert run(date="2024-01-01", to="2024-01-05").state == "failed"
    assert api.asked == []


def test_memory_does_not_grow_with_the_answer(run: RunDag, api: FakeApi, hdfs: FakeHdfs) -> None:
    megabyte = b"x" * (1 << 20)
    api.answers(chunked(megabyte for _ in range(64)))
    hdfs.keeps_only_lengths = True
    run(date="2023-01-01")  # what is loaded on first use does not count
    hdfs.files.clear()
    api.answers(chunked(megabyte for _ in range(64)))

    tracemalloc.start()
    try:
        run(date="2024-01-01")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert hdfs.lengths[FILE] == 64 << 20
    assert peak < 32 << 20
