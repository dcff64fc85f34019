package dev.igarape.jobs.landing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Landings whose dates another run lands while they fetch. */
final class HttpLandingTest {
    private static final Table TABLE = EventsLake.raw();
    private static final Source.Http SOURCE = (Source.Http) ((LandingDefinition) TABLE.definition()).source();
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final LocalDate NEXT = DAY.plusDays(1);

    @TempDir
    private Path folder;

    private final List<Long> published = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "[]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void keepsTheAnswerOfARunThatCameFirst() throws Exception {
        List<TableRun> runs = land(List.of(DAY), false, 1);

        assertThat(runs)
                .extracting(TableRun::outcome, TableRun::sequence)
                .containsExactly(tuple(TableRun.Outcome.UNCHANGED, 1L));
        assertThat(ledger(Step.Listener.NONE).read().head()).isEqualTo(1);
        assertThat(published).containsExactly(1L);
    }

    @Test
    void landsTheDatesThatAnotherRunHasLeft() throws Exception {
        assertThat(land(List.of(DAY, NEXT), false, 1))
                .extracting(TableRun::outcome, TableRun::sequence)
                .containsExactly(tuple(TableRun.Outcome.UNCHANGED, 1L), tuple(TableRun.Outcome.COMMITTED, 2L));
        assertThat(published).containsExactly(2L);
    }

    @Test
    void aDateThatIsFetchedAgainReplacesTheAnswerOfARunThatCameFirst() throws Exception {
        assertThat(land(List.of(DAY), true, 4))
                .extracting(TableRun::outcome, TableRun::sequence)
                .containsExactly(tuple(TableRun.Outcome.COMMITTED, 5L));
    }

    @Test
    void givesUpWhereOtherRunsComeFirstEachTime() throws Exception {
        assertThatThrownBy(() -> land(List.of(DAY), true, 5))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessage("Cannot commit to raw.events: other runs landed the same dates 5 times while this one was"
                        + " at work. Run again when they have ended.");
        assertThat(published).isEmpty();
    }

    /** @param rivals how many other runs land the first day, each right before this one would commit */
    private List<TableRun> land(List<LocalDate> dates, boolean refetch, int rivals) throws Exception {
        AtomicInteger left = new AtomicInteger(rivals);
        Lake lake = lake(step -> {
            if (step == Step.WRITTEN && left.getAndDecrement() > 0) {
                otherRun("rival" + left.get());
            }
        });
        return new HttpLanding(
                        lake, (table, ledger) -> published.add(ledger.read().head()))
                .run(TABLE, SOURCE, dates, refetch);
    }

    private void otherRun(String id) {
        Balance balance = Balance.landed(1, 1, 0);
        try {
            Ledger ledger = ledger(Step.Listener.NONE);
            ledger.commit(
                    Commit.of(TABLE.name(), id)
                            .by("run-" + id, Operation.LAND)
                            .dates(List.of(new DateBuild(DAY, Map.of(), true, balance, List.of())))
                            .partitions(List.of(
                                    new PartitionVersion(DAY, Optional.empty(), id + "/date=" + DAY, 1, 1, 100)))
                            .balance(balance)
                            .build(),
                    ledger.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ledger ledger(Step.Listener steps) throws IOException {
        return lake(steps).ledger(TABLE.name());
    }

    private Lake lake(Step.Listener steps) throws IOException {
        Pipeline pipeline =
                new Pipeline("example", "", "tests", "@daily", DAY, ZoneOffset.UTC, List.of(), List.of(TABLE));
        Target target = new Target(
                "test",
                "",
                "file://" + folder.toAbsolutePath(),
                "/lake",
                "",
                Map.of(),
                Map.of(),
                "jdbc:trino://127.0.0.1:1/lake",
                "lake",
                Map.of("API", "http://127.0.0.1:" + server.getAddress().getPort()));
        return Lake.open(
                new Manifest(Manifest.VERSION, List.of(pipeline)),
                target,
                new Configuration(),
                Clock.systemUTC(),
                "run",
                steps);
    }
}
