"""The hook that hands jobs to a live service, whose Spark session is warm."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECT_TIMEOUT = 2.0
SILENCE_TIMEOUT = 30.0
"""A service that is silent for so many seconds stands still: it sends something every second while a job is at work."""

COLD = "IGARAPE_COLD"
"""The variable that keeps jobs in processes of their own."""

SERVICE_HEADER = "Igarape-Run"
"""Says which service an answer is from."""

_FAULTS = ("IGARAPE_HALT_AT", "IGARAPE_STOP_AT")
_AIRFLOW = ("AIRFLOW_CTX_DAG_ID", "AIRFLOW_CTX_DAG_RUN_ID")


class LiveServiceLostError(Exception):
    """The service went away while it was at work on a job, which is safe to run again."""


@dataclass(frozen=True)
class JobEnd:
    """How a job ended, and what it printed on standard output."""

    exit_code: int
    output: Sequence[str]


class LiveHook:
    """Hands a job to the live service of a state file.

    :param state_file: where the service says how to reach it; it need not be there
    :param jar: the jar that would run otherwise; the service has to run the same one
    :param log: gets each line that the job prints
    """

    def __init__(self, state_file: str, jar: str, log: Callable[[str], None]) -> None:
        self.state_file = Path(state_file)
        self.jar = Path(jar)
        self.log = log
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._ended = False

    def run(self, arguments: Sequence[str], manifest: str) -> JobEnd | None:
        """Runs a job to its end; None if no service has taken it, or one has given it up: it is to run by itself.

        :param arguments: the jar's own
        :param manifest: the definitions that they name
        :raises LiveServiceLostError: the service is gone, and it may have done part of the job
        """
        if os.environ.get(COLD) or any(name in os.environ for name in _FAULTS):
            return None
        try:
            answer = self._hand_over(arguments, manifest)
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            # No service, one that is gone, or one of another version.
            self.close()
            return None
        if answer is None:
            self.close()
            return None
        try:
            return self._follow(answer)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise LiveServiceLostError(str(error) or type(error).__name__) from error
        finally:
            self.close()

    def hang_up(self) -> None:
        """Ends the call from a signal handler or another thread; the service then cancels what is under way.

        It closes nothing: the thread that waits for the next line holds the reader's lock, and sees the answer end.
        """
        self._ended = True
        self._shut_down()

    def close(self) -> None:
        """Closes the connection; the service then cancels what is under way."""
        self._shut_down()
        self._socket = None
        if self._connection is not None:
            self._connection.close()

    def _shut_down(self) -> None:
        with contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)

    def _hand_over(self, arguments: Sequence[str], manifest: str) -> http.client.HTTPResponse | None:
        service = json.loads(self.state_file.read_bytes())
        jar = self.jar.stat()
        run = {
            "jar": f"{jar.st_size}-{jar.st_mtime_ns // 1_000_000}",
            "arguments": list(arguments),
            "environment": variables(os.environ, Path(manifest).read_text(encoding="utf-8")),
        }
        connection = self._connection = http.client.HTTPConnection(
            service["host"], int(service["port"]), timeout=CONNECT_TIMEOUT
        )
        connection.connect()
        connection.sock.settimeout(SILENCE_TIMEOUT)
        # The connection forgets it once the answer has begun.
        self._socket = connection.sock
        if self._ended:
            return None
        headers = {"Authorization": f"Bearer {service['token']}", "Content-Type": "application/json"}
        connection.request("POST", "/runs", json.dumps(run).encode(), headers)
        answer = connection.getresponse()
        # Another program may have the port by now.
        known = answer.getheader(SERVICE_HEADER) == service["run_id"]
        return answer if answer.status == http.client.OK and known else None

    def _follow(self, answer: http.client.HTTPResponse) -> JobEnd | None:
        output: list[str] = []
        while line := answer.readline():
            if not line.strip():
                continue
            said = json.loads(line)
            if "out" in said:
                output.append(said["out"])
                self.log(said["out"])
            elif "err" in said:
                self.log(said["err"])
            elif "moved" in said:
                self.log(said["moved"])
                return None
            else:
                return JobEnd(int(said["exit"]), output)
        raise OSError("the answer has no end")


def variables(environment: Mapping[str, str], manifest: str) -> dict[str, str]:
    """The variables that the job would read itself: the Airflow run's, and those that the definitions refer to."""
    names = {*_AIRFLOW, *re.findall(r"\$\{([A-Za-z_][A-Za-z0-9_]*)}", manifest)}
    return {name: value for name, value in environment.items() if name in names}
