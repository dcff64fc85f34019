#!/usr/bin/env python3
"""Writes .env beside this file: .env.example with random values where it has none. Keeps a .env that is there."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path


def value(name: str) -> str:
    """A random value: an id for Kafka, hexadecimal digits for all others."""
    if name == "KAFKA_CLUSTER_ID":
        # Kafka's tools take an id that begins with a dash for an option.
        return base64.urlsafe_b64encode(bytes([1]) + secrets.token_bytes(15)).decode().rstrip("=")
    return secrets.token_hex(32)


def fill(example: str) -> str:
    """The example with a value behind each name that has none."""
    lines = example.splitlines()
    return "".join(
        f"{line}{value(line[:-1])}\n" if line.endswith("=") and not line.startswith("#") else f"{line}\n"
        for line in lines
    )


def main() -> int:
    """Writes the file, readable by its owner alone."""
    here = Path(__file__).resolve().parent
    try:
        file = os.open(here / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print("docker/.env is there already: kept. Remove it to make new passwords.", file=sys.stderr)
        return 0
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(fill((here / ".env.example").read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
