"""The target's JSON, as far as Airflow reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from igarape.hooks.hdfs import HdfsHook
from igarape.manifest import TableName


class TargetError(ValueError):
    """The target can't be read: says which, why, and what to do."""


@dataclass(frozen=True)
class Target:
    """Where a project runs.

    :param prefix: put before database and folder names
    :param root: the lake's folder on HDFS
    :param metastore: ``thrift://host:port``
    """

    prefix: str
    root: str
    metastore: str

    @classmethod
    def load(cls, location: str) -> Target:
        """Reads a local file, or one on HDFS (``hdfs://…``, through the connection ``webhdfs_default``)."""
        try:
            uri = urlsplit(location)
            if uri.scheme in ("", "file"):
                text = Path(uri.path).read_text(encoding="utf-8")
            else:
                text = HdfsHook().read(uri.path).decode()
            fields = json.loads(text)
            return cls(fields["prefix"], fields["root"], fields["metastore"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TargetError(
                f"Cannot read the target {location}: {error!r}. Write it with ./lake up, or by hand for a cluster,"
                " and check IGARAPE_TARGET."
            ) from error

    def ledger(self, table: TableName) -> str:
        """The folder of the table's ledger on HDFS."""
        return f"{self.root}/_ledger/{self.prefix}{table}"

    @property
    def hive(self) -> str:
        """The namespace of its tables in lineage, as OpenLineage names Hive's: ``hive://host:port``."""
        return f"hive://{urlsplit(self.metastore).netloc}"

    def table(self, table: TableName) -> str:
        """The table's name in Hive: ``<database>.<table>``."""
        return f"{self.prefix}{table}"
