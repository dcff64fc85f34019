"""What a person may ask of a run, and which dates a run therefore builds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from airflow.sdk import Param

DATE_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
SELECT_PATTERN = "^[a-z0-9_.+, ]*$"

_DAY = timedelta(days=1)


class RequestError(ValueError):
    """A run asks for something that can't be built: says why and what to give instead."""


def run_params() -> dict[str, Param]:
    """The parameters of every DAG. None of them is needed for a scheduled run or a backfill."""
    return {
        "date": _date_param("Date", "The one day to build. Empty: the day of the run's data interval."),
        "from": _date_param("From", "The first day of a range, built by one Spark application for each table."),
        "to": _date_param("To", "The day after the last one of the range."),
        "full_refresh": Param(
            False,
            type="boolean",
            title="Full refresh",
            description="Ask HTTP sources again for dates whose answers are kept already.",
        ),
        "cold": Param(
            False,
            type="boolean",
            title="Cold",
            description="Give each job a process of its own, also while the live service is up.",
        ),
        "select": select_param(),
    }


def rebuild_params() -> dict[str, Param]:
    """The parameters of the DAG that builds what is due. None of them is needed."""
    return {
        "from": _date_param("From", "Only dates from this day on."),
        "to": _date_param("To", "Only dates before this day. Empty: those that are over."),
        "select": select_param(),
    }


def select_param() -> Param:
    """Which tables; without it all."""
    return Param(
        None,
        type=["null", "string"],
        pattern=SELECT_PATTERN,
        maxLength=1000,
        title="Select",
        description="Only these tables, e.g. `trusted.orders+`: + after a name adds what is built from it,"
        " + before it what it is built from. Several are set apart by spaces or commas.",
    )


def _date_param(title: str, description: str) -> Param:
    return Param(
        None, type=["null", "string"], format="date", pattern=DATE_PATTERN, title=title, description=description
    )


def parse_date(text: object, what: str = "date") -> date:
    """Reads ``YYYY-MM-DD`` and nothing else; raises RequestError."""
    if isinstance(text, str) and re.fullmatch(DATE_PATTERN[1:-1], text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise RequestError(f"{what} is {text!r}, which is no date. Give a day as YYYY-MM-DD, e.g. 2024-01-31.")


@dataclass(frozen=True, order=True)
class Span:
    """The days from ``first`` up to and without ``end``; at least one."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise RequestError(f"from {self.first} to {self.end} holds no day: `to` is the day after the last one.")

    @classmethod
    def day(cls, day: date) -> Span:
        """One day."""
        return cls(day, day + _DAY)

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.end == self.first + _DAY

    @property
    def arguments(self) -> list[str]:
        """The jar's arguments."""
        if self.is_day:
            return ["--date", str(self.first)]
        return ["--from", str(self.first), "--to", str(self.end)]

    @property
    def extra(self) -> dict[str, str]:
        """The form in which an asset event carries it."""
        if self.is_day:
            return {"date": str(self.first)}
        return {"from": str(self.first), "to": str(self.end)}

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Span | None:
        """The span that ``date``, or ``from`` and ``to``, stand for; None without any; RequestError if they clash."""
        day, first, end = (fields.get(key) or None for key in ("date", "from", "to"))
        if day is not None and (first is not None or end is not None):
            raise RequestError("Both `date` and a range are given. Give `date`, or `from` and `to`.")
        if day is not None:
            return cls.day(parse_date(day))
        if first is None and end is None:
            return None
        if first is None or end is None:
            raise RequestError("A range needs both `from` and `to`; `to` is the day after the last one.")
        return cls(parse_date(first, "from"), parse_date(end, "to"))

    def __str__(self) -> str:
        return str(self.first) if self.is_day else f"{self.first}..{self.end}"


def interval_span(start: datetime, end: datetime, timezone: tzinfo) -> Span:
    """The days that a data interval stands for: those that begin in it, and at least its first one."""
    first = start.astimezone(timezone).date()
    return Span(first, max(end.astimezone(timezone).date(), first + _DAY))


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same days as the fewest spans, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].end:
            merged[-1] = Span(merged[-1].first, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def events_extra(spans: Sequence[Span]) -> dict[str, Any]:
    """What an asset event says about the dates built: ``date``, or ``from`` and ``to``, or ``spans`` of these."""
    if len(spans) == 1:
        return dict(spans[0].extra)
    return {"spans": [span.extra for span in spans]}


def event_spans(extra: Mapping[str, Any]) -> list[Span]:
    """The dates that an asset event carries; empty if it carries none; RequestError if they are no dates."""
    parts = extra.get("spans")
    fields = parts if isinstance(parts, list) else [extra]
    spans = [Span.from_fields(part) for part in fields if isinstance(part, Mapping)]
    return [span for span in spans if span is not None]


def requested_spans(
    params: Mapping[str, Any],
    event_extras: Sequence[Mapping[str, Any]],
    interval: tuple[datetime, datetime] | None,
    timezone: tzinfo,
) -> list[Span]:
    """The days that a run builds: asked for, or else those of the events that triggered it, or of its data interval.

    Raises RequestError if none of them says.
    """
    asked = Span.from_fields(params)
    if asked is not None:
        return [asked]
    if event_extras:
        spans = merge(span for extra in event_extras for span in event_spans(extra))
        if spans:
            return spans
        raise RequestError(
            "None of the asset events that triggered this run carries a date."
            ' Create the event with extra {"date": "YYYY-MM-DD"}, or trigger the DAG with `date`.'
        )
    if interval is not None:
        return [interval_span(*interval, timezone)]
    raise RequestError(
        "This run has no logical date, so it stands for no day. Trigger it with `date`, or with `from` and `to`."
    )


def run_spans(context: Mapping[str, Any], timezone: tzinfo) -> list[Span]:
    """The days that a run builds, from a task's context; raises RequestError if nothing says."""
    start, end = context.get("data_interval_start"), context.get("data_interval_end")
    events = context.get("triggering_asset_events") or {}
    return requested_spans(
        context["params"],
        [event.extra or {} for group in events.values() for event in group],
        (start, end) if start is not None and end is not None else None,
        timezone,
    )
