package dev.igarape.cli.command.live;

import dev.igarape.cli.base.TextTable;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.LiveStatus.Failure;
import dev.igarape.model.job.LiveStatus.RunStatus;
import dev.igarape.model.job.LiveStatus.StepStatus;
import dev.igarape.model.job.LiveStatus.TableStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status of the live service as text. */
final class LiveReport {
    private final LiveStatus status;

    LiveReport(LiveStatus status) {
        this.status = status;
    }

    void print(PrintWriter out, Instant now) {
        out.printf(
                Locale.ROOT,
                "live for %s, every %s, %,d turns%s%n",
                span(Duration.between(status.since(), now)),
                status.everyMillis() % 1000 == 0 ? status.everyMillis() / 1000 + " s" : status.everyMillis() + " ms",
                status.turns(),
                status.ready() ? "" : ", starting");
        TextTable table = new TextTable()
                .gap(2)
                .left("table", 20)
                .left("state", 11)
                .right("rows", 9)
                .right("rows/s", 7)
                .right("last min", 8)
                .right("steps", 6)
                .right("step ms", 7)
                .right("p50", 6)
                .right("p99", 6)
                .right("lag", 6)
                .right("age s", 6)
                .right("commit", 6);
        status.tables().forEach(line -> table.row(cells(line)));
        table.print(out);
        status.step().filter(StepStatus::hanging).ifPresent(step -> out.println(text(step)));
        for (TableStatus line : status.tables()) {
            line.error().ifPresent(failure -> out.println(text(line, failure, now)));
        }
        for (RunStatus run : status.runs()) {
            out.println("run for " + span(Duration.between(run.since(), now))
                    + (run.cancelled() ? ", cancelled: " : ": ") + run.command());
        }
        out.flush();
    }

    private static List<Object> cells(TableStatus line) {
        return List.of(
                line.table(),
                line.state().toString().replace('_', ' '),
                line.rows().written(),
                oneDigit(line.perSecond()),
                line.lastMinute(),
                line.steps(),
                line.stepMillis().map(step -> whole(step.last())).orElse("-"),
                line.stepMillis().map(step -> whole(step.p50())).orElse("-"),
                line.stepMillis().map(step -> whole(step.p99())).orElse("-"),
                line.lagOffsets().map(Object::toString).orElse("-"),
                age(line.ageSeconds()),
                line.lastCommit());
    }

    private static String age(Optional<Double> seconds) {
        return seconds.map(LiveReport::oneDigit).orElse("-");
    }

    private static String oneDigit(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String whole(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }

    private static String text(StepStatus step) {
        return "%s has been at one step for %s, much longer than steps take. ./lake logs live tells how far it is; ./lake live stop gives it up, and the next start does it again."
                .formatted(step.table(), span(Duration.ofSeconds(step.seconds())));
    }

    private static String text(TableStatus line, Failure failure, Instant now) {
        long wait = Math.max(0, Duration.between(now, failure.retryAt()).toSeconds());
        return "%s failed %s ago (exit code %d), again in %d s: %s"
                .formatted(
                        line.table(),
                        span(Duration.between(failure.at(), now)),
                        failure.exitCode(),
                        wait,
                        failure.message());
    }

    /** A time in its two largest units. */
    static String span(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds < 86_400
                ? seconds / 3600 + " h " + seconds % 3600 / 60 + " min"
                : seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }
}
