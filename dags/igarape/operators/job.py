"""The operator that runs the jobs' jar, and what its exit codes mean for a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from igarape.config import SPARK_CONNECTION, Config
from igarape.hooks.live import JobEnd, LiveHook, LiveServiceLostError
from igarape.hooks.spark import LakeSparkHook, last_result

if TYPE_CHECKING:
    from airflow.sdk import Context

MAIN_CLASS = "dev.igarape.jobs.Main"

NO_INPUT = 6
FINAL_FAILURES: Mapping[int, str] = {
    2: "the arguments were refused",
    3: "a definition or schema is wrong",
    5: "an expectation failed, a commit did not balance, or input is lost",
}
"""Exit codes that another try would meet again."""


class LakeJobOperator(SparkSubmitOperator):
    """Runs the jobs' jar: in the live service where one is up and takes it, else through ``spark-submit``.

    A run with the parameter ``cold`` hands nothing to the service.

    What becomes of the task follows the jar's exit code: 0 succeeds; 2, 3 and 5 fail at once; 6 (no input) skips the
    task; everything else, a server that is down (4) above all, is tried again.

    :param config: where the jar and Spark are
    """

    def __init__(self, *, config: Config, **kwargs: Any) -> None:
        super().__init__(
            application=config.jar,
            java_class=MAIN_CLASS,
            conn_id=SPARK_CONNECTION,
            spark_binary=config.spark_submit,
            **kwargs,
        )
        self.config = config
        self._live: LiveHook | None = None
        self._killed = False

    def submit(self, context: Context, what: str, application: str, arguments: Sequence[str]) -> dict[str, Any] | None:
        """Runs the jar once; gives the JSON object that it printed at its end.

        :param what: names the work in errors, e.g. ``trusted.insights for 2024-01-01``
        :param application: names it in Spark
        :param arguments: the jar's own
        """
        cold = context.get("params", {}).get("cold")
        end = None if cold else self._run_live(what, arguments)
        if end is not None:
            if end.exit_code != 0:
                error = AirflowException(f"{what}: the job ended with exit code {end.exit_code}")
                self._fail(what, end.exit_code, error)
            return last_result(end.output)
        if self._killed:
            raise AirflowException(f"{what}: the task was ended before the job had begun")
        self.name = application
        self.application_args = list(arguments)
        hook = self._hook = self._get_hook()
        try:
            super().execute(context)
        except AirflowException as error:
            self._fail(what, hook.exit_code, error)
        return hook.result

    def _run_live(self, what: str, arguments: Sequence[str]) -> JobEnd | None:
        """Hands the job to the live service; None if it has to run by itself."""
        if self.config.live is None:
            return None
        live = self._live = LiveHook(self.config.live, self.config.jar, lambda line: self.log.info("%s", line))
        try:
            return live.run(arguments, self.config.manifest)
        except LiveServiceLostError as error:
            raise AirflowException(
                f"{what}: the live service was lost while it was at work on it ({error})."
                " What is committed stays committed; another try is safe, and runs by itself while there is no service."
            ) from error
        finally:
            self._live = None

    def on_kill(self) -> None:
        """Ends the job, wherever it runs, and begins none."""
        self._killed = True
        if self._live is not None:
            self._live.hang_up()
        else:
            super().on_kill()

    @staticmethod
    def _fail(what: str, code: int | None, error: AirflowException) -> NoReturn:
        """Raises what the exit code means for the task."""
        if code == NO_INPUT:
            raise AirflowSkipException(f"{what}: there is no input") from error
        if code is not None and code in FINAL_FAILURES:
            raise AirflowFailException(
                f"{what}: {FINAL_FAILURES[code]} (exit code {code})."
                " Trying again would end the same way: see the job's last lines in this log,"
                " mend the cause, then clear the task."
            ) from error
        raise error

    def warn(self, context: Context, results: Sequence[Mapping[str, Any] | None]) -> None:
        """Shows what the jobs warn of: in this task's log, at level WARNING, and as XCom ``warnings``.

        A task of Airflow 3 has no way to write a note on itself, and no state between success and failure.
        """
        tables = [table for result in results if result is not None for table in result.get("tables", [])]
        warnings = [warning for table in tables for warning in table.get("warnings", [])]
        for warning in warnings:
            self.log.warning("warning: %s", warning)
        if warnings:
            context["ti"].xcom_push(key="warnings", value=warnings)

    @property
    def lake(self) -> list[str]:
        """The arguments that say which lake a job is about."""
        return ["--manifest", self.config.manifest, "--target", self.config.target]

    def _get_hook(self) -> LakeSparkHook:
        return LakeSparkHook(
            conn_id=self._conn_id,
            conf=self.conf,
            java_class=self._java_class,
            name=self.name,
            application_args=self.application_args,
            spark_binary=self._spark_binary,
        )
