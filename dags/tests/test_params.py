from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from airflow.sdk.exceptions import ParamValidationError

from igarape.params import (
    RequestError,
    Span,
    event_spans,
    events_extra,
    interval_span,
    merge,
    parse_date,
    requested_spans,
    run_params,
)

HOSTILE = [
    "2024-02-30",
    "",
    " ",
    "2024-01-01\n",
    "2024-01-01'",
    '2024-01-01"; rm -rf /',
    "$(id)",
    "`id`",
    "{{ ds }}",
    "20240101",
    "2024-W01-1",
    "2024-01-01T00:00:00Z",
    "٢٠٢٤-٠١-٠١",
    "--from",
    "../x",
]

JANUARY_1 = Span.day(date(2024, 1, 1))
JANUARY_2 = Span.day(date(2024, 1, 2))


def asked(**params: Any) -> list[Span]:
    return requested_spans(params, [], None, UTC)


@pytest.mark.parametrize("text", [*HOSTILE, 20240101, True, ["2024-01-01"]])
@pytest.mark.parametrize("name", ["date", "from", "to"])
def test_refuses_hostile_dates_when_triggered(name: str, text: object) -> None:
    with pytest.raises(ParamValidationError):
        run_params()[name].resolve(text)


@pytest.mark.parametrize("text", [*HOSTILE, None, 20240101, date(2024, 1, 1)])
def test_refuses_hostile_dates_when_running(text: object) -> None:
    with pytest.raises(RequestError, match=r"is no date. Give a day as YYYY-MM-DD"):
        parse_date(text)


@pytest.mark.parametrize("text", ["$(id)", "a;b", "a'b", "../x", "Trusted.x", "a\tb", "x" * 1001])
def test_refuses_hostile_selections_when_triggered(text: str) -> None:
    with pytest.raises(ParamValidationError):
        run_params()["select"].resolve(text)


def test_params_need_no_value() -> None:
    assert {name: param.resolve() for name, param in run_params().items()} == {
        "date": None,
        "from": None,
        "to": None,
        "full_refresh": False,
        "cold": False,
        "select": None,
    }


def test_builds_the_date_that_is_asked_for() -> None:
    assert asked(date="2024-02-29") == [Span.day(date(2024, 2, 29))]


def test_builds_a_range_without_its_end() -> None:
    [span] = asked(**{"from": "2024-01-01", "to": "2024-02-01"})

    assert span.arguments == ["--from", "2024-01-01", "--to", "2024-02-01"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"date": "2024-01-01", "to": "2024-01-02"}, "Both `date` and a range are given"),
        ({"from": "2024-01-01"}, "A range needs both `from` and `to`"),
        ({"to": "2024-01-01"}, "A range needs both `from` and `to`"),
        ({"from": "2024-01-01", "to": "2024-01-01"}, "holds no day"),
        ({"from": "2024-01-02", "to": "2024-01-01"}, "holds no day"),
        ({}, "has no logical date.* Trigger it with `date`"),
    ],
)
def test_refuses_requests_that_say_no_days(params: dict[str, str], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        asked(**params)


def test_what_is_asked_for_wins_over_events_and_interval() -> None:
    interval = (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))

    assert requested_spans({"date": "2024-01-01"}, [{"date": "2024-05-01"}], interval, UTC) == [JANUARY_1]


@pytest.mark.parametrize(
    ("start", "end", "zone", "arguments"),
    [
        ("2024-01-01T00:00Z", "2024-01-02T00:00Z", "UTC", ["--date", "2024-01-01"]),
        ("2024-01-01T06:00Z", "2024-01-02T06:00Z", "UTC", ["--date", "2024-01-01"]),
        ("2024-01-01T03:00Z", "2024-01-01T04:00Z", "UTC", ["--date", "2024-01-01"]),
        ("2024-01-01T15:00Z", "2024-01-02T15:00Z", "Asia/Tokyo", ["--date", "2024-01-02"]),
        ("2024-03-31T03:00Z", "2024-04-01T03:00Z", "America/Sao_Paulo", ["--date", "2024-03-31"]),
        ("2024-03-30T23:00Z", "2024-03-31T22:00Z", "Europe/Berlin", ["--date", "2024-03-31"]),
        ("2024-01-01T00:00Z", "2024-01-08T00:00Z", "UTC", ["--from", "2024-01-01", "--to", "2024-01-08"]),
    ],
)
def test_builds_the_days_that_begin_in_the_interval(start: str, end: str, zone: str, arguments: list[str]) -> None:
    span = interval_span(datetime.fromisoformat(start), datetime.fromisoformat(end), ZoneInfo(zone))

    assert span.arguments == arguments


def test_joins_the_days_of_several_events() -> None:
    extras = [{"date": "2024-01-02"}, {"from": "2024-01-05", "to": "2024-01-07"}, {"date": "2024-01-01"}, {}]

    assert requested_spans({}, extras, None, UTC) == [
        Span(date(2024, 1, 1), date(2024, 1, 3)),
        Span(date(2024, 1, 5), date(2024, 1, 7)),
    ]


def test_refuses_events_without_a_date() -> None:
    with pytest.raises(RequestError, match="None of the asset events that triggered this run carries a date"):
        requested_spans({}, [{}, {"note": "hello"}], None, UTC)


@pytest.mark.parametrize("extra", [{"date": "$(id)"}, {"from": "2024-01-01"}, {"spans": [{"date": "x"}]}])
def test_refuses_events_with_wrong_dates(extra: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        event_spans(extra)


@pytest.mark.parametrize("spans", [[JANUARY_1], [Span(date(2024, 1, 1), date(2024, 2, 1))], [JANUARY_1, JANUARY_2]])
def test_events_carry_the_days(spans: list[Span]) -> None:
    assert event_spans(events_extra(spans)) == spans


def test_merges_days_that_touch_or_overlap() -> None:
    week = Span(date(2024, 1, 2), date(2024, 1, 9))

    assert merge([week, JANUARY_2, JANUARY_1]) == [Span(date(2024, 1, 1), date(2024, 1, 9))]
