from __future__ import annotations

import os
import socket
import subprocess
import sys

from conftest import DAGS


def test_refuses_to_start_on_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        ended = subprocess.run(
            [sys.executable, DAGS / "serve.py"],
            env={**os.environ, "AIRFLOW__API__HOST": "127.0.0.1", "AIRFLOW__API__PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert ended.returncode == 1
    assert f"Cannot start Airflow: 127.0.0.1:{port} can't be had (Address already in use)." in ended.stderr
