"""The operator that fetches a file from an HTTP API into a landing folder on HDFS."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import Asset, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from requests import RequestException, Response

from igarape.hooks.hdfs import CHUNK, HdfsHook
from igarape.params import RequestError, events_extra, run_spans

if TYPE_CHECKING:
    from airflow.sdk import Context

TIMEOUT_SECONDS = (10, 300)
"""How long the API may take to accept a connection, and between two pieces of its answer."""

_TRY_AGAIN = frozenset({408, 425, 429})
_SERVER_ERROR = 500
_OK = 200


class HttpToHdfsOperator(BaseOperator):
    """Fetches one file for each date of the run, byte for byte, into a folder by date.

    A file that is there already is kept, so running a date again asks nothing and changes nothing; the run's parameter
    ``full_refresh`` asks again and replaces it in one step. Readers never see half a file: an answer that breaks off
    leaves nothing behind, and one that does not tell where it ends is refused. Memory use does not grow with the size
    of the answer. Answers 408, 425, 429 and 5xx, and servers that are away, are tried again; other statuses than 200
    fail at once.

    ``{date}`` stands for the date in ``endpoint``, ``query`` and ``path``; Jinja works in these and in ``headers``.

    :param endpoint: path of the API, behind the connection's host
    :param path: where the file goes, e.g. ``/landing/insights/date={date}/insights.json``
    :param query: what is asked for in the address
    :param headers: besides those of the connection
    :param http_conn_id: the API's connection: ``AIRFLOW_CONN_…``
    :param webhdfs_conn_id: that of HDFS
    :param timezone: of the dates of a scheduled run
    """

    template_fields = ("endpoint", "path", "query", "headers")

    def __init__(
        self,
        *,
        endpoint: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        http_conn_id: str = HttpHook.default_conn_name,
        webhdfs_conn_id: str = HdfsHook.default_conn_name,
        timezone: tzinfo = UTC,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
        self.http_conn_id = http_conn_id
        self.webhdfs_conn_id = webhdfs_conn_id
        self.timezone = timezone

    def execute(self, context: Context) -> list[str]:
        """Fetches what is missing. Returns the paths of the files of all dates."""
        params: Mapping[str, Any] = context["params"]
        try:
            spans = run_spans(context, self.timezone)
        except RequestError as error:
            raise AirflowFailException(str(error)) from error
        hdfs = HdfsHook(self.webhdfs_conn_id)
        days = [span.first + timedelta(days=n) for span in spans for n in range((span.end - span.first).days)]
        paths = [self._land(hdfs, day, again=bool(params.get("full_refresh"))) for day in days]
        for outlet in self.outlets:
            if isinstance(outlet, Asset):
                context["outlet_events"][outlet].extra.update(events_extra(spans))
        return paths

    def _land(self, hdfs: HdfsHook, day: date, *, again: bool) -> str:
        path = _dated(self.path, day)
        if not again and hdfs.exists(path):
            self.log.info("%s is there already: kept. Run with full_refresh to ask again.", path)
            return path
        try:
            with closing(self._ask(day)) as answer:
                _refuse_unmeasured(answer)
                hdfs.upload(path, answer.iter_content(CHUNK))
        except RequestException as error:
            raise AirflowException(
                f"Cannot land {path}: {error}. Nothing was written; it will be tried again."
            ) from error
        self.log.info("Landed %s", path)
        return path

    def _ask(self, day: date) -> Response:
        query = {name: _dated(value, day) for name, value in (self.query or {}).items()}
        answer: Response = HttpHook(method="GET", http_conn_id=self.http_conn_id).run(
            _dated(self.endpoint, day),
            data=query,
            # A compressed answer could be cut off without anyone telling.
            headers={**(self.headers or {}), "Accept-Encoding": "identity"},
            extra_options={"stream": True, "timeout": TIMEOUT_SECONDS, "check_response": False},
        )
        status = answer.status_code
        if status == _OK:
            return answer
        with closing(answer):
            said = next(answer.iter_content(1000), b"").decode("utf-8", "replace")
        problem = f"{answer.url} answered {status}: {said or answer.reason}"
        if status in _TRY_AGAIN or status >= _SERVER_ERROR:
            raise AirflowException(problem)
        raise AirflowFailException(
            f"{problem}. Another try would end the same way: mend the request or the connection."
        )


def _dated(text: str, day: date) -> str:
    return text.replace("{date}", str(day))


def _refuse_unmeasured(answer: Response) -> None:
    """Fails unless the client can tell the whole body from a part of it."""
    headers = answer.headers
    encoding = headers.get("Content-Encoding", "identity")
    if encoding != "identity":
        raise AirflowFailException(
            f"{answer.url} answers in encoding {encoding} though none was asked for."
            " Ask for a plain answer, e.g. by a header of the connection."
        )
    if "Content-Length" not in headers and "chunked" not in headers.get("Transfer-Encoding", ""):
        raise AirflowFailException(
            f"{answer.url} does not tell how long its answer is, so half of it could not be told from all of it."
            " Have the API send Content-Length or a chunked answer."
        )
