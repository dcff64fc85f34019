"""Reads a gold table in two ways, by Trino into pandas and by PyArrow from HDFS, and forecasts revenue from it.

Trino gives what holds now. PyArrow reads files, and the ledger says which files a version of the table consists of: the
same rows again whenever it is asked, which a model that has to be explained later needs.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import trino
from sklearn.linear_model import LinearRegression

TABLE = "gold.retail_daily"
LEDGER_FORMAT = 6
"""The newest format of ledger entries that this reads."""

HORIZON = 7
"""How many days are forecast."""

_ENTRY = re.compile(r"([0-9]{12})\.(json|snapshot)")


def by_trino(target: dict[str, Any], sql: str) -> pd.DataFrame:
    """The rows of a query.

    :param target: the target's JSON; its ``trino`` is a JDBC address with the catalog, ``jdbc:trino://host:8080/lake``
    """
    address = urlparse(target["trino"].removeprefix("jdbc:"))
    connection = trino.dbapi.connect(
        host=address.hostname, port=address.port, user=target["trino_user"], catalog=address.path.strip("/")
    )
    try:
        cursor = connection.cursor()
        cursor.execute(sql)
        rows = cursor.fetchall()
        return pd.DataFrame(rows, columns=[column.name for column in cursor.description])
    finally:
        connection.close()


@dataclass(frozen=True)
class Version:
    """A version of a table: the sequence number of its last commit, and the folders that hold its rows."""

    sequence: int
    folders: tuple[str, ...]


class Lake:
    """The lake's files on HDFS, over WebHDFS.

    :param target: the target's JSON
    :param namenode: address of the NameNode's web server, ``host:9870``
    """

    def __init__(self, target: dict[str, Any], namenode: str) -> None:
        host, port = namenode.rsplit(":", 1)
        self._target = target
        self._files = fsspec.filesystem("webhdfs", host=host, port=int(port), user=target["trino_user"])

    def version(self, table: str, sequence: int | None = None) -> Version:
        """The table as its ledger has it after a commit; without a number, after the last one.

        A partition belongs to the last commit that wrote it.
        """
        ledger = f"{self._target['root']}/_ledger/{self._target['prefix']}{table}"
        names = [entry["name"].rsplit("/", 1)[1] for entry in self._files.ls(ledger, detail=True)]
        entries = sorted(match.groups() for name in names if (match := _ENTRY.fullmatch(name)))
        last = max((int(number) for number, _ in entries), default=0) if sequence is None else sequence
        commits = [number for number, kind in entries if kind == "json" and int(number) <= last]
        if not commits or int(commits[-1]) != last:
            raise LookupError(f"{table} has no version {last}. Its ledger is {ledger}.")
        partitions: dict[tuple[Any, ...], dict[str, Any]] = {}
        for number in commits:
            for partition in self._entry(f"{ledger}/{number}.json")["partitions"]:
                key = tuple(partition.get(name) for name in ("date", "interval", "batch", "record_name"))
                partitions[key] = partition
        folder = f"{self._target['root']}/{self._target['prefix']}{table.replace('.', '/')}"
        return Version(
            int(commits[-1]), tuple(f"{folder}/{full['path']}" for full in partitions.values() if full["rows"])
        )

    def read(self, version: Version) -> pa.Table:
        """All rows of a version of a table that is kept as Parquet, such as a daily one."""
        files = [file for folder in version.folders for file in self._files.ls(folder, detail=False)]
        data = [file for file in files if not file.rsplit("/", 1)[1].startswith(("_", "."))]
        if not data:
            raise LookupError(f"Version {version.sequence} has no rows.")
        tables = []
        for file in data:
            with self._files.open(file) as content:
                tables.append(pq.ParquetFile(content).read())
        # Dates that were built before a column was added lack it.
        return pa.concat_tables(tables, promote_options="default")

    def _entry(self, path: str) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(self._files.cat_file(path))
        if not 1 <= entry["version"] <= LEDGER_FORMAT:
            raise ValueError(f"{path} has format {entry['version']}, and this reads formats 1 to {LEDGER_FORMAT}.")
        return entry


def forecast(daily: pd.DataFrame) -> pd.DataFrame:
    """Revenue of the days after the last one, by a trend and the day of the week.

    :param daily: ``sale_date`` and ``revenue``, one row for each day
    """
    history = daily.sort_values("sale_date").astype({"revenue": float})
    days = pd.DatetimeIndex(history["sale_date"])
    coming = pd.date_range(days[-1] + pd.Timedelta(days=1), periods=HORIZON)
    model = LinearRegression().fit(_features(days, days[0]), history["revenue"])
    return pd.DataFrame({"sale_date": coming, "revenue": model.predict(_features(coming, days[0])).round(2)})


def _features(days: pd.DatetimeIndex, first: pd.Timestamp) -> pd.DataFrame:
    return pd.DataFrame({"age": (days - first).days, "weekend": (days.day_of_week >= 5).astype(int)})  # noqa: PLR2004


def by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Revenue of all countries together, one row for each day."""
    days = rows.assign(sale_date=pd.to_datetime(rows["sale_date"]), revenue=rows["revenue"].astype(float))
    return days.groupby("sale_date", as_index=False)["revenue"].sum().round({"revenue": 2})


def main() -> None:
    """Prints both readings and the forecast."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--target", type=Path, default=Path(".lake/target.json"), help="the target's JSON")
    parser.add_argument("--namenode", default="127.0.0.1:9870", help="host and port of the NameNode's web server")
    parser.add_argument("--version", type=int, help="a commit of the table's ledger; the last one without it")
    arguments = parser.parse_args()
    target = json.loads(arguments.target.read_text())

    now = by_day(by_trino(target, f"SELECT sale_date, revenue FROM {target['prefix']}{TABLE}"))  # noqa: S608
    lake = Lake(target, arguments.namenode)
    version = lake.version(TABLE, arguments.version)
    then = by_day(lake.read(version).to_pandas())
    print(f"Trino: {len(now)} days, revenue {now['revenue'].sum():.2f}")
    print(f"Version {version.sequence}: {len(then)} days, revenue {then['revenue'].sum():.2f}")
    print(forecast(then).to_string(index=False))


if __name__ == "__main__":
    main()
