"""Which tables lack a date that is due, told from the ledgers: whether a run failed, hangs or was never made."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from croniter import croniter

from igarape.hooks.hdfs import HdfsHook
from igarape.manifest import Manifest, Pipeline, Table
from igarape.params import Span, interval_span
from igarape.target import Target

LEDGER_FORMAT = 6
"""The newest format of ledger entries and snapshots that these DAGs read; they read the older ones, too."""

_ENTRY = re.compile(r"([0-9]{12})\.(json|snapshot)")


class LedgerError(ValueError):
    """An entry of a ledger can't be read: says which, why, and what to do."""


@dataclass(frozen=True)
class Lag:
    """A table that lacks dates which are due.

    :param due: when the dates should have been there
    :param missing: the dates
    """

    pipeline: Pipeline
    table: Table
    due: datetime
    missing: tuple[date, ...]


def lags(manifest: Manifest, target: Target, hdfs: HdfsHook, now: datetime, grace: timedelta) -> Iterator[Lag]:
    """The tables that lack a date of their schedule's last interval which ended at least ``grace`` ago.

    Tables that are built by date are looked at: daily, current and history ones and landings by date. Other landings
    take whatever has come; what they lack shows in the tables built from them. Pipelines without a schedule of their
    own have no date that is due.
    """
    for pipeline in manifest.pipelines:
        interval = _last_interval(pipeline, now - grace)
        if interval is None:
            continue
        start, end = interval
        span = interval_span(start, end, pipeline.timezone)
        days = [span.first + timedelta(days=n) for n in range((span.end - span.first).days)]
        for table in pipeline.tables:
            if table.is_built_by_date:
                built = built_dates(hdfs, target.ledger(table.name))
                missing = tuple(day for day in days if day >= pipeline.start_date and day not in built)
                if missing:
                    yield Lag(pipeline, table, end + grace, missing)


def built_dates(hdfs: HdfsHook, folder: str) -> set[date]:
    """The dates that a ledger has a build of: its newest snapshot and the commits behind that.

    Raises LedgerError for a format that these DAGs do not know.
    """
    entries = [match for entry in hdfs.list_folder(folder) if (match := _ENTRY.fullmatch(entry.name))]
    snapshots = [match for match in entries if match.group(2) == "snapshot"]
    dates: set[date] = set()
    head = ""
    if snapshots:
        newest = max(snapshots, key=lambda match: match.group(1))
        head = newest.group(1)
        dates |= {_day(built["build"]) for built in _read(hdfs, folder, newest)["dates"]}
    for match in entries:
        if match.group(2) == "json" and match.group(1) > head:
            dates |= {_day(build) for build in _read(hdfs, folder, match)["dates"]}
    return dates


def span_of(days: tuple[date, ...]) -> Span:
    """The range from the first to the last of these days."""
    return Span(min(days), max(days) + timedelta(days=1))


def _last_interval(pipeline: Pipeline, moment: datetime) -> tuple[datetime, datetime] | None:
    """The last interval of the schedule that had ended by then."""
    if pipeline.schedule in ("none", "assets"):
        return None
    # croniter gives the tick before; one that falls on the moment itself counts, too.
    local = datetime.fromtimestamp(moment.timestamp(), pipeline.timezone) + timedelta(microseconds=1)
    ticks = croniter(pipeline.schedule, local)
    end, start = (datetime.fromtimestamp(ticks.get_prev(float), pipeline.timezone) for _ in range(2))
    return start, end


def _read(hdfs: HdfsHook, folder: str, entry: re.Match[str]) -> dict[str, Any]:
    path = posixpath.join(folder, entry.group(0))
    content: dict[str, Any] = json.loads(hdfs.read(path))
    version = content.get("version")
    if not isinstance(version, int) or not 1 <= version <= LEDGER_FORMAT:
        raise LedgerError(
            f"{path} has format {version!r}, and these DAGs read formats 1 to {LEDGER_FORMAT}."
            " Use the DAGs of the release that wrote it, or of a newer one."
        )
    return content


def _day(build: dict[str, Any]) -> date:
    return date.fromisoformat(build["date"])
