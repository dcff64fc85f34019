package dev.igarape.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.TrinoReader;
import dev.igarape.model.Json;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.job.LiveProcess;
import dev.igarape.model.targets.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DagCandidateTest {
    /** No test gets as far as to ask one of its servers. */
    private static final TrinoReader LAKE = new TrinoReader(new Target(
            "local",
            "",
            "hdfs://127.0.0.1:1",
            "/lake",
            "thrift://127.0.0.1:1",
            Map.of(),
            Map.of(),
            "jdbc:trino://127.0.0.1:1/lake",
            "lake",
            Map.of()));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
    private FakeAirflow airflow;
    private AirflowDag dag;
    private HttpServer live;
    private StackService service;

    @BeforeEach
    void start() throws IOException {
        airflow = FakeAirflow.start();
        airflow.runsAre("success");
        dag = new AirflowDag(airflow.url(), FakeAirflow.PASSWORD, DagCandidate.NAME);
        live = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        live.createContext("/runs", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                byte[] end = "{\"exit\": 0}\n".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set(HandedRun.SERVICE_HEADER, "live");
                exchange.sendResponseHeaders(200, end.length);
                exchange.getResponseBody().write(end);
            }
        });
        live.start();
        Path state = folder.resolve("process.json");
        Json.mapper()
                .writeValue(
                        state.toFile(),
                        new LiveProcess(
                                1, "live", "127.0.0.1", live.getAddress().getPort(), "secret", List.of()));
        service = new StackService(
                state,
                Files.writeString(folder.resolve("jobs.jar"), "jar"),
                Files.writeString(folder.resolve("manifest.json"), "{}"),
                folder.resolve("target.json"));
    }

    @AfterEach
    void stop() {
        live.stop(0);
        airflow.close();
    }

    private List<Comparison> comparisons() throws InterruptedException {
        return DagCandidate.comparisons(dag, service, LAKE, new PrintStream(progress, true, StandardCharsets.UTF_8));
    }

    @Test
    void onlyTasksOfTheBaselineHaveProcessesOfTheirOwn() throws Exception {
        Comparison comparison = comparisons().get(0);

        comparison.ours().run(1);
        comparison.baseline().run(1);

        assertThat(airflow.triggered()).extracting(run -> run.get("conf")).containsExactly(conf(false), conf(true));
        assertThat(comparison.target()).isEqualTo(2);
        assertThat(progress.size()).isZero();
    }

    private static JsonNode conf(boolean cold) throws IOException {
        return Json.mapper().readTree("{\"date\": \"2024-01-01\", \"full_refresh\": true, \"cold\": " + cold + "}");
    }

    @Test
    void isLeftOutWithOneLineThatNamesAllThatIsMissing() throws Exception {
        airflow.close();
        live.stop(0);

        assertThat(comparisons()).isEmpty();
        assertThat(progress.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("The case DAG insights is left out. It needs Airflow (./lake up --only airflow); and ")
                .contains("a live service that takes the runs of this stack (./lake live start clickstream): ");
    }

    @Test
    void aRunWhoseTasksTheServiceDidNotTakeDoesNotCount() throws Exception {
        Comparison comparison = comparisons().get(0);
        live.stop(0);

        assertThatThrownBy(() -> comparison.ours().checksum(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("were not handed over")
                .hasMessageContaining("./lake live start clickstream");
    }
}
