from __future__ import annotations

import json
import os
from collections.abc import Iterator
from threading import Event

import pytest
from airflow.providers.apache.hdfs.hooks.webhdfs import AirflowWebHDFSHookException
from fakes import FakeHdfs, fake_hdfs
from hdfs import HdfsError

from igarape.hooks.hdfs import Entry, HdfsHook


@pytest.fixture
def hdfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHdfs]:
    with fake_hdfs() as (fake, port):
        connection = {"conn_type": "webhdfs", "host": "127.0.0.1", "port": port, "login": "lake"}
        monkeypatch.setenv("AIRFLOW_CONN_WEBHDFS_DEFAULT", json.dumps(connection))
        yield fake


def test_tells_what_exists(hdfs: FakeHdfs) -> None:
    hdfs.make("/landing")

    assert HdfsHook().exists("/landing")
    assert not HdfsHook().exists("/nonesuch")


def test_does_not_take_a_refusal_for_absence(hdfs: FakeHdfs) -> None:
    hook = HdfsHook()
    assert hook.exists("/")
    hdfs.refuses = "GETFILESTATUS"

    with pytest.raises(HdfsError, match="fails"):
        hook.exists("/landing")


def test_asks_the_name_node_that_does_not_stand_by(hdfs: FakeHdfs, monkeypatch: pytest.MonkeyPatch) -> None:
    hdfs.make("/landing")
    port = json.loads(os.environ["AIRFLOW_CONN_WEBHDFS_DEFAULT"])["port"]
    with fake_hdfs() as (_, dead):
        pass
    with fake_hdfs() as (standby, other):
        standby.refuses = "GETFILESTATUS"
        hosts = ",".join(f"127.0.0.1:{each}" for each in (dead, other, port))
        connection = {"conn_type": "webhdfs", "host": hosts, "port": other, "login": "lake"}
        monkeypatch.setenv("AIRFLOW_CONN_WEBHDFS_DEFAULT", json.dumps(connection))

        assert HdfsHook().exists("/landing")


def test_says_that_no_name_node_serves(hdfs: FakeHdfs) -> None:
    hdfs.refuses = "GETFILESTATUS"

    with pytest.raises(AirflowWebHDFSHookException):
        HdfsHook().exists("/landing")


def test_makes_folders(hdfs: FakeHdfs) -> None:
    HdfsHook().mkdirs("/landing/insights/date=2024-01-01")

    assert "/landing/insights/date=2024-01-01" in hdfs.folders


def test_reads_what_it_wrote(hdfs: FakeHdfs) -> None:
    hook = HdfsHook()
    hook.upload("/landing/a/date=2024-01-01/ção.json", [b"one ", b"two"])

    assert hook.read("/landing/a/date=2024-01-01/ção.json") == b"one two"
    assert hdfs.files == {"/landing/a/date=2024-01-01/ção.json": b"one two"}


def test_lists_a_folder_without_uploads_under_way(hdfs: FakeHdfs) -> None:
    hdfs.files = {"/l/b.json": b"12", "/l/a.json": b"", "/l/_upload.c.json.0": b"1"}
    hdfs.folders |= {"/l", "/l/sub"}

    assert HdfsHook().list_folder("/l") == [Entry("a.json", False, 0), Entry("b.json", False, 2), Entry("sub", True, 0)]
    assert HdfsHook().list_folder("/nonesuch") == []


def test_shows_a_file_only_when_it_is_whole(hdfs: FakeHdfs) -> None:
    hdfs.files["/l/a.json"] = b"old"
    seen = []
    hdfs.during_write = lambda: seen.append(hdfs.files["/l/a.json"])

    HdfsHook().upload("/l/a.json", [b"ne", b"w"])

    assert seen == [b"old", b"old"]
    assert hdfs.files == {"/l/a.json": b"new"}


def test_leaves_nothing_behind_when_the_data_break_off(hdfs: FakeHdfs) -> None:
    arrived = Event()
    hdfs.during_write = arrived.set

    def data() -> Iterator[bytes]:
        yield b"half"
        assert arrived.wait(10)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        HdfsHook().upload("/l/a.json", data())

    assert hdfs.files == {}


def test_clears_away_what_a_killed_upload_left(hdfs: FakeHdfs) -> None:
    hdfs.make("/l")
    hdfs.files = {"/l/_upload.a.json.dead": b"half", "/l/_upload.b.json.live": b"other"}

    HdfsHook().upload("/l/a.json", [b"whole"])

    assert hdfs.files == {"/l/a.json": b"whole", "/l/_upload.b.json.live": b"other"}


def test_an_upload_that_was_overtaken_fails(hdfs: FakeHdfs) -> None:
    def slow() -> Iterator[bytes]:
        yield b"old"
        HdfsHook().upload("/l/a.json", [b"new"])

    with pytest.raises(HdfsError):
        HdfsHook().upload("/l/a.json", slow())

    assert hdfs.files == {"/l/a.json": b"new"}
