package dev.igarape.jobs.live;

import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static dev.igarape.jobs.testing.ClicksLake.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the live service tells of its steps, on tables by intervals. */
final class LiveStepsTest extends ClicksTestBase {
    private final MovedClock waits = new MovedClock();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private LiveService service(Lake lake) throws IOException {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                lake.inBuildOrder(List.of(RAW, WINDOWS, QUARTERS)),
                local::spark,
                Duration.ofSeconds(1),
                meters,
                waits);
    }

    private static LiveStatus.TableStatus status(LiveService service, TableName table) {
        return service.status().tables().stream()
                .filter(status -> status.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rowsThatAStepKeepsAsTheyStandAreNotCountedAgain() throws Exception {
        // One table adds rows to what stands of an interval, the other computes a minute of a quarter of an hour.
        Lake lake = clicks.openMinutes(NOON);
        try (LiveService service = service(lake)) {
            clicks.send(event("ana", "10:00:30", 1));
            service.turn();
            clicks.send(event("bia", "10:04:00", 1));
            service.turn();

            for (TableName table : List.of(RAW, WINDOWS, QUARTERS)) {
                assertThat(lake.ledger(table).read().head()).isEqualTo(2);
                assertThat(status(service, table).rows()).isEqualTo(new LiveStatus.Rows(2, 2, 0));
                assertThat(status(service, table).lastMinute()).isEqualTo(2);
            }
            assertThat(lake.ledger(WINDOWS).commit(2).balance().written()).isEqualTo(2);
            assertThat(lake.ledger(QUARTERS).commit(2).balance().written()).isEqualTo(2);
        }
    }

    @Test
    void aStepThatHangsIsToldByStatusHealthAndMetrics() throws Exception {
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Lake lake = clicks.open(
                NOON,
                step -> {
                    if (hangs.getAndSet(false)) {
                        hanging.countDown();
                        hold(goesOn);
                    }
                },
                ClicksLake.windows());
        try (LiveService service = service(lake);
                LiveAnswers answers = new LiveAnswers(service, local.spark(), meters)) {
            clicks.send(event("ana", "10:00:30", 1));
            service.turn();
            assertThat(service.status().step()).isEmpty();

            clicks.send(event("bia", "10:04:00", 1));
            hangs.set(true);
            CompletableFuture<Boolean> turn = CompletableFuture.supplyAsync(() -> turn(service));
            try {
                assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
                waits.forward(Duration.ofMinutes(14));
                assertThat(service.status().step()).contains(new LiveStatus.StepStatus(RAW, 840, false));
                assertThat(answers.get("/health").statusCode()).isEqualTo(200);

                waits.forward(Duration.ofMinutes(1));
                LiveStatus status =
                        Json.mapper().readValue(answers.get("/status").body(), LiveStatus.class);
                assertThat(status.step()).contains(new LiveStatus.StepStatus(RAW, 900, true));
                assertThat(answers.get("/health")).satisfies(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body()).isEqualTo("raw.clicks has been at one step for 15 minutes\n");
                });
                assertThat(answers.get("/metrics").body())
                        .contains("igarape_live_step_under_way_seconds{table=\"raw.clicks\"} 900.0");
            } finally {
                goesOn.countDown();
            }
            turn.get(60, TimeUnit.SECONDS);

            assertThat(service.status().step()).isEmpty();
            assertThat(answers.get("/health").statusCode()).isEqualTo(200);
            assertThat(answers.get("/metrics").body())
                    .contains("igarape_live_step_under_way_seconds{table=\"raw.clicks\"} 0.0");
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean turn(LiveService service) {
        try {
            return service.turn();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
