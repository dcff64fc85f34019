from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from fakes import serving

from igarape.hooks.live import JobEnd, LiveHook, LiveServiceLostError

TOKEN = "5ca1ab1e"  # noqa: S105 - of a service that is made up


class FakeLive:
    """A live service that answers each run as it was told."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.status = 200
        self.run_id = "live"
        self.during_run: Callable[[], None] = lambda: None
        """Called when a run has come."""
        self.waits = False
        """Whether it says nothing more after the lines, until its caller hangs up."""
        self.lines = ['{"out": "{\\"dates\\": []}"}', "", '{"err": "said"}', '{"exit": 0}']


@contextmanager
def fake_live(state_file: Path) -> Iterator[FakeLive]:
    """A service that has written its state file."""
    live = FakeLive()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

        def do_POST(self) -> None:
            live.tokens.append(self.headers["Authorization"])
            live.runs.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            live.during_run()
            self.send_response(live.status)
            self.send_header("Igarape-Run", live.run_id)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            lines = live.lines if live.status == HTTPStatus.OK else []
            for line in lines:
                self.wfile.write(b"%x\r\n%s\n\r\n" % (len(line) + 1, line.encode()))
            if live.waits:
                self.rfile.read(1)
            elif not lines or '"exit"' in lines[-1]:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

    with serving(Handler) as port:
        process = {"pid": 1, "run_id": "live", "host": "127.0.0.1", "port": port, "token": TOKEN, "tables": []}
        state_file.write_text(json.dumps(process))
        yield live


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def hook(tmp_path: Path, said: list[str]) -> LiveHook:
    jar = tmp_path / "jobs.jar"
    jar.write_text("jar")
    os.utime(jar, ns=(0, 1_700_000_000_123_999_999))
    (tmp_path / "manifest.json").write_text('{"url": "${API}/x"}')
    return LiveHook(str(tmp_path / "process.json"), str(jar), said.append)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[FakeLive]:
    with fake_live(tmp_path / "process.json") as service:
        yield service


def run(hook: LiveHook) -> JobEnd | None:
    return hook.run(["plan", "--tables", "raw.a"], str(hook.jar.parent / "manifest.json"))


def test_hands_over_the_command_line_and_what_the_job_may_read(
    hook: LiveHook, live: FakeLive, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API", "PASSWORD", "AIRFLOW_CTX_DAG_ID"):
        monkeypatch.setenv(name, name.lower())

    assert run(hook) == JobEnd(0, ['{"dates": []}'])

    assert said == ['{"dates": []}', "said"]
    assert live.tokens == [f"Bearer {TOKEN}"]
    assert live.runs == [
        {
            "jar": "3-1700000000123",
            "arguments": ["plan", "--tables", "raw.a"],
            "environment": {"API": "api", "AIRFLOW_CTX_DAG_ID": "airflow_ctx_dag_id"},
        }
    ]


@pytest.mark.parametrize("status", [401, 409, 503])
def test_a_refusal_means_that_nothing_was_done(hook: LiveHook, live: FakeLive, said: list[str], status: int) -> None:
    live.status = status

    assert run(hook) is None
    assert said == []


def test_a_program_that_has_the_port_now_is_not_believed(hook: LiveHook, live: FakeLive, said: list[str]) -> None:
    live.run_id = "another"

    assert run(hook) is None
    assert said == []


def test_a_service_that_is_gone_takes_nothing(hook: LiveHook, tmp_path: Path) -> None:
    assert run(hook) is None
    with fake_live(tmp_path / "process.json"):
        pass
    assert run(hook) is None


@pytest.mark.parametrize("name", ["IGARAPE_COLD", "IGARAPE_HALT_AT", "IGARAPE_STOP_AT"])
def test_the_environment_can_ask_for_a_process_of_its_own(
    hook: LiveHook, live: FakeLive, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")

    assert run(hook) is None
    assert live.runs == []


def test_a_job_that_the_service_gives_up_is_to_run_by_itself(hook: LiveHook, live: FakeLive, said: list[str]) -> None:
    live.lines = ['{"err": "begun"}', '{"moved": "too long"}']

    assert run(hook) is None
    assert said == ["begun", "too long"]


def test_a_service_that_dies_amid_a_job_is_no_end(hook: LiveHook, live: FakeLive, said: list[str]) -> None:
    live.lines = ['{"err": "begun"}']

    with pytest.raises(LiveServiceLostError):
        run(hook)
    assert said == ["begun"]


def test_a_signal_amid_the_answer_ends_the_call(
    hook: LiveHook, live: FakeLive, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live.lines = ['{"err": "begun"}']
    live.waits = True
    read = socket.SocketIO.readinto
    signals: list[int] = []

    def interrupted(stream: socket.SocketIO, buffer: bytearray) -> int | None:
        # Here the reader's lock is held.
        if said and not signals and threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGTERM)
        return read(stream, buffer)

    def on_term(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        hook.hang_up()

    monkeypatch.setattr(socket.SocketIO, "readinto", interrupted)
    before = signal.signal(signal.SIGTERM, on_term)
    try:
        with pytest.raises(LiveServiceLostError) as lost:
            run(hook)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert signals == [signal.SIGTERM]
    assert said == ["begun"]
    assert not isinstance(lost.value.__cause__, TimeoutError)
