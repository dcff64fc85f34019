"""Runs a whole local Airflow in the foreground: migrates its database, starts its processes, ends them together.

Unlike ``airflow standalone``, it opens no log server (which would listen on every interface; on one machine the API
server reads the log files itself), and it leaves no process behind when it is told to stop. Settings come from
``AIRFLOW__*`` variables; see README.md. Needs Linux.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

AIRFLOW = [sys.executable, "-m", "airflow"]
PROCESSES = (
    ["api-server"],
    ["scheduler", "--skip-serve-logs"],
    ["dag-processor"],
    ["triggerer", "--skip-serve-logs"],
)
GRACE_SECONDS = 20.0
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Runs until SIGTERM or SIGINT (exit code 0), or until a process dies (exit code 1)."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    # Tasks find the programs of this virtual environment first.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    # The triggerer, unlike the others, does not look for triggers in the DAGs' folder.
    folders = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
    children: list[subprocess.Popen[bytes]] = []
    try:
        _claim_port()
        subprocess.run([*AIRFLOW, "db", "migrate"], check=True)
        # A session of its own for each, so that its workers can be ended with it.
        children = [
            subprocess.Popen(
                [*AIRFLOW, *process],
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads here
            )
            for process in PROCESSES
        ]
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        ends = [f"{process[0]} ended with {child.poll()}" for process, child in zip(PROCESSES, children, strict=True)]
        print(f"{'; '.join(end for end in ends if not end.endswith('None'))}: stopping Airflow", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    except PortTakenError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Airflow's database could not be migrated: {error}", file=sys.stderr)
        return 1
    finally:
        _stop(children)


class PortTakenError(Exception):
    """Something else listens where the API server should."""


def _claim_port() -> None:
    """Looks whether the API server can have its port: without it, it would wait, and tasks would talk to a stranger."""
    host = os.environ.get("AIRFLOW__API__HOST", "127.0.0.1")
    port = int(os.environ.get("AIRFLOW__API__PORT", "8080"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(
                f"Cannot start Airflow: {host}:{port} can't be had ({error.strerror}). Set AIRFLOW__API__PORT,"
                " AIRFLOW__API__BASE_URL and AIRFLOW__CORE__EXECUTION_API_SERVER_URL to another port."
            ) from error


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    # A task has a process group of its own, and outlives the scheduler: only the session still holds it.
    sessions = {child.pid for child in children}
    _send(signal.SIGTERM, _members(sessions))
    deadline = time.monotonic() + GRACE_SECONDS
    while _members(sessions) and time.monotonic() < deadline:
        for child in children:
            child.poll()
        time.sleep(0.2)
    _send(signal.SIGKILL, _members(sessions))
    for child in children:
        child.wait()


def _send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _members(sessions: set[int]) -> list[int]:
    """The living processes of these sessions."""
    living = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state ppid pgrp session …: the name may hold spaces and parentheses
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) in sessions and state != "Z":
                living.append(int(stat.parent.name))
    return living


def _end_with_parent() -> None:
    """Has the kernel end this process when the one that started it is killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
